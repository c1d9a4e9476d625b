from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.records import Evidence
from analyzer.signals.found import TEXT_MOST
from analyzer.terminal import Terminal
from tests.tui.seat.hour import evidence, screen_of
from tests.tui.seat.support import FIRST, SECOND, make_tag
from tui.seat.evidence import _CUT as CUT
from tui.seat.evidence import TagEvidence, find_evidence
from tui.seat.feed import Picture
from tui.seat.highlights import Mark

PROMPT = "candidate@web-1:~$ "


def marked(
    lines: list[str], kind: str, text: str, *, newest: bool = True, columns: int = 80
) -> list[str]:
    """Return what is marked on a screen, row by row."""
    frame = screen_of(lines, columns=columns)
    marks = find_evidence(frame, evidence(kind, 1.0, text), newest=newest)
    rows = ["".join(run.text for run in row).ljust(columns) for row in frame.rows]
    return [rows[mark.row][mark.start : mark.end] for mark in marks]


def test_a_command_is_marked_behind_its_prompt() -> None:
    lines = [f"{PROMPT}sudo nginx -t", "nginx: test is successful"]
    assert marked(lines, "command", "sudo nginx -t") == ["sudo nginx -t"]


@pytest.mark.parametrize(
    "line",
    [
        f"{PROMPT}sudo nginx -t",  # ran something else that ends alike
        f"{PROMPT}nginx -tt",
        f"{PROMPT}nginx -T",
        "nginx -t shows what is wrong",
        f"{PROMPT}echo nginx -t",
    ],
)
def test_a_command_that_only_resembles_is_not_marked(line: str) -> None:
    assert marked([line], "command", "nginx -t") == []


def test_a_printed_line_is_marked_only_as_a_whole() -> None:
    assert marked(["  active", "inactive", "active (running)"], "output", "active") == ["active"]
    assert marked(["inactive"], "output", "active") == []
    assert marked(["ACTIVE"], "output", "active") == []


def test_only_the_width_of_white_space_is_forgiven() -> None:
    assert marked(["LISTEN  0   128"], "output", "LISTEN 0 128") == ["LISTEN  0   128"]
    assert marked(["LISTEN0 128"], "output", "LISTEN 0 128") == []


def test_what_the_terminal_has_wrapped_is_marked_on_all_its_rows() -> None:
    terminal = Terminal(20, 5)
    terminal.feed(b"$ cat log\r\nthis line is longer than twenty cells\r\n$ ")
    frame = terminal.frame()
    text = "this line is longer than twenty cells"
    marks = find_evidence(frame, evidence("output", 1.0, text), newest=True)
    assert marks == [Mark(1, 0, 20), Mark(2, 0, 17)]


def test_a_command_of_several_lines_is_marked_on_all_of_them() -> None:
    lines = [f"{PROMPT}for n in 1 2; do", "> echo $n", "> done", "1", "2"]
    text = "for n in 1 2; do\necho $n\ndone"
    assert marked(lines, "command", text) == text.split("\n")
    assert marked([*lines[:1], "> echo $m", "> done"], "command", text) == []


def test_of_two_alike_the_newest_is_marked_as_long_as_that_is_known() -> None:
    frame = screen_of(["pong", "other", "pong"])
    piece = evidence("output", 1.0, "pong")
    assert find_evidence(frame, piece, newest=True) == [Mark(2, 0, 4)]
    assert find_evidence(frame, piece, newest=False) == []


def test_an_edit_marks_the_lines_that_it_put_in() -> None:
    text = "/etc/ssh/sshd_config +PasswordAuthentication no +UsePAM no -UsePAM yes"
    lines = ["  GNU nano 2.5.3", "PasswordAuthentication no", "UsePAM no", "UsePAM yes"]
    assert marked(lines, "edit", text) == ["PasswordAuthentication no", "UsePAM no"]
    assert marked(["#PasswordAuthentication no", "UsePAM"], "edit", text) == []


def test_the_analyzer_cuts_where_it_is_thought_to() -> None:
    assert CUT == TEXT_MOST


def test_evidence_that_was_cut_is_marked_as_far_as_it_was_kept() -> None:
    line = "x" * 79 + " " + "y" * 79 + " " + "z" * 300
    text = line[:TEXT_MOST]
    rows = [line[at : at + 80] for at in range(0, len(line), 80)]
    assert sum(map(len, marked(rows, "output", text))) == TEXT_MOST
    assert marked(["short"], "output", "sh") == []


@pytest.mark.parametrize("kind", ["login", "probe", "silence", "input"])
def test_what_no_screen_shows_is_not_looked_for(kind: str) -> None:
    assert marked(["refused for candidate"], kind, "refused for candidate") == []


@given(
    lines=st.lists(st.text(st.characters(codec="utf-8"), max_size=90), max_size=24),
    text=st.text(st.characters(codec="utf-8"), max_size=60),
    kind=st.sampled_from(["command", "output", "edit"]),
)
def test_any_screen_can_be_looked_at(lines: list[str], text: str, kind: str) -> None:
    terminal = Terminal(40, 24)
    terminal.feed("\r\n".join(lines).encode("utf-8", "replace"))
    frame = terminal.frame()
    for mark in find_evidence(frame, evidence(kind, 1.0, text), newest=True):
        assert 0 <= mark.row < frame.lines
        assert 0 <= mark.start <= mark.end <= frame.columns


def a_picture(t: float, lines: list[str]) -> Picture:
    return Picture(t=t, terminal=FIRST, frame=screen_of(lines))


PIECES = (
    evidence("command", 10.0, "sudo nginx -t"),
    evidence("output", 11.0, "nginx: test failed"),
    evidence("login", 12.0, "refused", None),
    evidence("output", 13.0, "elsewhere", SECOND),
)
LINES = [f"{PROMPT}sudo nginx -t", "nginx: test failed"]


def chosen(*pieces: Evidence) -> TagEvidence:
    found = TagEvidence()
    found.choose(make_tag("t", 11.0, evidence=pieces))
    return found


def test_pieces_are_gone_through_one_after_the_other_and_again() -> None:
    found = chosen(*PIECES[:2])
    assert [found.step() for _ in range(3)] == [PIECES[0], PIECES[1], PIECES[0]]
    assert chosen().step() is None
    assert TagEvidence().step() is None


def test_nothing_is_marked_before_its_moment() -> None:
    found = chosen(*PIECES)
    for t, count in ((9.9, 0), (10.0, 1), (11.0, 2), (40.0, 2)):
        picture = a_picture(t, LINES)
        assert picture.frame is not None
        assert len(found.marks(picture.frame, picture)) == count


def test_only_its_own_terminal_is_marked() -> None:
    picture = replace(a_picture(11.0, LINES), terminal=SECOND)
    assert picture.frame is not None
    assert chosen(*PIECES).marks(picture.frame, picture) == []


def test_it_says_which_piece_it_is_and_why_it_is_not_to_be_seen() -> None:
    found = chosen(*PIECES)
    assert found.words(None, []) == ""
    said = []
    for piece, lines in zip(PIECES, [LINES, [], LINES, LINES], strict=True):
        found.step()
        picture = a_picture(piece.t, lines)
        assert picture.frame is not None
        said.append(found.words(picture, found.marks(picture.frame, picture)))
    assert said == [
        "evidence 1 of 4: command 00:10",
        "evidence 2 of 4: output 00:11 · not to be found on the screen",
        "evidence 3 of 4: login 00:12 · nothing that a screen shows",
        "evidence 4 of 4: output 00:13 · on no terminal that is shown",
    ]
    assert found.words(a_picture(50.0, LINES), []) == ""


def test_a_tag_is_left_for_a_later_one_or_before_it_began() -> None:
    found = chosen(*PIECES)
    assert TagEvidence().is_behind(10.0, 11.0)
    for position, reached, left in (
        (11.0, 11.0, False),
        (8.0, None, False),  # where a jump to its first piece lands
        (10.0, 5.0, False),  # its evidence was there before it was established
        (40.0, 11.0, False),
        (7.0, 5.0, True),
        (40.0, 39.0, True),
    ):
        assert found.is_behind(position, reached) is left
