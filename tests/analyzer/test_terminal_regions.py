"""What the VT400 brought: margins at the sides, rectangles, protected text, character sets."""

from __future__ import annotations

import pytest

from analyzer.terminal import Terminal

ALPHABET = "\r\n".join("abcdefgh" for _ in range(4))
SIDES = "\x1b[?69h\x1b[3;6s"
"""Columns c to f are between the margins."""


def screen(data: str, columns: int = 8, lines: int = 4) -> Terminal:
    terminal = Terminal(columns, lines)
    terminal.feed(data.encode())
    assert terminal.faults == 0
    return terminal


def rows(data: str, columns: int = 8, lines: int = 4) -> list[str]:
    return [row.rstrip() for row in screen(data, columns, lines).display]


def test_text_wraps_at_the_right_margin_to_the_left_one() -> None:
    assert rows(SIDES + "\x1b[1;3Hwrapped") == ["  wrap", "  ped", "", ""]
    assert rows(SIDES + "\x1b[1;3Hfull\r|") == ["  |ull", "", "", ""]
    assert rows(SIDES + "\x1b[1;7Hoverthe") == ["      ov", "  erth", "  e", ""]
    assert rows(SIDES + "\x1b[1;3Hful\u6f22") == ["  ful", "  \u6f22", "", ""]


def test_a_line_between_side_margins_is_not_said_to_go_on() -> None:
    terminal = screen(SIDES + "\x1b[1;3Hwrapped")
    assert not any(terminal.wrapped(y) for y in range(4))


def test_a_pending_wrap_at_the_margin_is_given_up_by_a_motion() -> None:
    assert rows(SIDES + "\x1b[1;3Hfull\x1b[D\x1b[C!") == ["  ful!", "", "", ""]
    full = screen(SIDES + "\x1b[1;3Hfull")
    assert full.cursor.x == 5
    full.feed(b"\x1b7\x1b8!")
    assert full.display[0].rstrip() == "  ful!"


def test_lines_scroll_between_the_side_margins_only() -> None:
    assert rows(ALPHABET + SIDES + "\x1b[4;3H\n") == ["abcdefgh"] * 3 + ["ab    gh"]
    assert rows(ALPHABET + SIDES + "\x1b[4;1H\n") == ["abcdefgh"] * 4
    assert rows(ALPHABET + SIDES + "\x1b[1;3H\x1bM") == ["ab    gh"] + ["abcdefgh"] * 3
    assert rows(ALPHABET + SIDES + "\x1b[2;3H\x1b[9L") == ["abcdefgh"] + ["ab    gh"] * 3
    assert rows(ALPHABET + SIDES + "\x1b[2;3H\x1b[M") == ["abcdefgh"] * 3 + ["ab    gh"]
    assert rows(ALPHABET + SIDES + "\x1b[2;1H\x1b[M") == ["abcdefgh"] * 4
    assert screen(ALPHABET + SIDES + "\x1b[4;3H\n").scrolled == 0


def test_characters_move_up_to_the_right_margin() -> None:
    assert rows("abcdefgh" + SIDES + "\x1b[1;4H\x1b[@")[0] == "abc degh"
    assert rows("abcdefgh" + SIDES + "\x1b[1;4H\x1b[P")[0] == "abcef gh"
    assert rows("abcdefgh" + SIDES + "\x1b[1;1H\x1b[P")[0] == "abcdefgh"
    assert rows("abcdefgh" + SIDES + "\x1b[4h\x1b[1;4H!")[0] == "abc!degh"


def test_motions_stop_at_the_margins_from_inside() -> None:
    assert rows(SIDES + "\x1b[1;4H\x1b[9C>\x1b[2;5H\x1b[9D<") == ["     >", "  <", "", ""]
    assert rows(SIDES + "\x1b[1;7H\x1b[9C>\x1b[2;2H\x1b[9D<") == ["       >", "<", "", ""]
    assert rows(SIDES + "\x1b[1;3H\t>\x1b[?6h\x1b[H<") == ["  <  >", "", "", ""]


def test_side_margins_go_when_their_mode_does() -> None:
    assert rows(SIDES + "\x1b[?69l\x1b[1;3Hfullwidth") == ["  fullwi", "dth", "", ""]
    assert rows("ab\x1b[s\x1b[3;1H\x1b[uc") == ["abc", "", "", ""]


def test_columns_come_and_go() -> None:
    assert rows(ALPHABET + "\x1b[2;3r\x1b[2;4H\x1b['}") == [
        "abcdefgh",
        "abc defg",
        "abc defg",
        "abcdefgh",
    ]
    assert rows(ALPHABET + "\x1b[1;4H\x1b[2'~")[0] == "abcfgh"
    assert rows(ALPHABET + "\x1b[2 @")[3] == "cdefgh"
    assert rows(ALPHABET + "\x1b[2 A")[0] == "  abcdef"


def test_indexing_sideways_scrolls_at_the_margins() -> None:
    assert rows(ALPHABET + SIDES + "\x1b[1;3H\x1b6")[0] == "ab cdegh"
    assert rows(ALPHABET + SIDES + "\x1b[1;6H\x1b9")[0] == "abdef gh"
    assert rows("ab\x1b6\x1b6!\x1b9?")[0] == "!b?"


def test_rectangles_are_filled_erased_and_copied() -> None:
    assert rows(ALPHABET + "\x1b[35;2;3;3;4$x") == ["abcdefgh", *["ab##efgh"] * 2, "abcdefgh"]
    assert rows(ALPHABET + "\x1b[2;3;3;4$z") == ["abcdefgh", *["ab  efgh"] * 2, "abcdefgh"]
    assert rows(ALPHABET + "\x1b[1;1;2;2;1;3;7;1$v") == [
        "abcdefgh",
        "abcdefgh",
        "abcdefab",
        "abcdefab",
    ]
    assert rows(ALPHABET + "\x1b[3;3;1;1$z") == ["abcdefgh"] * 4
    assert rows(ALPHABET + "\x1b[7;1;1;9;9$x") == ["abcdefgh"] * 4


def test_a_wide_character_that_a_rectangle_cuts_becomes_blank() -> None:
    assert rows("\u6f22\u5b57x\x1b[1;2;1;3$z")[0] == "    x"
    assert rows("\u6f22\u5b57x\x1b[1;1;1;1;1;2;3;1$v")[0] == "  \u5b57x"
    assert rows("\u6f22\u5b57x\x1b[1;3;1;4;1;1;8;1$v")[0] == "\u6f22\u5b57x"


@pytest.mark.parametrize("erase", ["\x1b[?2K", "\x1b[?2J", "\x1b[1;1;4;8${"])
def test_selective_erasing_spares_what_is_protected(erase: str) -> None:
    assert rows('a\x1b[1"qb\x1b[0"qc' + erase)[0] == " b"


@pytest.mark.parametrize("erase", ["\x1b[2K", "\x1b[2J", "\x1b[1;1H\x1b[8X"])
def test_erasing_spares_guarded_text_only(erase: str) -> None:
    assert rows('a\x1b[1"qb\x1b[0"qc' + erase)[0] == ""
    assert rows("a\x1bVb\x1bWc" + erase)[0] == " b"


def test_the_further_character_sets_are_drawn() -> None:
    assert rows("\x1b*0\x1b+0\x1bNqq\x1bOxx")[0] == "─q│x"
    assert rows("\x1b*0\x1bnqq\x0fq")[0] == "──q"
    assert rows("\x1b(A#\x1b(B#")[0] == "£#"


def test_going_back_wraps_where_that_was_asked_for() -> None:
    assert rows("\x1b[?45h12345678ab\b\b\bX")[:2] == ["1234567X", "ab"]
    assert rows("1\r\n\x1b[?45h\bX")[:2] == ["1", "X"]
    assert rows("1\r\n\x1b[?1045h\bX")[:2] == ["1      X", ""]
    assert rows("12345678ab\b\b\bX")[:2] == ["12345678", "Xb"]


def test_back_tabs_leave_the_edge_where_text_does_not_wrap() -> None:
    assert rows("\x1b[?7l1234567890abc\x1b[ZX", columns=10)[0] == "12345678Xc"
