"""The analyzer's one pipeline: a session's events in, commands and tags out.

Live and later analysis, examples and tests all run this. Synchronous and pure; reading recordings
and storing conclusions are `analyzer.service` and `analyzer.follower`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from analyzer.commands.detector import Detector
from analyzer.commands.run import Run
from analyzer.records import Command, Tag
from analyzer.signals.engine import Engine
from analyzer.signals.schema import Rules
from recorder.recording.events import AnyEvent, Logged


@dataclass(slots=True)
class Found:
    """What became known: commands and tags, new or more complete than before, in order."""

    commands: list[Command] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)


@dataclass(slots=True)
class Collected:
    """All that was found so far, each command and tag once, as it was known last."""

    commands: dict[str, Command] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)

    def add(self, found: Found) -> None:
        """Take in what became known."""
        self.commands.update((command.id, command) for command in found.commands)
        self.tags.update((tag.id, tag) for tag in found.tags)

    def __len__(self) -> int:
        return len(self.commands) + len(self.tags)


class Pipeline:
    """Detector and engine of one session, wired together."""

    def __init__(self, rules: Rules) -> None:
        self._detector = Detector()
        self._engine = Engine(rules)

    def observe(self, event: AnyEvent) -> Found:
        """Take in one event; events come in the reader's order."""
        found = Found()
        runs = self._detector.observe(event)
        # What ends with a channel ended before the channel did.
        self._take(runs, found)
        if isinstance(event, Logged):
            found.tags += self._engine.observe(event)
        return found

    def finish(self) -> Found:
        """Cut what is open: the recording is complete."""
        found = Found()
        self._take(self._detector.finish(), found)
        return found

    def _take(self, runs: list[Run], found: Found) -> None:
        for greeting in self._detector.take_greetings():
            found.tags += self._engine.observe_greeting(greeting)
        for run in runs:
            found.commands.append(run.command)
            found.tags += self._engine.observe_run(run)
