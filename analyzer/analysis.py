"""The analyzer's one pipeline: a session's events in, commands, file edits and tags out.

Live and later analysis, examples and tests all run this. Synchronous and pure; reading recordings
and storing conclusions are `analyzer.service` and `analyzer.follower`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from analyzer.commands.detector import Detector
from analyzer.commands.run import Run
from analyzer.edits.record import FileEdit
from analyzer.edits.watcher import EditWatcher
from analyzer.models.observed import Observed
from analyzer.models.troubles import Troubles
from analyzer.records import Command, Tag
from analyzer.rows_shown import RowsShown
from analyzer.signals.engine import Engine
from analyzer.signals.facts import Printed
from analyzer.signals.found import TEXT_MOST
from analyzer.signals.schema import Rules
from analyzer.terminal import Terminal
from recorder.errors import UsageError
from recorder.recording.events import AnyEvent, Input, Logged, Output
from recorder.recording.journal import SecretPatterns
from recorder.recording.redaction import Redaction

_FACTS = (Logged, Input)
"""Events that rules know, besides what is made of the others."""


@dataclass(slots=True)
class Found:
    """What became known: commands, tags and file edits, new or more complete, in order.

    File edits are what signals rest on; they are not stored.
    """

    commands: list[Command] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    edits: list[FileEdit] = field(default_factory=list)


@dataclass(slots=True)
class Collected:
    """All that was found so far, each command and tag once, as it was known last."""

    commands: dict[str, Command] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)

    def add(self, found: Found) -> None:
        """Take in what became known."""
        for command in found.commands:
            self.commands[command.id] = command
        for tag in found.tags:
            self.tags[tag.id] = tag

    def __len__(self) -> int:
        return len(self.commands) + len(self.tags)


class Pipeline:
    """Detector and engine of one session, wired together."""

    def __init__(
        self,
        rules: Rules,
        engine: Engine | None = None,
        troubles: Troubles | None = None,
    ) -> None:
        """Begin.

        Args:
            rules: What is looked for.
            engine: What holds facts against them, where that is not the usual one.
            troubles: The models that help the rules; without them, rules are alone.

        """
        self._detector = Detector()
        self._edits = EditWatcher(self._detector.pane_of)
        self._engine = engine or Engine(rules)
        self._rows = RowsShown()
        self._hide = Redaction()
        self._troubles = troubles or Troubles(rules, {})
        self.observed = Observed()

    def observe(self, event: AnyEvent | FileEdit) -> Found:
        """Take in one event; events come in the reader's order.

        A file's edit may be given too, where it did not happen in a terminal of the recording.
        """
        found = Found()
        self._look_back(event.t, found)
        if isinstance(event, FileEdit):
            self._written([event], found)
            return self._hidden(found)
        self.observed.event(event)
        if self._rows.waits:
            found.tags += self._engine.observe_rows(self._rows.before(event.t, event))
        found.tags += self._engine.advance(event.t)
        if self._edits.watches:
            self._written(self._edits.before(event, self._detector.terminal(event)), found)
        runs = self._detector.observe(event)
        terminal = self._detector.terminal(event)
        if isinstance(event, Output) and terminal is not None:
            self._rows.after(event, terminal)
        # What ends with a channel ended before the channel did.
        self._take(runs, found, event)
        if runs or self._edits.watches:
            self._written(self._edits.after(event, terminal, runs), found)
        if isinstance(event, _FACTS):
            if isinstance(event, Logged) and isinstance(event.entry, SecretPatterns):
                self._hide = _redaction(event.entry)
            found.tags += self._engine.observe(event)
        return self._hidden(found)

    def tick(self, t: float) -> Found:
        """Note that all events before ``t``, in seconds of the session, were observed."""
        found = Found()
        self._look_back(t, found)
        self._pass(t, found)
        return self._hidden(found)

    def hide(self, text: str) -> str:
        """Return a text as it may be shown: without secrets, the site's own included."""
        return self._hide(text)

    def terminal(self, event: AnyEvent) -> Terminal | None:
        """Return the emulator that has just taken in an event, only to be looked at.

        None for events of no terminal, and where a sequence that it begins is held back.
        """
        return self._detector.terminal(event)

    def finish(self) -> Found:
        """Cut what is open: the recording is complete."""
        found = Found()
        found.tags += self._engine.observe_rows(self._rows.finish())
        runs = self._detector.finish()
        self._take(runs, found)
        self._written(self._edits.finish(runs), found)
        found.tags += self._engine.finish()
        return self._hidden(found)

    def _pass(self, t: float, found: Found) -> None:
        """Let ring what was due before a moment."""
        found.tags += self._engine.observe_rows(self._rows.before(t))
        found.tags += self._engine.advance(t)

    def _look_back(self, t: float, found: Found) -> None:
        """Let the models look at each of their moments before ``t``, as it was then."""
        for moment in self._troubles.due(t, self.observed):
            self._pass(moment, found)
            self._note_tags(found)
            found.tags += self._engine.observe_tags(self._troubles.look(moment, self.observed))

    def _note_tags(self, found: Found) -> None:
        """Let the models see what the rules found."""
        self.observed.tagged(found.tags)
        found.tags += self._engine.observe_tags(self._troubles.ruled(found.tags))

    def _hidden(self, found: Found) -> Found:
        """Hide secrets in what is about to be stored and shown; the signals saw the real text."""
        if not (found.commands or found.tags or found.edits):
            return found
        self._note_tags(found)
        self.observed.edited(found.edits)
        hide = self._hide
        return Found(
            [replace(each, text=hide(each.text)) for each in found.commands],
            [
                replace(
                    tag,
                    evidence=tuple(
                        replace(each, text=hide(each.text)[:TEXT_MOST]) for each in tag.evidence
                    ),
                )
                for tag in found.tags
            ],
            [
                replace(
                    edit,
                    added=tuple(map(hide, edit.added)),
                    removed=tuple(map(hide, edit.removed)),
                    idle=tuple(map(hide, edit.idle)),
                    ends=tuple(map(hide, edit.ends)),
                )
                for edit in found.edits
            ],
        )

    def _written(self, edits: list[FileEdit], found: Found) -> None:
        for edit in edits:
            found.edits.append(edit)
            found.tags += self._engine.observe_edit(edit)

    def _take(self, runs: list[Run], found: Found, event: AnyEvent | None = None) -> None:
        for greeting in self._detector.take_greetings():
            found.tags += self._engine.observe_greeting(greeting)
        lines = self._detector.take_printed()
        if not (runs or lines):
            return
        found.commands += [run.command for run in runs]
        self.observed.runs(runs)
        # What a command printed in the moment of its start or its end belongs to it.
        for run in runs:
            if run.state == "started":
                found.tags += self._engine.observe_run(run)
        if event is not None and lines:
            stem = event.place.file.removesuffix(".cast").removesuffix(".jsonl")
            place = f"{stem}-{event.place.offset:012d}"
            printed = Printed(t=event.t, place=place, lines=lines)
            found.tags += self._engine.observe_printed(printed)
        for run in runs:
            if run.state != "started":
                found.tags += self._engine.observe_run(run)


def _redaction(entry: SecretPatterns) -> Redaction:
    """Return what hides secrets in a recording; patterns that are none are another program's."""
    try:
        return Redaction(entry.patterns)
    except UsageError:
        return Redaction()
