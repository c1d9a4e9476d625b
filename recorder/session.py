"""One session of the host, from its first line to its signed manifest.

It owns the recording and what hangs on it: the hop that is recorded, the flusher, the follower, the
copy in the store. They start and end in order here. It knows nothing of how the target was found.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from recorder.errors import RecordingError
from recorder.home import Home
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.listener import Hop
from recorder.hop.target import Contact, Target, format_address
from recorder.keys import Keys
from recorder.recording.flusher import Flusher
from recorder.recording.journal import SessionClosed, TargetHostKey
from recorder.recording.manifest import write_manifest
from recorder.recording.repair import drop_torn_lines
from recorder.recording.writer import RecordingWriter
from recorder.store.catalogue import SessionSync
from recorder.store.copy import StoreCopy
from recorder.supervisor import Supervised

_log = logging.getLogger(__name__)

DATABASE_VARIABLE = "JUMPSEAT_DATABASE_URL"
_ID_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH = 8


def new_session_id(home: Home) -> str:
    """Return an id that no recording has; no letters or digits that are easily confused."""
    while True:
        session = "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LENGTH))
        if not home.recording(session).exists():
            return session


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a session is made of, all of it ready.

    Attributes:
        home: Where the recording goes.
        keys: The hop's own keys.
        engine: The store.
        target: The server behind the hop, and ``contact``, what its first contact told.
        sock: Bound to the address that candidates connect to.
        admit: Tells from both ends of a TCP connection whether it may go on.
        candidate: Who sits the session, for people to read.
        follower: The argv of the process to supervise beside it, from the recording's directory.
        secret_patterns: Regular expressions of secrets in command lines, besides the usual ones.

    """

    home: Home
    keys: Keys
    engine: Engine
    target: Target
    contact: Contact
    sock: socket.socket
    admit: Callable[[tuple[str, int], tuple[str, int]], bool]
    candidate: str | None
    follower: Callable[[Path], Sequence[str]] | None
    secret_patterns: tuple[str, ...] = ()


class Session:
    """One session, to be run once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._address = format_address(*parts.sock.getsockname()[:2])
        self.id = new_session_id(parts.home)
        self.directory = parts.home.recording(self.id)

    async def run(self, announce: Callable[[str], None], stop: asyncio.Event) -> None:
        """Record until ``stop`` is set or the recording cannot be written.

        Raises:
            JumpseatError: The recording could not be begun or could not be written.

        """
        parts = self._parts
        writer = RecordingWriter(
            self.directory,
            session=self.id,
            program=f"jumpseat {version('jumpseat')}",
            target=parts.target.label,
            listen=self._address,
            candidate=parts.candidate,
            content_key=parts.keys.content,
        )
        writer.hide(parts.secret_patterns)
        writer.flush()
        async with contextlib.AsyncExitStack() as stack:
            store = StoreCopy(SessionSync(parts.engine, self.directory))
            writer.on_entry = lambda _entry: store.notice()
            stack.push_async_callback(store.finish)
            if parts.follower is not None:
                await stack.enter_async_context(self._supervise(parts.follower))
            store.start()
            failure = await self._record(writer, announce, stop)
        if failure is not None:
            raise failure

    def _supervise(self, follower: Callable[[Path], Sequence[str]]) -> Supervised:
        log_file = self._parts.home.logs / f"analysis-{self.id}.log"
        url = self._parts.engine.url.render_as_string(hide_password=False)
        # In the environment, because everybody on the machine can read an argv.
        return Supervised(follower(self.directory), log_file, {DATABASE_VARIABLE: url})

    async def _record(
        self, writer: RecordingWriter, announce: Callable[[str], None], stop: asyncio.Event
    ) -> RecordingError | None:
        """Relay and record; return what was wrong with the recording, where something was."""
        parts = self._parts
        self._log_host_key(writer)
        flusher = Flusher(writer)
        hop = Hop(
            target=parts.target,
            contact=parts.contact,
            pinned=PinnedKeys(parts.home),
            writer=writer,
            host_key=parts.keys.host,
            admit=parts.admit,
        )
        error: OSError | None = None
        try:
            await hop.start(parts.sock)
            _log.info("session %s records to %s", self.id, self.directory)
            announce(f"listening on {self._address}")
            error = await _first_of(stop, flusher.failed)
        finally:
            if error is None:
                await hop.close("the session was closed")
            else:
                await hop.abort("the recording failed")
            await flusher.close()
            failure = self._end(writer, error)
        return failure

    def _log_host_key(self, writer: RecordingWriter) -> None:
        contact = self._parts.contact
        writer.log(
            TargetHostKey(
                t=writer.now(),
                algorithm=contact.key.get_algorithm(),
                fingerprint=contact.key.get_fingerprint(),
                verdict=contact.verdict,
            )
        )

    def _end(self, writer: RecordingWriter, error: OSError | None) -> RecordingError | None:
        """Close the recording; return what was wrong with it, where something was."""
        if error is None:
            try:
                writer.log(SessionClosed(t=writer.now(), reason="closed"))
                writer.close()
            except OSError as problem:
                error = problem
        failure = self._fail(writer, error) if error is not None else None
        try:
            write_manifest(self.directory, self.id, self._parts.keys.sign)
        except RecordingError as problem:
            failure = failure or problem
        return failure

    def _fail(self, writer: RecordingWriter, error: OSError) -> RecordingError:
        """Say in the recording that it is not whole, if it can still be written at all."""
        try:
            writer.abandon(SessionClosed(t=writer.now(), reason="failed", detail=error.strerror))
            drop_torn_lines(self.directory)
            kept = "what was written before is kept"
        except OSError as problem:
            kept = f"its end could not be marked either ({problem.strerror})"
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        remedy = "free space" if full else "check that the home is there and can be written"
        return RecordingError(
            f"the recording {self.directory} could not be written ({error.strerror}): the session"
            f" was stopped, {kept}",
            f"{remedy}, then start again",
        )


async def _first_of(stop: asyncio.Event, failed: asyncio.Future[OSError]) -> OSError | None:
    """Wait until the session is to end; return the error if it is one that ends it."""
    stopping = asyncio.get_running_loop().create_task(stop.wait(), name="stop")
    ends: list[asyncio.Future[Any]] = [stopping, failed]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
    return failed.result() if failed.done() else None
