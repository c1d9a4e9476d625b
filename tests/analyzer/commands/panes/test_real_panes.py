"""Lines typed in one pane of a real tmux, compared with what bash says that it ran."""

from __future__ import annotations

import pytest

from tests.analyzer.commands.panes.tmux import Cases, Sit
from tests.support.at_work import is_running
from tests.support.multiplexed import Seat, check

CASES = Cases()
case = CASES.case


@case("one pane, typed lines")
def _(seat: Seat) -> None:
    seat.run("echo one")
    seat.run("false")
    seat.run("ls /")


@case("backspace and cursor keys")
def _(seat: Seat) -> None:
    seat.type("ecco")
    seat.type("\x7f\x7f")
    seat.type("ho two")
    seat.send("\x01")
    seat.type("true; ")
    seat.send("\x05")
    seat.type(" three")
    seat.enter()


@case("recalled from history")
def _(seat: Seat) -> None:
    seat.run("echo first")
    seat.run("echo second")
    seat.send("\x1b[A")
    seat.send("\x1b[A")
    seat.sees("$ echo first")
    seat.enter()


@case("found by reverse search")
def _(seat: Seat) -> None:
    seat.run("echo needle in hay")
    seat.run("true")
    seat.send("\x12")
    seat.sees("i-search")
    seat.type("need")
    seat.sees("needle in hay")
    seat.enter()
    seat.run("true")


@case("completed, with a listing")
def _(seat: Seat) -> None:
    seat.run("touch alpha-one alpha-two")
    seat.type("ls al")
    seat.send("\t")
    seat.sees("ls alpha-")
    seat.send("\t")
    seat.send("\t")
    seat.sees("alpha-one  alpha-two")
    seat.type("o\t")
    seat.sees("ls alpha-one")
    seat.enter()
    seat.run("true")


@case("interrupted typing and running")
def _(seat: Seat) -> None:
    seat.type("echo never")
    seat.quiet()
    seat.interrupt()
    seat.run("echo after")
    seat.type("sleep 60")
    seat.send("\r")
    # Until then what the shell has started is a copy of it, which may take the key for its own.
    seat.until(lambda: is_running(seat.directory, "sleep", "60"))
    seat.quiet()
    seat.interrupt()


@case("empty lines")
def _(seat: Seat) -> None:
    for _ in range(30):
        seat.enter()
    seat.run("echo at last")


@case("clear and Ctrl-L")
def _(seat: Seat) -> None:
    seat.run("echo one")
    seat.run("clear")
    seat.run("echo two")
    seat.send("\x0c")
    seat.quiet()
    seat.run("echo three")
    seat.run("clear")
    seat.run("clear")
    seat.type("echo fo")
    seat.send("\x0c")
    seat.quiet()
    seat.type("ur")
    seat.enter()


@case("a line that wraps")
def _(seat: Seat) -> None:
    seat.run("echo " + " ".join(f"word{n}" for n in range(40)))
    seat.run("echo after")


@case("lines that end at the edge")
def _(seat: Seat) -> None:
    for length in (78, 79, 80, 81, 82):
        room = length - len("candidate@web01:~$ echo ")
        seat.run("echo " + "x" * room)


@case("a wrapped line at the bottom, edited at its start")
def _(seat: Seat) -> None:
    seat.run("seq 40")
    seat.type("echo " + "abc " * 40)
    seat.send("\x01")
    seat.quiet()
    seat.type("X=1 Y=2 ")
    seat.enter()
    seat.run("true")


@case("continued lines")
def _(seat: Seat) -> None:
    seat.type("for i in 1 2; do")
    seat.send("\r")
    seat.sees("\n> ".strip())
    seat.type("echo $i")
    seat.send("\r")
    seat.quiet()
    seat.type("done")
    seat.enter()
    seat.run("echo 'one line'")


@case("a heredoc")
def _(seat: Seat) -> None:
    seat.type("cat > file <<EOF")
    seat.send("\r")
    seat.quiet()
    for line in ("first", "", "  second"):
        seat.type(line)
        seat.send("\r")
        seat.quiet()
    seat.type("EOF")
    seat.enter()
    seat.run("cat file")


@case("pasted, one line")
def _(seat: Seat) -> None:
    seat.send("\x1b[200~echo pasted from somewhere\x1b[201~")
    seat.quiet()
    seat.enter()
    assert seat.commands()[-1].source == "pasted"


@case("pasted, several lines at once")
def _(seat: Seat) -> None:
    seat.send("\x1b[200~cat > file <<'EOF'\rone\r\rtwo\rEOF\x1b[201~")
    seat.quiet()
    seat.enter()
    seat.run("cat file")


@case("pasted, more than the pane holds")
def _(seat: Seat) -> None:
    lines = "\r".join(f"line {n}" for n in range(60))
    seat.send(f"\x1b[200~cat > file <<'EOF'\r{lines}\rEOF\x1b[201~")
    seat.quiet()
    seat.enter()
    seat.run("wc -l file")


@case("type-ahead")
def _(seat: Seat) -> None:
    before = seat.prompts()
    seat.type("sleep 0.5\r")
    seat.type("echo ahead\r")
    seat.until(lambda: seat.prompts() >= before + 2)
    seat.quiet()
    seat.run("echo after")


@case("history expansion")
def _(seat: Seat) -> None:
    seat.run("echo one two")
    seat.run("!!")
    seat.run("echo !$")


@pytest.mark.parametrize("name", list(CASES))
def test_what_was_run_in_a_pane_is_found(seat: Sit, name: str) -> None:
    CASES.play(name, seat())


def test_a_prompt_of_another_kind_is_learned(seat: Sit) -> None:
    person = seat(rc="PS1='\\n[\\w]\\n-> '", prompt="-> ")
    with person.prompting():
        person.type("tmux\r")
    person.sees("-> ")
    person.run("echo one")
    person.run("cd /")
    person.run("echo two")
    check(person)
