"""Tells of the commands of one terminal: at Enter, when more is known, and at their end.

A command is told of at once unless bash will say more about its text: a history reference that it
is about to print expanded, a line that goes on. Which line was entered is the tracker's to find.
"""

from __future__ import annotations

from analyzer.commands.finder import ShownPrompt
from analyzer.commands.keys import Ending
from analyzer.commands.open_run import OpenRun
from analyzer.commands.output import OutputText
from analyzer.commands.run import Run
from analyzer.commands.stack import Stack
from analyzer.shell import incomplete, statements

_PASTED_TOGETHER = 0.85
"""Confidence at most in where each of the statements of one paste begins and ends."""


class Teller:
    """Starts commands and collects what is to be told until it is taken."""

    def __init__(self, connection: int, channel: int, stack: Stack, text: OutputText) -> None:
        self._connection = connection
        self._channel = channel
        self._stack = stack
        self._text = text
        self._out: list[Run] = []

    def take(self) -> list[Run]:
        """Return what was not taken yet."""
        taken, self._out = self._out, []
        return taken

    def tell(self, runs: list[Run]) -> None:
        """Add what the shells said of commands."""
        self._out += runs

    def start(self, text: str, ending: Ending, prompt: ShownPrompt, t: float) -> None:
        """Begin the command, or the pasted commands, that were entered at ``t``."""
        top = self._stack.top
        kind = top.kind if top else "command"
        texts = statements(text) if kind == "command" and ending.provenance.pasted else [text]
        alone = len(texts) == 1
        for index, each in enumerate(texts):
            run = OpenRun(
                id=_id(ending, index),
                connection=self._connection,
                channel=self._channel,
                t=t,
                text=each if alone else each.strip("\n"),
                kind=kind,
                identity=self._stack.identity,
                depth=self._stack.depth,
                provenance=ending.provenance,
                confidence=prompt.confidence if alone else min(prompt.confidence, _PASTED_TOGETHER),
                alone=alone,
            )
            self._stack.start(run)
            self._consider(run, t)

    def extend(self, line: str, t: float) -> None:
        """Join a continuation line to the command that waits for it."""
        run = self._stack.runs[-1]
        run.add_line(line)
        self._consider(run, t)

    def announce_all(self, t: float) -> None:
        """Tell of all that runs as it is."""
        for run in self._stack.runs:
            self._announce(run, t)

    @property
    def awaits_expansion(self) -> bool:
        """Whether bash is still printing the line that it made of history references."""
        if self._text.first is not None:
            return False
        return any(run.expects_expansion and not run.announced for run in self._stack.runs)

    def confirm(self, said: str) -> None:
        """Take the text that the shell says it runs, of a line that was entered alone."""
        if len(self._stack.runs) == 1:
            self._stack.runs[0].confirm(said)

    def expand(self) -> None:
        """Take the line that bash prints again, as it runs it, with its history references."""
        shown = self._text.first
        for run in self._stack.runs:
            if shown is None or run.announced or not run.expects_expansion:
                continue
            if "event not found" in shown or run.only_printed:
                self._stack.runs.remove(run)
            elif run.expand(shown):
                self._text.drop_first()
            return

    def _consider(self, run: OpenRun, t: float) -> None:
        if not run.expects_expansion and not incomplete(run.text):
            self._announce(run, t)

    def _announce(self, run: OpenRun, t: float) -> None:
        if not run.announced:
            run.announced = True
            self._out.append(run.run("started", t))


def _id(ending: Ending, index: int) -> str:
    """Return an id that the place of the key in the recording decides."""
    stem = ending.place.file.removesuffix(".cast")
    suffix = f".{ending.ordinal:03d}" if ending.ordinal else ""
    part = f"-{index:03d}" if index else ""
    return f"{stem}-{ending.place.offset:012d}{suffix}{part}"
