"""What the detector hands on: a command with what the rules need beside it. Only a value."""

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

    """

    command: Command
    simple: tuple[SimpleCommand, ...]
    output: tuple[str, ...] = ()
    state: Literal["started", "finished", "cut"]
    t: float
