"""When keys go to tmux itself or to a program, and not to a shell in a pane."""

from __future__ import annotations

import re

import pytest

from tests.analyzer.commands.panes.tmux import Cases, Sit, asked, begin, key
from tests.support.multiplexed import Seat, plain, press

CASES = Cases()
case = CASES.case


def _position(seat: Seat) -> str:
    """Return where copy mode says that it is, at the end of the first row; else nothing."""
    found = re.search(r"\[\d+/\d+\]\s*$", seat.screen()[0])
    return "" if found is None else found.group().strip()


def _scrolled(seat: Seat, keys: str) -> None:
    """Press a key, and wait until copy mode tells of another place, or no more of any."""
    before = _position(seat)
    seat.send(keys)
    seat.until(lambda: _position(seat) != before)
    seat.quiet()


@case("copy mode")
def _(seat: Seat) -> None:
    seat.run("seq 100")
    seat.type("echo half")
    key(seat, "[")
    seat.until(lambda: _position(seat) != "")
    for each in ("\x1b[A", "\x1b[A"):
        seat.send(each)
        seat.quiet()
    _scrolled(seat, "\x1b[5~")
    seat.send("\r")
    seat.quiet()
    key(seat, "[")
    _scrolled(seat, "\x1b[5~")
    _scrolled(seat, "q")
    assert _position(seat) == ""
    seat.type(" and half")
    seat.enter()


@case("tmux's own prompt")
def _(seat: Seat) -> None:
    seat.run("echo before")
    asked(seat, ":", ":")
    seat.type("split-window -h\r")
    seat.until(lambda: any("\u2502" in row for row in seat.screen()))
    seat.sees("\u2502candidate@web01")
    seat.run("echo new")
    asked(seat, ":", ":")
    seat.type("display-message hello\r")
    seat.until(lambda: seat.screen()[-1].startswith("hello"))
    seat.run("echo after")


@case("choosing from a tree")
def _(seat: Seat) -> None:
    seat.run("echo before")
    key(seat, "c", shells=1)
    seat.run("echo other")
    key(seat, "w")
    seat.sees("(0)")
    seat.send("\x1b[A")
    seat.quiet()
    seat.send("\r")
    seat.until(lambda: not any("(0)" in row for row in seat.screen()))
    seat.quiet()
    seat.run("echo chosen")


@case("pasted by tmux")
def _(seat: Seat) -> None:
    seat.run("tmux set-buffer 'echo from the buffer'")
    key(seat, "]")
    seat.sees("$ echo from the buffer")
    seat.enter()
    assert seat.commands()[-1].source == "pasted"


@case("detached and attached")
def _(seat: Seat) -> None:
    seat.run("echo inside")
    with seat.prompting():
        key(seat, "d")
    seat.run("echo outside")
    seat.type("tmux attach\r")
    seat.sees("[0] 0:")
    seat.run("echo inside again")


@case("an editor and a pager")
def _(seat: Seat) -> None:
    seat.run("seq 200 > numbers")
    seat.type("less numbers\r")
    seat.sees("numbers")
    for each in (" ", "\r", "\r", "/7\r"):
        seat.send(each)
        seat.quiet()
    before = seat.prompts()
    seat.send("q")
    seat.until(lambda: seat.prompts() > before)
    seat.quiet()
    seat.run("echo between")
    seat.type("vi -u NONE numbers\r")
    seat.sees('"numbers" 200')
    seat.send("ohello candidate@web01:~$ rm -rf /\recho nothing\r\x1b")
    seat.quiet()
    with seat.prompting():
        seat.send(":wq\r")
    seat.quiet()
    seat.run("echo afterwards")


@case("an interpreter")
def _(seat: Seat) -> None:
    seat.type("python3 -q\r")
    seat.sees(">>> ")
    seat.type("print(6 * 7)\r")
    seat.sees("42")
    with seat.prompting():
        seat.type("exit()\r")
    seat.quiet()
    assert any(run.command.kind == "repl" for run in seat.runs.values())
    seat.run("echo shell")


@pytest.mark.parametrize("name", list(CASES))
def test_what_was_run_beside_modes_and_programs_is_found(seat: Sit, name: str) -> None:
    CASES.play(name, seat())


def test_what_is_run_in_another_tmux_in_a_pane_is_found(seat: Sit) -> None:
    person = seat()
    begin(person)
    person.run("echo outer")
    begin(person, "TMUX= tmux")
    person.run("echo inner")
    person.run("seq 40")
    person.run("cat /no/file")
    # The outer one passes on what is pressed twice.
    with person.prompting():
        person.send("\x02")
        person.send("\x02")
        person.send("%")
    person.quiet()
    person.run("echo inner right")
    press(person, "\x02", "\x02d")
    person.sees("[detached")
    person.run("echo outer again")
    # bash tells of the inner tmux only when that is left.
    found = [text for text in person.texts() if "tmux" not in text]
    assert found == [plain(each.text) for each in person.ran() if "tmux" not in each.text]


def test_a_session_that_others_began_is_followed_from_where_it_was_attached(seat: Sit) -> None:
    person = seat()
    person.quiet()
    person.run("tmux new -d -s old; tmux send-keys -t old 'seq 30' Enter 'echo unseen' Enter")
    person.until(lambda: "unseen" in [each.text.split()[-1] for each in person.ran()])
    person.type("tmux attach")
    person.send("\r")
    person.sees("[old]")
    person.sees("unseen")
    person.run("echo now")
    person.run("cat /no/file")
    press(person, "\x02", "d")
    person.sees("[detached")
    person.run("echo outside")
    person.type("tmux attach")
    person.send("\r")
    person.until(lambda: any("[old]" in row for row in person.screen()[-1:]))
    person.quiet()
    person.run("echo again")
    inside = [(each.text, each.outcome) for each in person.commands() if each.depth > 0]
    assert inside == [("echo now", "ok"), ("cat /no/file", "failed"), ("echo again", "ok")]
