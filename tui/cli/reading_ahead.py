"""The child that reads ahead for `jumpseat replay` and `watch`: when it begins, what it is asked.

It begins before even the command line is imported, as what it has to import takes longest of all;
which session is wanted it is told when that is known. Cheap to import: all else waits for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from tui.cli.terminal import is_terminal
from tui.seat.ahead import Ahead
from tui.seat.read_ahead import ReadAhead

if TYPE_CHECKING:
    from pathlib import Path

    from tui.cli.settings import Settings

VERBS = ("replay", "watch")

_early: list[Ahead] = []
"""The child that began with this process, until somebody asks it."""


class Wanted(NamedTuple):
    """What a child is asked for.

    Attributes:
        settings: What the program runs with.
        environment: What that put into the environment, for whoever reads it there.
        session: What the person typed; None for the youngest session that is live.
        at_end: The replay begins at the session's end.

    """

    settings: Settings
    environment: dict[str, str]
    session: str | None
    at_end: bool


@contextmanager
def early_child(args: Sequence[str]) -> Iterator[None]:
    """Have a child import what it will need while the program starts, if its words may ask one.

    The block is the whole program; the child ends with what it is asked for, or unasked.
    """
    if args and args[0] in VERBS and is_terminal():
        child = Ahead.begin(_parts, prepare=_prepare)
        _early[:] = [] if child is None else [child]
    try:
        yield
    finally:
        without_reading_ahead()


def without_reading_ahead() -> None:
    """Let the child go that began early: nothing that it could read is wanted."""
    while _early:
        _early.pop().close()


@contextmanager
def reading_ahead(
    settings: Settings, session: str | None, *, at_end: bool = False
) -> Iterator[ReadAhead | None]:
    """Have a child read the session's beginning and lists while Textual is imported here.

    Args:
        settings: What the program runs with.
        session: What the person typed; None for the youngest session that is live.
        at_end: The replay begins at the session's end.

    """
    child = _early.pop() if _early else Ahead.begin(_parts)
    if child is None:
        yield None
        return
    own = {name: value for name, value in os.environ.items() if name.startswith("JUMPSEAT_")}
    child.ask(Wanted(settings, own, session, at_end))
    ahead = ReadAhead(child)
    try:
        yield ahead
    finally:
        ahead.close()


def _prepare() -> None:
    """Import what the beginning needs, in the child: by then it is known which is wanted."""
    for name in ("recorder.store.directories", "tui.cli.settings", "tui.seat.recording_feed"):
        import_module(name)


def _parts(asked: object) -> Iterator[object]:
    """Yield what is read, in the child: the beginning, then the lists."""
    from tui.seat.read_ahead import read_beginning, read_lists  # noqa: PLC0415 - the child's

    if not isinstance(asked, Wanted):
        raise TypeError(asked)
    os.environ.update(asked.environment)
    directory = _find(asked)
    yield read_beginning(directory, at_end=asked.at_end)
    from tui.cli.store import store_in_order  # noqa: PLC0415 - what takes long

    yield read_lists(directory, store_in_order(asked.settings))


def _find(asked: Wanted) -> Path:
    from recorder.store.directories import find_session, youngest_live  # noqa: PLC0415

    home = asked.settings.home
    return find_session(home, asked.session) if asked.session else youngest_live(home)
