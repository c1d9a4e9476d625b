from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style as RichStyle

from analyzer.cells import Frame, Run, Style
from analyzer.terminal import Terminal
from tui.seat.drawing import draw_frame, draw_row, harmless, keep_in_view, rich_style
from tui.seat.palette import BACKGROUND, FOREGROUND, SIXTEEN, Rgb, indexed

COLOURS = st.none() | st.integers(0, 255) | st.tuples(*[st.integers(0, 255)] * 3)
FLAGS = ("bold", "dim", "italic", "underline", "blink", "reverse", "conceal", "strike")
STYLES = st.builds(
    Style, foreground=COLOURS, background=COLOURS, **{name: st.booleans() for name in FLAGS}
)
ROWS = st.lists(st.builds(Run, st.text(max_size=20), STYLES), max_size=6).map(tuple)


def rgb(style: RichStyle, *, background: bool = False) -> Rgb:
    colour = style.bgcolor if background else style.color
    assert colour is not None
    assert colour.triplet is not None
    return colour.triplet.red, colour.triplet.green, colour.triplet.blue


def luminance(colour: Rgb) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [each / 255 for each in colour]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgb, other: Rgb) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("index", range(1, 16))
def test_every_colour_but_black_can_be_read_on_the_background(index: int) -> None:
    assert contrast(SIXTEEN[index], BACKGROUND) >= 4.5


@pytest.mark.parametrize(
    ("index", "colour"),
    [
        (16, (0, 0, 0)),
        (196, (255, 0, 0)),
        (231, (255, 255, 255)),
        (232, (8,) * 3),
        (255, (238,) * 3),
    ],
)
def test_the_cube_and_the_greys_are_those_of_xterm(index: int, colour: Rgb) -> None:
    assert indexed(index) == colour


def test_true_colours_arrive_unchanged_and_numbers_are_resolved() -> None:
    style = rich_style(Style(foreground=(1, 2, 3), background=4))
    assert rgb(style) == (1, 2, 3)
    assert rgb(style, background=True) == SIXTEEN[4]
    assert rgb(rich_style(Style())) == FOREGROUND


def test_attributes_are_kept() -> None:
    style = rich_style(Style(bold=True, italic=True, underline=True, strike=True, reverse=True))
    assert all((style.bold, style.italic, style.underline, style.strike, style.reverse))
    assert not rich_style(Style(blink=True)).blink


def test_dim_text_is_nearer_to_its_background_and_concealed_text_cannot_be_seen() -> None:
    dim = rgb(rich_style(Style(dim=True)))
    assert contrast(dim, BACKGROUND) < contrast(FOREGROUND, BACKGROUND)
    hidden = rich_style(Style(conceal=True, foreground=1))
    assert rgb(hidden) == rgb(hidden, background=True)


def test_the_cursor_is_a_block_on_one_cell_and_shows_in_reversed_text_too() -> None:
    plain = draw_row((Run("abc", Style()),), 10, cursor_x=1)
    assert [(part.text, part.style.reverse) for part in plain if part.style] == [
        ("a", False), ("b", True), ("c", False), (" " * 7, False),
    ]  # fmt: skip
    inverse = draw_row((Run("abc", Style(reverse=True)),), 3, cursor_x=1)
    assert [part.style.reverse for part in inverse if part.style] == [True, False, True]


def test_the_cursor_after_the_text_is_drawn_on_an_empty_cell() -> None:
    strip = draw_row((Run("$ ", Style()),), 10, cursor_x=5)
    reversed_cells = [part.text for part in strip if part.style and part.style.reverse]
    assert reversed_cells == [" "]


def test_the_cursor_covers_a_wide_character_whole() -> None:
    strip = draw_row((Run("a世b", Style()),), 8, cursor_x=2)
    assert [part.text for part in strip if part.style and part.style.reverse] == ["世"]


@given(text=st.text())
def test_nothing_that_could_act_on_a_terminal_is_left(text: str) -> None:
    left = harmless(text)
    assert not any(unicodedata.category(each) in {"Cc", "Cs"} for each in left)
    assert not any(0x202A <= ord(each) <= 0x202E for each in left)


@given(row=ROWS, columns=st.integers(1, 40), cursor=st.none() | st.integers(0, 60))
def test_a_row_is_as_wide_as_the_screen_whatever_is_in_it(
    row: tuple[Run, ...], columns: int, cursor: int | None
) -> None:
    strip = draw_row(row, columns, cursor)
    assert strip.cell_length == columns
    assert "\x1b" not in strip.text


def test_a_frame_has_as_many_rows_as_it_says_and_one_cursor() -> None:
    frame = Frame(
        columns=4,
        lines=3,
        rows=((Run("x", Style()),),),
        cursor_x=0,
        cursor_y=2,
        cursor_visible=True,
    )
    strips = draw_frame(frame)
    assert len(strips) == 3
    assert [any(p.style and p.style.reverse for p in strip) for strip in strips] == [0, 0, 1]


@given(
    offset=st.integers(0, 100), total=st.integers(1, 100), visible=st.integers(1, 100),
    data=st.data(),
)  # fmt: skip
def test_the_cursor_is_kept_in_view_without_needless_moves(
    offset: int, total: int, visible: int, data: st.DataObject
) -> None:
    cursor = data.draw(st.integers(0, total - 1))
    moved = keep_in_view(offset, cursor, visible, total)
    assert moved <= cursor < moved + visible
    assert 0 <= moved <= max(total - visible, 0)
    assert keep_in_view(moved, cursor, visible, total) == moved


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f469\u200d\U0001f4bb|", "\u2764\ufe0f|", "\U0001f1e9\U0001f1ea|",
        "\U0001f469\U0001f3fd|", "a\u202eb\u2066c|", "soft\u00adhyphen|",
        "a\u200b\u2060\U000e0041|", "\u0600|",
    ],
)  # fmt: skip
def test_a_row_is_as_wide_as_the_emulator_has_it(text: str) -> None:
    terminal = Terminal(20, 1)
    terminal.feed(text.encode())
    strip = draw_row(terminal.frame().rows[0], 20)
    drawn = "".join(segment.text for segment in strip)
    assert cell_len(drawn.partition("|")[0]) == terminal.cursor.x - 1
    assert not [each for each in drawn if unicodedata.category(each) == "Cf" and each != "\u0600"]
