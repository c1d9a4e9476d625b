"""Commands typed in windows and regions of a real GNU screen, compared with what bash ran."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from tests.support.multiplexed import Seat, check, press

Sit = Callable[..., Seat]


@pytest.fixture
def person(seat: Sit) -> Seat:
    """Return somebody who has just started screen."""
    if shutil.which("screen") is None:
        pytest.skip("screen is not installed")
    sitting = seat()
    with sitting.prompting():
        sitting.type("screen\r")
    sitting.sees("web01:~$ ")
    return sitting


def key(person: Seat, keys: str, *, shells: int = 0) -> None:
    """Press Ctrl-A and a key; wait for the prompts of shells that this starts."""
    press(person, "\x01", keys, shells=shells)


def test_lines_that_are_edited_recalled_and_interrupted(person: Seat) -> None:
    person.run("echo one")
    person.run("seq 50")
    person.type("echo twwo\x7f\x7fo")
    person.enter()
    person.send("\x1b[A")
    person.sees("$ echo two")
    person.enter()
    person.type("never")
    person.quiet()
    person.interrupt()
    person.run("echo " + " ".join(f"word{n}" for n in range(40)))
    check(person)


def test_several_windows(person: Seat) -> None:
    person.run("echo zero")
    key(person, "c", shells=1)
    person.run("echo one")
    key(person, "p")
    person.run("echo zero again")
    key(person, "1")
    person.run("clear")
    person.run("echo one again")
    check(person)


def test_regions_above_and_beside_each_other(person: Seat) -> None:
    person.run("echo zero")
    key(person, "S")
    key(person, "\t")
    key(person, "c", shells=1)
    person.run("echo lower")
    key(person, "|")
    key(person, "\t")
    key(person, "c", shells=1)
    person.run("echo right")
    person.run("seq 30")
    key(person, "\t")
    person.run("echo upper")
    key(person, "\t")
    person.run("echo lower again")
    check(person)


def test_copy_mode_and_the_prompt_for_orders_are_no_commands(person: Seat) -> None:
    person.run("seq 60")
    key(person, "[")
    for each in ("k", "k", "\r", "k", "\r"):
        person.send(each)
        person.quiet()
    person.run("echo after")
    key(person, "[")
    person.send("\x1b[A")
    person.sees("Copy mode aborted")
    person.run("echo after it was left")
    person.send("\x01:")
    person.quiet()
    person.type("title something\r")
    person.quiet()
    person.run("echo last")
    check(person)


def test_an_editor_and_a_pager(person: Seat) -> None:
    person.run("seq 200 > numbers")
    person.type("less numbers\r")
    person.sees("numbers")
    for each in (" ", "\r"):
        person.send(each)
        person.quiet()
    before = person.prompts()
    person.send("q")
    person.until(lambda: person.prompts() > before)
    person.quiet()
    person.run("echo between")
    person.type("vi -u NONE numbers\r")
    person.sees('"numbers" 200')
    person.send("ohello candidate@web01:~$ rm -rf /\recho nothing\r\x1b")
    person.quiet()
    with person.prompting():
        person.send(":wq\r")
    person.quiet()
    person.run("echo afterwards")
    check(person)


def test_detached_and_attached(person: Seat) -> None:
    person.run("echo inside")
    with person.prompting():
        key(person, "d")
    person.run("echo outside")
    person.type("screen -r\r")
    person.sees("$ echo inside")
    person.run("echo inside again")
    check(person)
