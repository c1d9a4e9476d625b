"""A command that was entered and has not come to its end, and the record it makes.

It grows by continuation lines and by the expansion of its history references; the tracker decides
when it ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from analyzer.commands.keys import Provenance
from analyzer.commands.outcome import judge
from analyzer.commands.prompts import Identity
from analyzer.commands.run import Run
from analyzer.records import Command, Outcome, Source
from analyzer.shell import SimpleCommand, parse

INTERRUPT = 2.0
"""Seconds within which a command that Ctrl-C ended is gone."""

_HISTORY = re.compile(r"(?<!\\)!(?:[!$*^#]|-?\d+|\?[^?]*\??|[A-Za-z./][\w./-]*)(?::[\w$^*/-]+)*")
_ONLY_PRINTED = re.compile(r"(?<!\\)![^\s:]+(?::[\w$^*/-]+)*?:p(?![\w])")
_QUICK = re.compile(r"\^([^^]+)\^([^^]*)\^?\Z")
_CONTINUED = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")
_QUOTES = re.compile(r"""['"]|<<""")
_QUOTED = re.compile(r"'[^']*'")


@dataclass(slots=True, kw_only=True)
class OpenRun:
    """What is known so far; ``alone`` is False where other commands ran from the same Enter."""

    id: str
    connection: int
    channel: int
    t: float
    text: str
    kind: Literal["command", "repl"]
    identity: Identity
    depth: int
    provenance: Provenance
    confidence: float
    alone: bool = True
    announced: bool = False
    interrupted: float | None = None
    opened: bool = False
    shell_of: str | None = None
    """Whose shell it opened; None where it opened none, empty where that is not shown."""
    simple: tuple[SimpleCommand, ...] = ()

    def __post_init__(self) -> None:
        self.read_again()

    def read_again(self) -> None:
        """Parse the text as it is now."""
        self.simple = parse(self.text) if self.kind == "command" else ()

    def add_line(self, line: str) -> None:
        """Join a continuation line."""
        # bash takes a backslash at the end and the newline behind it out of the line.
        joined = _CONTINUED.search(self.text) and not _QUOTES.search(self.text)
        self.text = self.text[:-1] + line if joined else self.text + "\n" + line
        self.read_again()

    @property
    def expects_expansion(self) -> bool:
        """Whether bash prints the line again, with its history references replaced."""
        if self.kind != "command":
            return False
        plain = _QUOTED.sub("''", self.text)
        return _HISTORY.search(plain) is not None or _QUICK.match(self.text) is not None

    @property
    def only_printed(self) -> bool:
        """Whether bash prints the line with its history references replaced, and runs nothing."""
        plain = _QUOTED.sub("''", self.text)
        return self.expects_expansion and _ONLY_PRINTED.search(plain) is not None

    def confirm(self, said: str) -> None:
        """Take the text that the shell says it runs, if it is what was seen but for blanks."""
        expected = "".join(self.text.split())
        if said.strip() and (self.expects_expansion or "".join(said.split()) == expected):
            self.text = said
            self.confidence = max(self.confidence, 0.99)
            self.read_again()

    def expand(self, shown: str) -> bool:
        """Take the line as bash printed it again; False where it is something else."""
        if quick := _QUICK.match(self.text):
            fits = quick.group(2) in shown
        else:
            parts = [re.escape(part) for part in _HISTORY.split(self.text)]
            fits = re.fullmatch(".*".join(parts), shown, re.DOTALL) is not None
        if fits:
            self.text = shown
            self.provenance.recalled = True
            self.read_again()
        return fits

    @property
    def source(self) -> Source:
        """Where the text came from."""
        return self.provenance.source

    def run(
        self,
        state: Literal["started", "finished", "cut"],
        t: float,
        lines: tuple[str, ...] = (),
        *,
        outcome: Outcome | None = None,
        exit_status: int | None = None,
    ) -> Run:
        """Return the record at moment ``t``."""
        ended = state == "finished"
        command = Command(
            id=self.id,
            kind=self.kind,
            connection=self.connection,
            channel=self.channel,
            t=self.t,
            duration=round(max(0.0, t - self.t), 6) if ended else None,
            user=self.identity.user,
            host=self.identity.host,
            cwd=self.identity.cwd,
            text=self.text,
            source=self.source,
            confidence=self.confidence,
            outcome=outcome or (self._outcome(lines, t, exit_status) if ended else "unknown"),
            exit_status=exit_status,
            depth=self.depth,
        )
        return Run(
            command=command,
            simple=self.simple,
            output=lines,
            state=state,
            t=t,
            opened=self.shell_of,
        )

    def _outcome(self, lines: tuple[str, ...], t: float, status: int | None) -> Outcome:
        stopped = self.interrupted is not None and t - self.interrupted <= INTERRUPT
        if stopped and status != 0:
            return "interrupted"
        if status is not None:
            return "failed" if status else "ok"
        if self.opened:
            return "ok"
        if self.kind == "repl":
            return "unknown"
        judged = judge(self.text, lines)
        return judged if self.alone or judged == "failed" else "unknown"
