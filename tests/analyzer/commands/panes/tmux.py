"""What the tests of a real tmux share: starting it, its keys, and cases by their names."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.multiplexed import Seat, check, press

Sit = Callable[..., Seat]
Case = Callable[[Seat], None]


class Cases(dict[str, Case]):
    """Things that a person does in tmux, by what they are called."""

    def case(self, name: str) -> Callable[[Case], Case]:
        """Put a case into the table."""

        def add(function: Case) -> Case:
            self[name] = function
            return function

        return add

    def play(self, name: str, person: Seat) -> None:
        """Start tmux, do what a case says, and compare what was found with what bash ran."""
        begin(person)
        self[name](person)
        check(person)


def begin(seat: Seat, command: str = "tmux") -> None:
    """Start tmux and wait for its first prompt."""
    with seat.prompting():
        seat.type(command)
        seat.send("\r")
    seat.sees("web01:~$ ")


def key(seat: Seat, keys: str, *, shells: int = 0) -> None:
    """Press Ctrl-B and a key; wait for the prompts of shells that this starts."""
    press(seat, "\x02", keys, shells=shells)


def asked(seat: Seat, keys: str, question: str) -> None:
    """Press Ctrl-B and a key, and wait until tmux asks in its own row, wherever that is."""
    seat.send("\x02")
    seat.send(keys)
    seat.until(lambda: any(row.startswith(question) for row in seat.screen()))
    seat.quiet()
