"""Makes the index of a recording that has none, or one that cannot be used.

A finished recording is read once, with terminals of its own; whoever analyses it at the same time
lends its own terminals instead (`indexing`). Reading an index is `analyzer.index.reader`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzer.index.file import UnusableIndexError
from analyzer.index.reader import IndexReader
from analyzer.index.writer import IndexWriter
from analyzer.terminal import Terminal
from recorder.home import home_of
from recorder.recording.events import AnyEvent, Input, Logged, Output, Resized
from recorder.recording.journal import ChannelOpened
from recorder.recording.reader import RecordingReader, is_locked

_TELL_EVERY = 64
"""Events between two words about progress."""


def index_path(directory: Path) -> Path | None:
    """Return where the index of a recording lies, None of one that lies in no home."""
    home = home_of(directory)
    return None if home is None else home.index(directory.name)


@contextmanager
def indexing(directory: Path) -> Iterator[IndexWriter | None]:
    """Begin a pass that fills the index of a recording; None where it can have none."""
    path = index_path(directory)
    if path is None:
        yield None
        return
    writer = IndexWriter(directory, path)
    try:
        yield writer
    finally:
        writer.close()


class Terminals:
    """The emulators of a recording's terminals, for a pass without an analysis."""

    def __init__(self) -> None:
        self._terminals: dict[tuple[int, int], Terminal] = {}

    def observe(self, event: AnyEvent) -> Terminal | None:
        """Take in one event; return the terminal that it belongs to."""
        match event:
            case Logged(entry=ChannelOpened() as opened) if opened.pty is not None:
                key = (opened.connection, opened.channel)
                self._terminals[key] = Terminal(opened.pty.columns, opened.pty.lines)
                return None
            case Output() | Input() | Resized():
                terminal = self._terminals.get((event.connection, event.channel))
                if terminal is not None and isinstance(event, Output):
                    terminal.feed(event.data)
                elif terminal is not None and isinstance(event, Resized):
                    terminal.resize(event.columns, event.lines)
                return terminal
            case _:
                return None


def is_indexed(directory: Path) -> bool:
    """Whether a usable index covers all of a recording; also where it can have none."""
    path = index_path(directory)
    if path is None:
        return True
    try:
        index = IndexReader(directory, path)
    except UnusableIndexError:
        return False
    index.close()
    return index.complete


def ensure_indexed(
    directory: Path,
    *,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> bool:
    """Make the index of a recording unless it is there, or cannot be; return whether it is there.

    A recording that goes on gets none: its follower makes it. ``progress`` and ``cancelled`` are
    those of `build`; neither is called where nothing is to be done.

    Raises:
        SessionNotFoundError: There is no recording in the directory.

    """
    path = index_path(directory)
    if path is None or is_locked(directory):
        return False
    return is_indexed(directory) or build(directory, path, progress=progress, cancelled=cancelled)


def build(
    directory: Path,
    path: Path,
    *,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> bool:
    """Make the index of a recording that has ended; return whether it is there now.

    Args:
        directory: The recording.
        path: Its index.
        progress: Told now and then how many bytes of the recording were read.
        cancelled: Asked now and then whether to give up; what was written by then stays.

    Raises:
        SessionNotFoundError: There is no recording in the directory.

    """
    terminals = Terminals()
    writer = IndexWriter(directory, path)
    try:
        with RecordingReader(directory) as reader:
            for count, event in enumerate(reader.read()):
                writer.observe(event, terminals.observe(event))
                if writer.broken or (cancelled is not None and cancelled()):
                    return False
                if progress is not None and count % _TELL_EVERY == 0:
                    progress(sum(reader.covered.values()))
            writer.finish(reader.covered)
    finally:
        writer.close()
    return writer.complete
