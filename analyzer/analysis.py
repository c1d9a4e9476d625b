"""The analyzer's one pipeline: a session's events in, commands and tags out.

Live and later analysis, examples and tests all run this. Synchronous and pure; reading recordings
and storing conclusions are `analyzer.service` and `analyzer.follower`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from analyzer.commands.detector import Detector
from analyzer.commands.run import Run
from analyzer.records import Command, Tag
from analyzer.signals.engine import Engine
from analyzer.signals.schema import Rules
from analyzer.terminal import Terminal
from recorder.errors import UsageError
from recorder.recording.events import AnyEvent, Logged
from recorder.recording.journal import SecretPatterns
from recorder.recording.redaction import Redaction


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
        self._hide = Redaction()

    def observe(self, event: AnyEvent) -> Found:
        """Take in one event; events come in the reader's order."""
        found = Found()
        runs = self._detector.observe(event)
        # What ends with a channel ended before the channel did.
        self._take(runs, found)
        if isinstance(event, Logged):
            if isinstance(event.entry, SecretPatterns):
                self._hide = _redaction(event.entry)
            found.tags += self._engine.observe(event)
        return self._hidden(found)

    def terminal(self, event: AnyEvent) -> Terminal | None:
        """Return the emulator that has just taken in an event, only to be looked at.

        None for events of no terminal, and where a sequence that it begins is held back.
        """
        return self._detector.terminal(event)

    def finish(self) -> Found:
        """Cut what is open: the recording is complete."""
        found = Found()
        self._take(self._detector.finish(), found)
        return self._hidden(found)

    def _hidden(self, found: Found) -> Found:
        """Hide secrets in what is about to be stored and shown; the signals saw the real text."""
        hide = self._hide
        return Found(
            [replace(each, text=hide(each.text)) for each in found.commands],
            [
                replace(
                    tag,
                    evidence=tuple(replace(each, text=hide(each.text)) for each in tag.evidence),
                )
                for tag in found.tags
            ],
        )

    def _take(self, runs: list[Run], found: Found) -> None:
        for greeting in self._detector.take_greetings():
            found.tags += self._engine.observe_greeting(greeting)
        for run in runs:
            found.commands.append(run.command)
            found.tags += self._engine.observe_run(run)


def _redaction(entry: SecretPatterns) -> Redaction:
    """Return what hides secrets in a recording; patterns that are none are another program's."""
    try:
        return Redaction(entry.patterns)
    except UsageError:
        return Redaction()
