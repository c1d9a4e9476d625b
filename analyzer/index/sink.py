"""What a part of the index has to offer: tables of its own, filled in the one pass.

Only the protocol; who calls it is `analyzer.index.writer`.
"""

from __future__ import annotations

import sqlite3
from typing import Protocol

from analyzer.terminal import Terminal
from recorder.recording.events import AnyEvent


class Sink(Protocol):
    """One kind of knowledge about a session; an instance lives for one pass.

    Attributes:
        name: Which sink it is, as the index remembers it; its tables begin with this.
        version: Raised with every change of what is stored; other versions are made anew.

    """

    name: str
    version: int

    def create(self, connection: sqlite3.Connection) -> None:
        """Create the tables; called in the transaction in which the pass first writes.

        The file is empty of them then: whatever an earlier pass left has been dropped.
        """
        ...

    def observe(self, event: AnyEvent, terminal: Terminal | None) -> None:
        """Take in one event, in the order of `recorder.recording.reader.RecordingReader`.

        Every event of the recording is shown, journal lines (`Logged`) included. Must be quick, and
        must not touch the file.

        Args:
            event: What happened.
            terminal: For events of a terminal, the emulator after the event, only to be looked at,
                and never to be kept; None for other events, and where the emulator has not taken in
                all of the event yet (it holds back the beginning of a sequence): the next event's
                terminal shows it.

        """
        ...

    def flush(self, connection: sqlite3.Connection) -> None:
        """Write what was gathered since the last call; the caller commits.

        A failure ends the pass: what was gathered need not be kept for another try.
        """
        ...

    def finish(self) -> None:
        """Take in that the recording is complete; a last `flush` follows."""
        ...
