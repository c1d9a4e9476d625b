"""What the detector hands on: commands and greetings, with what the rules need. Only values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analyzer.records import Command
from analyzer.shell import SimpleCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A command as it stands now; the same ``command.id`` comes again when more is known.

    Attributes:
        command: The record that is stored.
        simple: What bash makes of its text.
        output: Lines that it wrote to the terminal, cleaned of control sequences, cut where long.
        state: ``started`` until the prompt is back; ``cut`` if the terminal ended before.
        t: The moment of this state, in seconds since the session's start.
        opened: Whose shell it opened, empty where its prompt does not say; None if it opened none.

    """

    command: Command
    simple: tuple[SimpleCommand, ...]
    output: tuple[str, ...] = ()
    state: Literal["started", "finished", "cut"]
    t: float
    opened: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What a terminal showed before its first prompt, or before it closed without one.

    A login may ask for more than a password here, such as for a new one.

    Attributes:
        place: Connection and channel.
        t: The moment of the first prompt, in seconds since the session's start.
        lines: As `Run.output`.
        prompted: A prompt came; else the terminal closed without one.

    """

    place: tuple[int, int]
    t: float
    lines: tuple[str, ...]
    prompted: bool = True
