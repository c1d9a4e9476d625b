"""A person who does things in tmux in random order, compared with what bash ran.

The seed is told when it fails; JUMPSEAT_PANES_SEED runs that one again, JUMPSEAT_PANES_STEPS
says how long.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest

from tests.analyzer.commands.panes.tmux import begin
from tests.support.multiplexed import Seat, check, press

Sit = Callable[..., Seat]

_PREFIX = "\x02"
_COMMANDS = (
    "echo {n}",
    "ls -la /etc | head -{n}",
    "seq {n}",
    "false",
    "cd /tmp",
    "cd",
    "pwd",
    "nosuchcommand{n}",
    "printf 'no newline {n}'",
    "echo 'a  b' \"c {n}\"",
    "echo " + "long-{n} " * 14,
    "cat /etc/passwd | sort | tail -{n}",
    "clear",
    "for i in 1 2 3; do echo $i {n}; done",
    "true && echo yes-{n} || echo no",
)


class Person:
    """Somebody with a plan of their own, which the seed decides."""

    def __init__(self, seat: Seat, seed: int) -> None:
        self.seat = seat
        self.random = random.Random(seed)
        self.panes = [1]
        self.window = 0
        self.steps: list[str] = []

    def act(self) -> None:
        """Do one thing."""
        acts: list[tuple[int, Callable[[], None]]] = [
            (10, self.command),
            (3, self.corrected),
            (2, self.recalled),
            (2, self.interrupted),
            (1, self.seat.enter),
            (2, self.pasted),
            (2, self.other_pane),
            (1, self.split),
            (1, self.other_window),
            (1, self.new_window),
            (1, self.zoom),
            (1, self.copy),
            (1, self.cleared),
            (1, self.pager),
        ]
        chosen = self.random.choices([act for _, act in acts], [weight for weight, _ in acts])[0]
        self.steps.append(chosen.__name__)
        chosen()

    def text(self) -> str:
        return self.random.choice(_COMMANDS).replace("{n}", str(self.random.randrange(1, 60)))

    def command(self) -> None:
        text = self.text()
        self.steps.append(text)
        self.seat.run(text)

    def corrected(self) -> None:
        self.seat.type("ecchoo")
        self.seat.type("\x7f" * 4 + f"ho {self.random.randrange(100)}")
        if self.random.random() < 0.5:
            self.seat.send("\x01")
            self.seat.type("X=1 ")
        self.seat.enter()

    def recalled(self) -> None:
        self.command()
        self.seat.send("\x1b[A")
        self.seat.quiet()
        if self.random.random() < 0.5:
            self.seat.type(" # again")
        self.seat.enter()

    def interrupted(self) -> None:
        self.seat.type("never " + self.text()[:20])
        self.seat.quiet()
        self.seat.interrupt()

    def pasted(self) -> None:
        self.seat.send(f"\x1b[200~echo pasted {self.random.randrange(100)}\x1b[201~")
        self.seat.quiet()
        self.seat.enter()

    def cleared(self) -> None:
        self.seat.send("\x0c")
        self.seat.quiet()
        self.command()

    def pager(self) -> None:
        self.seat.type("less /etc/passwd\r")
        self.seat.sees("/etc/passwd")
        for keys in (" ", "\r", "G"):
            self.seat.send(keys)
            self.seat.quiet()
        with self.seat.prompting():
            self.seat.send("q")
        self.seat.quiet()

    def copy(self) -> None:
        self.press("[")
        for keys in ("\x1b[A", "\x1b[5~", "\x1b[A"):
            self.seat.send(keys)
            self.seat.quiet()
        self.seat.send("q")
        self.seat.quiet()

    def split(self) -> None:
        if self.panes[self.window] < 3:
            self.panes[self.window] += 1
            self.press(self.random.choice('%"'), shells=1)

    def other_pane(self) -> None:
        self.press("o")

    def zoom(self) -> None:
        if self.panes[self.window] > 1:
            self.press("z")
            self.command()
            self.press("z")

    def new_window(self) -> None:
        if len(self.panes) < 4:
            self.panes.append(1)
            self.window = len(self.panes) - 1
            self.press("c", shells=1)

    def other_window(self) -> None:
        self.window = self.random.randrange(len(self.panes))
        self.press(str(self.window))

    def press(self, keys: str, *, shells: int = 0) -> None:
        self.steps.append(keys)
        press(self.seat, _PREFIX, keys, shells=shells)


def seeds() -> list[int]:
    if given := os.environ.get("JUMPSEAT_PANES_SEED"):
        return [int(each) for each in given.split(",")]
    return [7]


@pytest.mark.parametrize("seed", seeds(), ids=lambda _: "seed")
def test_whatever_is_done_in_tmux_what_was_run_is_found(seat: Sit, seed: int) -> None:
    sitting = seat((120, 40))
    begin(sitting)
    person = Person(sitting, seed)
    for _ in range(int(os.environ.get("JUMPSEAT_PANES_STEPS", "25"))):
        person.act()
    check(sitting, f"JUMPSEAT_PANES_SEED={seed}: " + " | ".join(person.steps))
