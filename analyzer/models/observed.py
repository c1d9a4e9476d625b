"""What models see of a session: commands, edits and tags as they stand, and who typed when.

Filled by the pipeline event by event, at a cost that does not grow with the session; read in
slices of time. Features belong to those who use them, screens and raw bytes to nobody here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from analyzer.asked import NOTHING, Asked, asked_by
from analyzer.commands.run import Run
from analyzer.edits.record import FileEdit
from analyzer.records import Command, Tag
from analyzer.shell import SimpleCommand
from recorder.recording.events import AnyEvent, Input, Logged, Output
from recorder.recording.journal import ExerciseChosen

BUCKET = 10.0
"""Seconds that keys and output are counted over."""

LINES = 12
"""Lines kept of what a command printed: half from its start, half from its end."""

MOST = 20_000
"""Commands, edits and tags that are kept of each; a session that has more is no interview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A command as far as it is known: its record, its argv, the first and last it printed.

    ``opened`` says that it opened a shell, and so is not what runs while others are typed.
    """

    command: Command
    simple: tuple[SimpleCommand, ...]
    said: tuple[str, ...]
    opened: bool


@dataclass(slots=True)
class Traffic:
    """What happened on all terminals in one bucket."""

    keys: int = 0
    output: int = 0


@dataclass(slots=True)
class Observed:
    """What is known of a session up to ``now``, in seconds since its start."""

    now: float = 0.0
    ran: dict[str, Ran] = field(default_factory=dict)
    edits: dict[str, FileEdit] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    traffic: dict[int, Traffic] = field(default_factory=dict)
    asked: Asked = NOTHING

    def event(self, event: AnyEvent) -> None:
        """Take in an event's time, its size where it is a terminal's, or the exercise."""
        self.now = max(self.now, event.t)
        if isinstance(event, Logged) and isinstance(event.entry, ExerciseChosen):
            self.asked = asked_by(event.entry)
        if isinstance(event, Output | Input):
            bucket = int(event.t / BUCKET)
            traffic = self.traffic.get(bucket)
            if traffic is None:
                traffic = self.traffic[bucket] = Traffic()
            if isinstance(event, Input):
                traffic.keys += len(event.data)
            else:
                traffic.output += len(event.data)

    def runs(self, runs: Iterable[Run]) -> None:
        """Take in commands, each as it stands now."""
        for run in runs:
            if len(self.ran) < MOST or run.command.id in self.ran:
                self.ran[run.command.id] = Ran(
                    command=run.command,
                    simple=run.simple,
                    said=_ends(run.output),
                    opened=run.opened is not None,
                )

    def edited(self, edits: Iterable[FileEdit]) -> None:
        """Take in writes of files, each as it stands now."""
        for edit in edits:
            if len(self.edits) < MOST or edit.id in self.edits:
                self.edits[edit.id] = edit

    def tagged(self, tags: Iterable[Tag]) -> None:
        """Take in tags, each as it stands now."""
        for tag in tags:
            if len(self.tags) < MOST or tag.id in self.tags:
                self.tags[tag.id] = tag

    def typed(self, start: float, until: float) -> int:
        """Return the bytes that were typed in the buckets that begin in a stretch."""
        return sum(each.keys for each in self._between(start, until))

    def printed(self, start: float, until: float) -> int:
        """Return the bytes that terminals showed in the buckets that begin in a stretch."""
        return sum(each.output for each in self._between(start, until))

    def _between(self, start: float, until: float) -> Iterator[Traffic]:
        first, last = int(start / BUCKET), int(until / BUCKET)
        for bucket in range(first, last):
            if (found := self.traffic.get(bucket)) is not None:
                yield found


def slice_of(times: list[float], start: float, until: float) -> slice:
    """Return where the times from ``start`` to before ``until`` stand in a sorted list."""
    return slice(bisect_left(times, start), bisect_left(times, until))


def _ends(lines: tuple[str, ...]) -> tuple[str, ...]:
    half = LINES // 2
    return lines if len(lines) <= LINES else (*lines[:half], *lines[-half:])
