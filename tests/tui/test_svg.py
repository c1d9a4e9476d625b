"""A screen as a picture: nothing is fetched, nothing of a candidate's is markup, cells stay put."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from analyzer.cells import Frame, Run, Style
from analyzer.terminal import Terminal
from tui.export.svg import draw_svg

SVG = "{http://www.w3.org/2000/svg}"
CELL = 20 * 0.602 * 21 / 20


def picture(frame: Frame, title: str = "t", description: str = "d") -> ElementTree.Element:
    # Our own output, which has no entities.
    return ElementTree.fromstring(draw_svg(frame, title, description))  # noqa: S314


def screen(output: bytes, columns: int = 40, lines: int = 6) -> Frame:
    terminal = Terminal(columns, lines)
    terminal.feed(output)
    return terminal.frame()


def cells(root: ElementTree.Element) -> list[tuple[float, float, float, str]]:
    """Return column, row position, width in cells and text of what is drawn."""
    return [
        (
            float(each.get("x", 0)) / CELL, float(each.get("y", 0)),
            float(each.get("textLength", 0)) / CELL, (each.text or "").replace("\xa0", " "),
        )
        for each in root.iter(f"{SVG}text")
        if each.get("textLength")
    ]  # fmt: skip


def test_wide_characters_and_what_follows_stand_in_their_cells() -> None:
    drawn = cells(picture(screen("ab\u6f22e\u0301\u2502\U0001f600|\x1b[?25l".encode(), 9, 2)))
    found = [(round(x, 2), round(width, 2), text) for x, _, width, text in drawn]
    assert found == [
        (0, 2, "ab"), (2, 2, "\u6f22"), (4, 1, "e\u0301"), (5, 1, "\u2502"), (6, 2, "\U0001f600"),
        (8, 1, "|"),
    ]  # fmt: skip


def test_nothing_is_fetched_and_nothing_runs() -> None:
    svg = draw_svg(screen(b"https://example.org/ url(x) <script>alert(1)</script>"), "t", "d")
    assert re.findall(r"(?:href|src|@import|@font-face|<script)", svg) == []
    assert re.findall(r"url\((?!#)", svg.replace("url(x)", "")) == []
    assert re.findall(r'\w+://[^\s"<&]+', svg) == [
        "http://www.w3.org/2000/svg",
        "https://example.org/",
    ]


def test_a_title_is_text_whatever_is_in_it() -> None:
    words = "<b>&amp;</title> {0} {unique_id} %(fonts)s \x1b]0;x\x07 \u202e"
    root = picture(screen(b"x"), words, words)
    shown = "<b>&amp;</title> {0} {unique_id} %(fonts)s \u241b]0;x\u2407 \\u202e"
    assert root.findtext(f"{SVG}title") == shown
    assert root.findtext(f"{SVG}desc") == shown
    [title] = [each for each in root.iter(f"{SVG}text") if each.get("class") == "screen-title"]
    assert (title.text or "").replace("\xa0", " ") == shown


def test_the_direction_of_writing_is_held() -> None:
    svg = draw_svg(screen("\u05e9\u05dc abc \u202edef".encode()), "t", "d")
    assert "unicode-bidi: bidi-override" in svg
    assert "\u202e" not in svg


@given(
    st.lists(
        st.lists(st.builds(Run, st.text(max_size=9), st.just(Style())), max_size=3), max_size=4
    ),
    st.text(max_size=20),
)
def test_any_cells_make_a_document(rows: list[list[Run]], words: str) -> None:
    frame = Frame(
        columns=12, lines=4, rows=tuple(map(tuple, rows)), cursor_x=3, cursor_y=2,
        cursor_visible=True,
    )  # fmt: skip
    for x, _, width, _ in cells(picture(frame, words, words)):
        assert x >= 0
        assert x + width <= 12.001


@given(st.binary(max_size=200))
def test_any_output_makes_a_document(output: bytes) -> None:
    assert picture(screen(output)).tag == f"{SVG}svg"
