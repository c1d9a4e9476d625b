"""Copies of a recording's terminals: which terminal, which lines, and what is said of each.

What a format looks like is in `analyzer.casts`, `tui.export.text` and `tui.export.svg`; options and
files are the command line's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self, assert_never

from analyzer.casts import NOTE, copy_cast, to_v2, to_v3
from analyzer.playback import Playback, TerminalInfo
from analyzer.recorded import Advance, Recorded, RecordedTerminal, read_recorded
from analyzer.transcript import Seen, Transcript
from recorder.errors import RecordingError, UsageError
from recorder.recording.events import Output, Problem, Resized
from tui.cli.output import moment
from tui.export.text import text_lines

Kind = Literal["cast", "cast2", "txt", "svg"]

_ROUNDED = 1.0
"""Seconds by which a moment may exceed a session's length, which is shown without fractions."""

_SUFFIXES: dict[Kind, str] = {"cast": ".cast", "cast2": ".v2.cast", "txt": ".txt", "svg": ".svg"}


@dataclass(slots=True, kw_only=True)
class Copies:
    """What can be copied of one recording.

    Attributes:
        problems: What could not be read; grows as copies are made.

    """

    directory: Path
    kind: Kind
    at: float | None = None
    times: bool = False
    problems: list[Problem] = field(default_factory=list)
    recorded: Recorded = field(init=False)
    _playback: Playback | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Read what terminals there are.

        Raises:
            SessionNotFoundError: There is no recording.
            RecordingError: It has no terminal.

        """
        self.recorded = read_recorded(self.directory)
        self.problems += self.recorded.problems
        if not self.recorded.terminals:
            raise RecordingError(
                f"session {self.directory.name} has no terminal to copy",
                "`jumpseat session show` tells what it has",
            )

    @property
    def terminals(self) -> list[RecordedTerminal]:
        """Return the terminals, in the order in which they were opened."""
        return self.recorded.terminals

    def file_name(self, terminal: RecordedTerminal) -> str:
        """Return the name that a copy gets where none is given."""
        return f"{self.directory.name}-{terminal.name}{_SUFFIXES[self.kind]}"

    def one(self, name: str | None) -> RecordedTerminal:
        """Return the terminal of a name, or the one that is meant without one.

        Raises:
            UsageError: There is none of that name, or there are several.

        """
        if name is not None:
            for terminal in self.terminals:
                if terminal.name == name.strip().lower():
                    return terminal
            raise UsageError(f"there is no terminal {name}", f"there is {self._names()}")
        if len(self.terminals) == 1:
            return self.terminals[0]
        if self.kind == "svg":
            return self._active()
        raise UsageError(
            f"session {self.directory.name} has {len(self.terminals)} terminals",
            f"choose with --terminal {self._names(' or ')}, or take all with --output DIR/",
        )

    def lines(self, terminal: RecordedTerminal, advance: Advance) -> Iterator[bytes]:
        """Yield a copy; ``advance`` is told how many bytes of the terminal's file were read.

        Raises:
            RecordingError: The terminal cannot be read.

        """
        match self.kind:
            case "cast" | "cast2":
                title = f"Jumpseat {self.directory.name} {terminal.name} (copy)"
                copied = copy_cast(terminal.lines(advance), title)
                yield from (
                    to_v3(copied, self._note(terminal)) if self.kind == "cast" else to_v2(copied)
                )
            case "txt":
                seen = self._seen(terminal, advance)
                yield from text_lines(seen, self._heading(terminal), times=self.times)
            case "svg":
                yield self._picture(terminal)
            case _:
                assert_never(self.kind)

    def _seen(self, terminal: RecordedTerminal, advance: Advance) -> Iterator[Seen]:
        pty = terminal.opened.pty
        transcript = Transcript(*((80, 24) if pty is None else (pty.columns, pty.lines)))
        t = terminal.opened.t
        for event in terminal.events(self.problems, advance):
            t = event.t
            match event:
                case Output():
                    yield from transcript.output(t, event.data)
                case Resized():
                    yield from transcript.resize(t, event.columns, event.lines)
                case _:
                    pass
        yield from transcript.finish(t)

    def _picture(self, terminal: RecordedTerminal) -> bytes:
        # Rich is loaded only for pictures.
        from tui.export.svg import draw_svg  # noqa: PLC0415

        at = self._moment()
        info = next((each for each in self._screens().terminals if _is(each, terminal)), None)
        frame = None if info is None else self._screens().at(at, info)
        if frame is None:
            raise RecordingError(f"terminal {terminal.name} has no screen", "its file is damaged")
        title = f"{self.directory.name} · {terminal.name} · {moment(at)}"
        return draw_svg(frame, title, self._note(terminal)).encode()

    def _active(self) -> RecordedTerminal:
        found = self._screens().active(self._moment())
        chosen = [each for each in self.terminals if found is not None and _is(found, each)]
        return [*chosen, *self.terminals][0]

    def _moment(self) -> float:
        """Return the moment that a picture shows, in seconds since the session's start."""
        duration = self._screens().duration
        if self.at is not None and self.at > duration + _ROUNDED:
            raise UsageError(
                f"there is no {moment(self.at)} in session {self.directory.name}",
                f"it is {moment(duration)} long",
            )
        return duration if self.at is None else self.at

    def _screens(self) -> Playback:
        if self._playback is None:
            self._playback = Playback(self.directory)
        return self._playback

    def close(self) -> None:
        """Close the files."""
        if self._playback is not None:
            self._playback.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _names(self, joint: str = ", ") -> str:
        return joint.join(terminal.name for terminal in self.terminals)

    def _note(self, terminal: RecordedTerminal) -> str:
        return f"Terminal {terminal.name} of Jumpseat's session {self.directory.name}. {NOTE}"

    def _heading(self, terminal: RecordedTerminal) -> list[str]:
        session = self.recorded.session
        lines = [self._note(terminal)]
        if session is not None:
            who = f" of {session.candidate}" if session.candidate else ""
            lines.append(f"The session{who} on {session.target} started at {session.started}.")
        lines.append(
            "What was written over in place shows as it last stood; times count from the session's"
            " start."
        )
        return lines


def _is(info: TerminalInfo, terminal: RecordedTerminal) -> bool:
    opened = terminal.opened
    return (info.connection, info.channel) == (opened.connection, opened.channel)
