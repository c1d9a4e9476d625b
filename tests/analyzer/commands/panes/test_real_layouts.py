"""Several panes and windows of a real tmux, and what bash ran in each."""

from __future__ import annotations

import pytest

from tests.analyzer.commands.panes.tmux import Cases, Sit, asked, key
from tests.support.multiplexed import Seat

CASES = Cases()
case = CASES.case

STYLES = {
    "as it comes": "",
    "status at the top": "set -g status-position top",
    "no status": "set -g status off",
    "plain colours": "set -g status-style bg=default",
    "borders with titles": "set -g pane-border-status top",
    "two status lines": "set -g status 2",
}


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
    asked(seat, ",", "(rename-window)")
    seat.send("\x15")
    seat.type("web server\r")
    seat.until(lambda: not any("(rename-window)" in row for row in seat.screen()))
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
    with seat.prompting():
        seat.send("\r")
    seat.run("echo once more", ran=1)
    seat.until(lambda: any("tick 80" in row for row in seat.screen()))
    seat.quiet()
    key(seat, "o")
    seat.run("echo there")


@pytest.mark.parametrize("name", list(CASES))
def test_what_was_run_in_several_panes_is_found(seat: Sit, name: str) -> None:
    CASES.play(name, seat())


@pytest.mark.parametrize("style", list(STYLES)[1:])
@pytest.mark.parametrize("name", ["side by side", "several windows, renamed", "zoomed and back"])
def test_other_status_lines_make_no_difference(seat: Sit, name: str, style: str) -> None:
    person = seat()
    with (person.directory / ".tmux.conf").open("a") as file:
        file.write(STYLES[style] + "\n")
    CASES.play(name, person)
