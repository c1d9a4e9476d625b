"""What stock pyte 0.8.2 gets wrong, and what the command extraction relies on."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from analyzer.cells import Style
from analyzer.terminal import Line, Terminal

CASES = Path(__file__).resolve().parents[3] / "shared" / "vt-cases"

FLOORS = {
    "cases_alacritty.jsonl": 38,
    "cases_libvterm.jsonl": 233,
    "cases_pytecap.jsonl": 7,
    "cases_wezterm.jsonl": 73,
    "cases_xtermjs.jsonl": 56,
}
"""Of 38, 233, 7, 73 and 58 cases of tier A; docs/terminal.md says what is left out and why."""


def screen(data: bytes | str, columns: int = 10, lines: int = 4) -> Terminal:
    terminal = Terminal(columns, lines)
    terminal.feed(data.encode() if isinstance(data, str) else data)
    assert terminal.faults == 0
    return terminal


def rows(data: bytes | str, columns: int = 10, lines: int = 4) -> list[str]:
    return [row.rstrip() for row in screen(data, columns, lines).display]


def passes(case: dict[str, Any]) -> bool:
    terminal = Terminal(case["cols"], case["rows"])
    terminal.feed(b64decode(case["data_b64"]))
    shown = [row.rstrip() for row in terminal.display]
    expected = [None if row is None else row.rstrip() for row in case["expected"]]
    right = all(want in {None, got} for want, got in zip(expected, shown, strict=True))
    place = [terminal.cursor.y, terminal.cursor.x]
    return right and case["cursor"] in (None, place) and terminal.faults == 0


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_cases_of_other_emulators_pass(name: str) -> None:
    path = CASES / name
    if not path.exists():
        pytest.skip(f"../shared/vt-cases/{name} is not present")
    cases = [json.loads(line) for line in path.read_text().splitlines()]
    judged = [case for case in cases if case["tier"] == "A"]
    failed = [case["name"] for case in judged if not passes(case)]
    print(f"{name}: {len(judged) - len(failed)} of {len(judged)}; failed: {failed}")  # noqa: T201
    assert len(judged) - len(failed) >= FLOORS[name]


SILENT = (
    "CSI ?4m|CSI ?1;2m|CSI >4;2m|CSI ?6n|CSI ?996n|CSI ?1049r|CSI 5K|CSI 22J|CSI <u|CSI =1;1u|"
    "CSI 4:3m|CSI 58;5;3m|CSI 38:2::1:2:3m|ESC Pq#1;2 ST|ESC _payload ST|ESC ^x ST|ESC Xx ST|"
    "ESC kname ST|ESC ]BEL|ESC ]11;?ST|ESC ]52;c;AAAA BEL|ESC ]0;abc CAN|ESC ]7;file:x ST|"
    "ESC *B|ESC +B|ESC -A|ESC .A|ESC %G|CSI 6n|CSI c|CSI >c|CSI 14t|CSI SP q|CSI 2SP q|CSI ?2026h|"
    "CSI ?1006;1000h|CSI 1$r|ESC =|ESC >|CSI 1ESC [m"
)


def spelled(words: str) -> str:
    names = {"CSI": "\x1b[", "ESC": "\x1b", "ST": "\x1b\\", "BEL": "\x07", "CAN": "\x18", "SP": " "}
    text = words.replace(" ", "")
    for name, value in names.items():
        text = text.replace(name, value)
    return text


@pytest.mark.parametrize("sequence", SILENT.split("|"))
def test_what_is_not_for_the_screen_leaves_no_trace(sequence: str) -> None:
    terminal = screen("ab" + spelled(sequence) + "cd")
    assert terminal.display == ["abcd".ljust(10), *[" " * 10] * 3]
    assert not terminal.frame().rows[0][0].style.underline
    assert terminal.at_ground


def test_too_many_parameters_are_no_error() -> None:
    assert rows("ab\r\ncd\x1b[1;2Ax\x1b[1;1;1Hy\x1b[1;2;3r") == ["ybx", "cd", "", ""]


@pytest.mark.parametrize(
    "invisible",
    ["\ufe0f", "\u200d", "\u200b", "\ufeff", "\x01", "\x00", "\x7f", "\u0e33", "\u0902"],
)
def test_what_has_no_width_loses_nothing_behind_it(invisible: str) -> None:
    text = screen("ab" + invisible + "cd").display[0]
    assert text.startswith("ab")
    assert "cd" in text


def test_combining_characters_share_the_cell_before_them() -> None:
    terminal = screen("e\u0301x\u0301")
    assert terminal.display[0].startswith("e\u0301x\u0301 ")
    assert terminal.cursor.x == 2


def test_controls_inside_a_sequence_act_at_once() -> None:
    assert rows("abc\x1b[\r2Cd\x1b[1\n;1HX") == ["Xbd", "", "", ""]


def test_a_cancelled_sequence_ends_there() -> None:
    assert rows("a\x1b[3\x18b\x1b]0;x\x1ac\x1b[\x1b[Dd") == ["abd", "", "", ""]


def test_a_full_screen_program_leaves_the_screen_as_it_was() -> None:
    for number in (47, 1047, 1049):
        terminal = screen(f"shell$ vi\r\n\x1b[?{number}h")
        assert terminal.alternate
        terminal.feed(b"\x1b[2J\x1b[Hfull screen")
        assert terminal.display[0].rstrip() == "full scree"
        terminal.feed(f"\x1b[?{number}l".encode())
        assert not terminal.alternate
        assert terminal.display[0].rstrip() == "shell$ vi"
    assert terminal.cursor.y == 1


def test_lines_scroll_both_ways_inside_the_margins() -> None:
    assert rows("1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[S") == ["1", "3", "", "4"]
    assert rows("1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[T") == ["1", "", "2", "4"]
    assert rows("1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[4;1Hx\ny") == ["1", "2", "3", "xy"]


def test_the_last_character_is_repeated() -> None:
    assert rows("-\x1b[4b|") == ["-----|", "", "", ""]


def test_line_drawing_characters_are_drawn() -> None:
    assert rows("\x1b(0lqk\x1b(Bq\x1b)0\x0ex\x0fx") == ["┌─┐q│x", "", "", ""]


def test_erasing_the_history_keeps_the_screen() -> None:
    assert rows("keep\x1b[3J") == ["keep", "", "", ""]


def test_erasing_after_a_full_line_keeps_its_last_character() -> None:
    assert rows("0123456789\x1b[K\r\nx") == ["0123456789", "x", "", ""]


def test_half_a_wide_character_becomes_a_blank() -> None:
    assert rows("漢字\x1b[2GX") == [" X字", "", "", ""]
    assert rows("漢字\x1b[1GX") == ["X 字", "", "", ""]
    assert rows("12345678漢字")[:2] == ["12345678漢", "字"]
    assert rows("123456789漢")[:2] == ["123456789", "漢"]
    assert rows("漢", columns=1)[0] == "\N{REPLACEMENT CHARACTER}"


def test_erased_cells_take_the_background() -> None:
    (run,) = screen("\x1b[44m\x1b[2K").frame().rows[0]
    assert run.style == Style(background=4)
    assert run.text == " " * 10


@pytest.mark.parametrize(
    ("parameters", "style"),
    [
        ("1;31", Style(bold=True, foreground=1)),
        ("97;104", Style(foreground=15, background=12)),
        ("38;5;208", Style(foreground=208)),
        ("48;2;1;2;3", Style(background=(1, 2, 3))),
        ("38:2::255:0:128", Style(foreground=(255, 0, 128))),
        ("38:2:255:0:128", Style(foreground=(255, 0, 128))),
        ("38:5:17;1", Style(foreground=17, bold=True)),
        ("58;2;1;2;3;4", Style(underline=True)),
        ("58:5:1;7", Style(reverse=True)),
        ("4:0;2;3;5;8;9", Style(dim=True, italic=True, blink=True, conceal=True, strike=True)),
        ("1;2;22;4;24;31;39;41;49", Style()),
        ("38;5;999;38;2;1;2", Style()),
        ("38", Style()),
        ("31;;1", Style(bold=True)),
    ],
)
def test_styles_are_true(parameters: str, style: Style) -> None:
    (run, *_) = screen(f"\x1b[{parameters}mx").frame().rows[0]
    assert run.text[0] == "x"
    assert run.style == style


def test_reverse_video_swaps_the_whole_screen() -> None:
    (run,) = screen("\x1b[?5h").frame().rows[0]
    assert run.style.reverse


def test_title_cursor_and_paste_mode_are_told() -> None:
    terminal = screen("\x1b]2;a title\x1b\\\x1b[?25l\x1b[?2004h")
    assert terminal.title == "a title"
    assert not terminal.cursor_visible
    assert terminal.bracketed_paste
    terminal.feed(b"\x1b[?25h\x1b[?2004l")
    assert terminal.cursor_visible
    assert not terminal.bracketed_paste
    assert terminal.frame().title == "a title"


def test_a_line_that_wrapped_by_itself_says_so() -> None:
    terminal = screen("0123456789abc\r\nshort\r\n")
    assert [terminal.wrapped(y) for y in range(4)] == [True, False, False, False]
    terminal.feed(b"\x1b[2;1H\x1b[K")
    assert not terminal.wrapped(0)
    assert not screen("0123456789\r\nabc").wrapped(0)


def test_lines_keep_their_number_when_they_scroll_off() -> None:
    terminal = screen("".join(f"line {n}\r\n" for n in range(20)))
    assert terminal.scrolled == 17
    assert terminal.row(0).rstrip() == "line 17"
    assert terminal.history_line(3) == Line("line 3".ljust(10), wrapped=False)
    assert terminal.history_line(17) is None
    assert terminal.history_line(-1) is None
    terminal.feed(b"\x1b[?1049h" + b"x\r\n" * 50 + b"\x1b[?1049l")
    assert terminal.scrolled == 17
    terminal.feed(b"0123456789wrapped\r\n" + b"\r\n" * 4)
    first = terminal.history_line(20)
    assert first == Line("0123456789", wrapped=True)


def test_history_is_bounded() -> None:
    terminal = screen("".join(f"{n}\r\n" for n in range(3000)), lines=3)
    assert terminal.scrolled == 2998
    assert terminal.history_line(1997) is None
    oldest = terminal.history_line(1998)
    assert oldest is not None
    assert oldest.text.rstrip() == "1998"


def test_a_scroll_region_as_apt_uses_it_keeps_its_status_line() -> None:
    terminal = screen("\x1b7\x1b[0;3r\x1b8\x1b[1A\x1b[4;1Hprogress\x1b[1;1H" + "l\r\n" * 9)
    assert terminal.display[3].rstrip() == "progress"
    assert terminal.scrolled == 7


def test_resizing_keeps_the_cursor_and_its_line() -> None:
    terminal = screen("1\r\n2\r\n3\r\n$ command")
    terminal.resize(20, 2)
    assert [row.rstrip() for row in terminal.display] == ["3", "$ command"]
    assert (terminal.cursor.x, terminal.cursor.y) == (9, 1)
    assert terminal.scrolled == 2
    terminal.resize(20, 5)
    terminal.feed(b" more\r\nout")
    assert [row.rstrip() for row in terminal.display] == ["3", "$ command more", "out", "", ""]
    top = screen("$ ls")
    top.resize(10, 2)
    assert top.display[0].rstrip() == "$ ls"
    assert top.scrolled == 0


def test_resizing_under_a_full_screen_program_keeps_the_shell_behind_it() -> None:
    terminal = screen("1\r\n2\r\n3\r\n$ vi\x1b[?1049hfull")
    terminal.resize(12, 2)
    terminal.feed(b"\x1b[2J\x1b[?1049l")
    assert [row.rstrip() for row in terminal.display] == ["3", "$ vi"]
    assert (terminal.cursor.x, terminal.cursor.y) == (4, 1)


def test_a_function_that_raises_loses_nothing_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: int) -> None:
        raise RuntimeError("a defect")

    terminal = Terminal(10, 2)
    monkeypatch.setitem(terminal._stream._csi, "X", broken)
    monkeypatch.setitem(terminal._stream._basic, "\b", broken)
    terminal.feed(b"ab\x1b[Xcd\x1b[1\bXef")
    assert terminal.display[0].rstrip() == "abcdef"
    assert terminal.faults == 3
