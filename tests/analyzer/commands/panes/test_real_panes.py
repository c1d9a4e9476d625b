"""Commands typed in panes of a real tmux, compared with what bash says that it ran."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.multiplexed import Seat, check, plain, press

Sit = Callable[..., Seat]
Case = Callable[[Seat], None]

CASES: dict[str, Case] = {}


def case(name: str) -> Callable[[Case], Case]:
    """Put a case into the table."""

    def add(function: Case) -> Case:
        CASES[name] = function
        return function

    return add


def begin(seat: Seat, command: str = "tmux") -> None:
    """Start tmux and wait for its first prompt."""
    before = seat.prompts()
    seat.type(command)
    seat.send("\r")
    seat.until(lambda: seat.prompts() > before)
    seat.sees("web01:~$ ")


def key(seat: Seat, keys: str, *, shells: int = 0) -> None:
    """Press Ctrl-B and a key; wait for the prompts of shells that this starts."""
    press(seat, "\x02", keys, shells=shells)


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
    before = seat.prompts()
    seat.send("\x03")
    seat.until(lambda: seat.prompts() > before)
    seat.run("echo after")
    seat.type("sleep 60")
    seat.send("\r")
    seat.quiet()
    before = seat.prompts()
    seat.send("\x03")
    seat.until(lambda: seat.prompts() > before)
    seat.quiet()


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


@case("side by side")
def _(seat: Seat) -> None:
    seat.run("echo left")
    key(seat, "%", shells=1)
    seat.run("echo right")
    seat.run("seq 60")
    key(seat, "o")
    seat.run("echo left again")
    key(seat, "\x1b[C")
    seat.run("echo right again")


@case("one above the other")
def _(seat: Seat) -> None:
    seat.run("seq 30")
    key(seat, '"', shells=1)
    seat.run("echo lower")
    seat.run("seq 30")
    key(seat, "\x1b[A")
    seat.run("echo upper")
    key(seat, "\x1b[B")
    seat.run("echo lower again")


@case("four panes")
def _(seat: Seat) -> None:
    key(seat, "%", shells=1)
    key(seat, '"', shells=1)
    key(seat, "o")
    key(seat, '"', shells=1)
    for number in range(8):
        seat.run(f"echo pane {number}")
        key(seat, "o")


@case("zoomed and back")
def _(seat: Seat) -> None:
    seat.run("echo before")
    key(seat, "%", shells=1)
    seat.run("echo narrow pane with a line that has to wrap somewhere")
    key(seat, "z")
    seat.run("echo zoomed")
    key(seat, "z")
    seat.run("echo narrow again")
    key(seat, "o")
    seat.run("echo other")


@case("several windows, renamed")
def _(seat: Seat) -> None:
    seat.run("echo zero")
    key(seat, "c", shells=1)
    seat.run("echo one")
    seat.send("\x02,")
    seat.quiet()
    seat.send("\x15")
    seat.type("web server\r")
    seat.quiet()
    key(seat, "p")
    seat.run("echo zero again")
    key(seat, "1")
    seat.run("echo one again")
    key(seat, "c", shells=1)
    seat.run("clear")
    key(seat, "l")
    seat.run("echo one at last")


@case("a pane that closes")
def _(seat: Seat) -> None:
    seat.run("echo first")
    key(seat, "%", shells=1)
    seat.run("echo second")
    seat.type("exit\r")
    seat.until(lambda: not any("\u2502" in row for row in seat.screen()))
    seat.quiet()
    seat.run("echo alone")


@case("copy mode")
def _(seat: Seat) -> None:
    seat.run("seq 100")
    seat.type("echo half")
    key(seat, "[")
    for each in ("\x1b[A", "\x1b[A", "\x1b[5~", "\r"):
        seat.send(each)
        seat.quiet()
    key(seat, "[")
    seat.send("\x1b[5~")
    seat.send("q")
    seat.quiet()
    seat.type(" and half")
    seat.enter()


@case("tmux's own prompt")
def _(seat: Seat) -> None:
    seat.run("echo before")
    seat.send("\x02:")
    seat.quiet()
    seat.type("split-window -h\r")
    seat.until(lambda: any("\u2502" in row for row in seat.screen()))
    seat.sees("\u2502candidate@web01")
    seat.run("echo new")
    seat.send("\x02:")
    seat.quiet()
    seat.type("display-message hello\r")
    seat.quiet()
    seat.run("echo after")


@case("choosing from a tree")
def _(seat: Seat) -> None:
    seat.run("echo before")
    key(seat, "c", shells=1)
    seat.run("echo other")
    key(seat, "w")
    seat.send("\x1b[A")
    seat.quiet()
    seat.send("\r")
    seat.quiet()
    seat.run("echo chosen")


@case("pasted by tmux")
def _(seat: Seat) -> None:
    seat.run("tmux set-buffer 'echo from the buffer'")
    key(seat, "]")
    seat.enter()
    assert seat.commands()[-1].source == "pasted"


@case("detached and attached")
def _(seat: Seat) -> None:
    seat.run("echo inside")
    before = seat.prompts()
    key(seat, "d")
    seat.until(lambda: seat.prompts() > before)
    seat.run("echo outside")
    seat.type("tmux attach\r")
    seat.sees("[0] 0:")
    seat.run("echo inside again")


@case("resized")
def _(seat: Seat) -> None:
    seat.run("echo before")
    key(seat, "%", shells=1)
    seat.run("echo right")
    seat.resize(120, 40)
    seat.run("echo wide")
    seat.type("echo in the middle")
    seat.resize(70, 20)
    seat.type(" of it")
    seat.enter()
    key(seat, "o")
    seat.run("echo left")
    key(seat, "\x1b[1;5D")
    seat.run("echo after moving the border")


@case("output in another pane while typing")
def _(seat: Seat) -> None:
    key(seat, "%", shells=1)
    seat.type("for i in $(seq 80); do echo tick $i; sleep 0.03; done\r")
    seat.quiet()
    key(seat, "o")
    seat.type("echo typed ")
    seat.type("meanwhile")
    before = seat.prompts()
    seat.send("\r")
    seat.until(lambda: seat.prompts() > before)
    seat.run("echo once more", ran=1)
    seat.until(lambda: any("tick 80" in row for row in seat.screen()))
    seat.quiet()
    key(seat, "o")
    seat.run("echo there")


@case("an editor and a pager")
def _(seat: Seat) -> None:
    seat.run("seq 200 > numbers")
    seat.type("less numbers\r")
    seat.sees("numbers")
    for each in (" ", "\r", "\r", "/7\r", "q"):
        seat.send(each)
        seat.quiet()
    seat.run("echo between")
    seat.type("vi -u NONE numbers\r")
    seat.quiet()
    seat.send("ohello candidate@web01:~$ rm -rf /\recho nothing\r\x1b")
    seat.quiet()
    before = seat.prompts()
    seat.send(":wq\r")
    seat.until(lambda: seat.prompts() > before)
    seat.quiet()
    seat.run("echo afterwards")


@case("an interpreter")
def _(seat: Seat) -> None:
    seat.type("python3 -q\r")
    seat.sees(">>> ")
    seat.type("print(6 * 7)\r")
    seat.sees("42")
    before = seat.prompts()
    seat.type("exit()\r")
    seat.until(lambda: seat.prompts() > before)
    seat.quiet()
    assert any(run.command.kind == "repl" for run in seat.runs.values())
    seat.run("echo shell")


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


STYLES = {
    "as it comes": "",
    "status at the top": "set -g status-position top",
    "no status": "set -g status off",
    "plain colours": "set -g status-style bg=default",
    "borders with titles": "set -g pane-border-status top",
    "two status lines": "set -g status 2",
}


@pytest.mark.parametrize("name", list(CASES))
def test_what_was_run_in_tmux_is_found(seat: Sit, name: str) -> None:
    person = seat()
    begin(person)
    CASES[name](person)
    check(person)


def test_what_is_run_in_another_tmux_in_a_pane_is_found(seat: Sit) -> None:
    person = seat()
    begin(person)
    person.run("echo outer")
    begin(person, "TMUX= tmux")
    person.run("echo inner")
    person.run("seq 40")
    person.run("cat /no/file")
    # The outer one passes on what is pressed twice.
    before = person.prompts()
    person.send("\x02")
    person.send("\x02")
    person.send("%")
    person.until(lambda: person.prompts() > before)
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


@pytest.mark.parametrize("style", list(STYLES)[1:])
@pytest.mark.parametrize("name", ["side by side", "several windows, renamed", "zoomed and back"])
def test_other_status_lines_make_no_difference(seat: Sit, name: str, style: str) -> None:
    person = seat()
    with (person.directory / ".tmux.conf").open("a") as file:
        file.write(STYLES[style] + "\n")
    begin(person)
    CASES[name](person)
    check(person)


def test_a_prompt_of_another_kind_is_learned(seat: Sit) -> None:
    person = seat(rc="PS1='\\n[\\w]\\n-> '", prompt="-> ")
    before = person.prompts()
    person.type("tmux\r")
    person.until(lambda: person.prompts() > before)
    person.sees("-> ")
    person.run("echo one")
    person.run("cd /")
    person.run("echo two")
    check(person)
