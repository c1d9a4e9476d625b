"""Writes foreign recordings as one recording of ours, through the writer that records live.

Its clock is the recordings' own, so that what is masked, flushed and written is what would have
been had it been recorded here. The journal says that it was not. Where the directory lies, and who
signs it, is the caller's affair.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal, assert_never

from recorder.errors import RecordingError
from recorder.formats.detect import Found
from recorder.formats.events import (
    DEFAULT_COLUMNS,
    DEFAULT_LINES,
    Began,
    Ended,
    Foreign,
    Marked,
    Sized,
    Typed,
    Wrote,
)
from recorder.formats.flaws import Flaws
from recorder.formats.opening import plain_text
from recorder.formats.tracks import Part, Track, open_tracks, place_in_time
from recorder.recording.journal import (
    ChannelClosed,
    ChannelOpened,
    ConnectionClosed,
    ConnectionOpened,
    Imported,
    ImportLeftOut,
    PtyRequest,
    SessionClosed,
)
from recorder.recording.masking import ECHO_DEADLINE
from recorder.recording.terminal import TerminalRecording
from recorder.recording.writer import BUFFER_LIMIT, RecordingWriter

_TELL_EVERY = 256
"""Events between two calls of the progress."""

_MOST_STATUS = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is made of them.

    Attributes:
        parts: The recordings.
        session: The new session's id.
        target: What stands in the place of the server, for people.
        candidate: Who it was, if somebody said so.
        size: Columns and lines of terminals whose recording does not tell them, in cells.
        digests: Whether the files' hashes are kept.
        patterns: Regular expressions of secrets in command lines, besides the usual ones.

    """

    parts: Sequence[Part]
    session: str
    target: str
    candidate: str | None = None
    size: tuple[int, int] | None = None
    digests: bool = False
    patterns: tuple[str, ...] = ()


def convert(
    plan: Plan, directory: Path, flaws: Flaws, progress: Callable[[float], None] | None = None
) -> None:
    """Write a recording into a new directory.

    Args:
        plan: What is made of what.
        directory: Where the recording goes; its parent is there.
        flaws: Takes what cannot be read.
        progress: Called with the share of the bytes that were read, from 0 to 1.

    Raises:
        RecordingError: Nothing can be read, or the recording cannot be written.

    """
    with ExitStack() as stack:
        tracks = open_tracks(plan.parts, flaws, stack)
        clock = _Clock()
        started = place_in_time(tracks, flaws)
        writer = RecordingWriter(
            directory,
            session=plan.session,
            program=f"jumpseat {version('jumpseat')}",
            target=plan.target,
            listen=None,
            candidate=None if plan.candidate is None else plain_text(plan.candidate),
            content_key=b"",
            clock=clock,
            started=started,
        )
        try:
            writer.hide(plan.patterns)
            events = _Converter(plan, writer, clock, tracks).run(progress)
            if not events and flaws.count:
                raise RecordingError(
                    f"nothing can be read: {flaws.lines()[0]}",
                    f"looked for {plan.parts[0].found.kind}, as which it begins",
                )
            _close(writer, flaws)
        except OSError as error:
            raise RecordingError(
                f"cannot write into {directory.parent} ({error.strerror})", "free space there"
            ) from error
        finally:
            writer.give_up()


def _close(writer: RecordingWriter, flaws: Flaws) -> None:
    if flaws.count:
        words = tuple(str(each) for each in flaws.found)
        writer.log(ImportLeftOut(t=writer.now(), count=flaws.count, words=words))
    writer.log(
        SessionClosed(t=writer.now(), reason="closed", detail="the imported recording ends here")
    )
    writer.close()


class _Clock:
    """Shows the moment of the recordings that is being written, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class _Converter:
    """Writes the events of all tracks in their order."""

    def __init__(
        self, plan: Plan, writer: RecordingWriter, clock: _Clock, tracks: list[Track]
    ) -> None:
        self._plan = plan
        self._writer = writer
        self._clock = clock
        self._tracks = dict(enumerate(tracks, 1))
        self._terminals: dict[int, TerminalRecording] = {}
        self._statuses: dict[int, int | None] = {
            number: track.part.status for number, track in self._tracks.items()
        }

    def run(self, progress: Callable[[float], None] | None) -> int:
        """Write everything; return how many events there were."""
        total = max(1, sum(track.opened.size for track in self._tracks.values()))
        every = heapq.merge(
            *(track.timed(number) for number, track in self._tracks.items()),
            key=lambda each: each[:2],
        )
        events = 0
        for t, number, event in every:
            self._advance(t)
            self._write(number, event)
            events += not isinstance(event, Began | None)
            if self._writer.pending > BUFFER_LIMIT:
                self._writer.flush()
            if progress is not None and events % _TELL_EVERY == 0:
                read = sum(track.opened.consumed for track in self._tracks.values())
                progress(min(1.0, read / total))
        if progress is not None:
            progress(1.0)
        return events

    def _advance(self, t: float) -> None:
        """Let time pass, and with it the patience with which input waits for its echo."""
        if self._writer.holding:
            self._clock.now = min(t, self._clock.now + ECHO_DEADLINE)
            self._expire()
        self._clock.now = max(t, self._clock.now)
        if self._writer.holding:
            self._expire()

    def _expire(self) -> None:
        for terminal in self._terminals.values():
            terminal.expire()

    def _write(self, number: int, event: Foreign | None) -> None:
        if isinstance(event, Began):
            self._begin(number, event)
            return
        terminal = self._terminals[number]
        match event:
            case Wrote(data=data):
                terminal.output(data)
            case Typed(data=data):
                terminal.input(data)
            case Sized(columns=columns, lines=lines):
                terminal.resize(columns, lines)
            case Marked(label=label):
                terminal.mark(label)
            case Ended(status=status):
                self._statuses[number] = _exit_status(status)
                terminal.exit(status)
            case None:
                self._end(number, terminal)
            case _:
                assert_never(event)

    def _begin(self, number: int, began: Began) -> None:
        track, now = self._tracks[number], self._writer.now()
        source = _name(track.part.found)
        self._writer.log(ConnectionOpened(t=now, connection=number, peer=source))
        self._writer.log(self._imported(number, track, began))
        columns, lines = self._size(began)
        pty = PtyRequest(term=began.term or "", columns=columns, lines=lines)
        opened = ChannelOpened(
            t=now, connection=number, channel=1, kind="shell", pty=pty, file=f"c{number}-1.cast"
        )
        self._writer.log(opened)
        self._terminals[number] = TerminalRecording(self._writer, number, 1, pty, now, patient=True)

    def _imported(self, number: int, track: Track, began: Began) -> Imported:
        by: Literal["recording", "person", "assumed"] = "recording"
        if began.columns is None or began.lines is None:
            by = "person" if self._plan.size else "assumed"
        hide = self._writer.redaction
        return Imported(
            t=self._writer.now(),
            connection=number,
            source=_name(track.part.found),
            format=track.part.found.kind,
            start=track.start,
            size=by,
            command=None if began.command is None else hide(began.command),
            title=None if began.title is None else hide(began.title),
            files=track.opened.digests() if self._plan.digests else (),
        )

    def _size(self, began: Began) -> tuple[int, int]:
        columns, lines = self._plan.size or (DEFAULT_COLUMNS, DEFAULT_LINES)
        return began.columns or columns, began.lines or lines

    def _end(self, number: int, terminal: TerminalRecording) -> None:
        now, status = self._writer.now(), self._statuses[number]
        terminal.close()
        del self._terminals[number]
        self._writer.log(ChannelClosed(t=now, connection=number, channel=1, exit_status=status))
        reason = "the recording ends here"
        self._writer.log(ConnectionClosed(t=now, connection=number, reason=reason))


def _name(found: Found) -> str:
    return plain_text(found.name)


def _exit_status(status: str) -> int | None:
    if status.isascii() and status.isdecimal() and len(status) <= 3:  # noqa: PLR2004 - 0 to 255
        return int(status) if int(status) <= _MOST_STATUS else None
    return None
