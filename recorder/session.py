"""One session of the host, from its first line to its signed manifest.

It owns the recording and what hangs on it: the hop that is recorded, the flusher, the follower, the
copy in the store. They start and end in order here. It knows nothing of how the target was found.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from sqlalchemy import Engine

from recorder.clock import SessionClock
from recorder.errors import RecordingError
from recorder.exercise.loader import Loaded
from recorder.gates import Endpoint
from recorder.home import Home
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.listener import Hop
from recorder.hop.port_relay import PortRelay
from recorder.hop.target import Contact, Target, format_address
from recorder.hop.terms import Terms
from recorder.keys import Keys
from recorder.probes.beside import probing_beside
from recorder.recording.flusher import Flusher
from recorder.recording.journal import SessionClosed, SessionTerms, TargetHostKey
from recorder.recording.manifest import write_manifest
from recorder.recording.repair import drop_torn_lines
from recorder.recording.writer import RecordingWriter
from recorder.steering import Steering, start_of
from recorder.store.copy import StoreCopy
from recorder.store.sync import SessionSync
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
        home: Where the recording goes, and ``session``, its id.
        keys: The hop's own keys.
        engine: The store.
        target: The server behind the hop, and ``contact``, what its first contact told.
        sock: Bound to the address that candidates connect to.
        terms: Whom the hop lets in, how much of everything, and what it tells them.
        clock: The session's, not started yet.
        candidate: Who sits the session, for people to read.
        exercise: The plan that it follows, None for none.
        follower: The argv of the process to supervise beside it.
        secret_patterns: Regular expressions of secrets in command lines, besides the usual ones.
        relay: The ports that are passed on to the target, bound; None where there are none.

    """

    home: Home
    session: str
    keys: Keys
    engine: Engine
    target: Target
    contact: Contact
    sock: socket.socket
    terms: Terms
    clock: SessionClock
    candidate: str | None
    exercise: Loaded | None
    follower: Sequence[str] | None
    secret_patterns: tuple[str, ...] = ()
    relay: PortRelay | None = None


class Session:
    """One session, to be run once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._address = format_address(*parts.sock.getsockname()[:2])
        self.id = parts.session
        self.directory = parts.home.recording(self.id)

    async def run(self, ready: Callable[[Steering], None]) -> str:
        """Record until the session is ended or the recording cannot be written.

        Args:
            ready: Called with what steers the session, once candidates can connect.

        Returns:
            Why it ended.

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
            why, failure = await self._record(writer, ready)
        if failure is not None:
            raise failure
        return why

    def _supervise(self, follower: Sequence[str]) -> Supervised:
        log_file = self._parts.home.logs / f"analysis-{self.id}.log"
        url = self._parts.engine.url.render_as_string(hide_password=False)
        # In the environment, because everybody on the machine can read an argv.
        return Supervised(follower, log_file, {DATABASE_VARIABLE: url})

    async def _record(
        self, writer: RecordingWriter, ready: Callable[[Steering], None]
    ) -> tuple[str, RecordingError | None]:
        """Relay and record; return why it ended, and what was wrong with the recording."""
        parts = self._parts
        self._log_terms(writer)
        self._log_host_key(writer)
        flusher = Flusher(writer)
        hop = Hop(
            target=parts.target,
            contact=parts.contact,
            pinned=PinnedKeys(parts.home),
            writer=writer,
            host_key=parts.keys.host,
            terms=parts.terms,
            management=parts.home.management_key,
        )
        steering = Steering(writer, hop, parts.clock, self._facts(writer))
        probing = probing_beside(
            writer, parts.home, parts.target, parts.contact.key, parts.exercise
        )
        why, error = "the session failed", None
        try:
            await hop.start(parts.sock)
            _log.info("session %s records to %s", self.id, self.directory)
            if parts.relay is not None:
                await parts.relay.start(writer, self._may_knock)
            probing.start()
            ready(steering)
            why, error = await _end_of(steering, flusher.failed)
        finally:
            if parts.relay is not None:
                await parts.relay.close()
            if error is None:
                await hop.close(f"the session ended: {why}")
            else:
                await hop.abort("the recording failed")
            await probing.close()
            await flusher.close()
            failure = self._end(writer, why, error)
        return why, failure

    def _may_knock(self, local: Endpoint, peer: Endpoint) -> bool:
        return self._parts.terms.gate.refusal(local, peer) is None

    def _facts(self, writer: RecordingWriter) -> dict[str, Any]:
        parts = self._parts
        return {
            "id": self.id,
            "start": start_of(writer.opened),
            "port": parts.sock.getsockname()[1],
            "listen": self._address,
            "candidate": parts.candidate,
            "target": parts.target.label,
            "exercise": self._exercise_name,
            "consent": "banner" if parts.terms.consent else "elsewhere",
            "relayed": parts.relay.addresses if parts.relay is not None else [],
            "recording": str(self.directory),
            "process": os.getpid(),
        }

    @property
    def _exercise_name(self) -> str | None:
        exercise = self._parts.exercise
        return None if exercise is None else exercise.name

    def _log_terms(self, writer: RecordingWriter) -> None:
        terms = self._parts.terms
        writer.log(
            SessionTerms(
                t=writer.now(),
                exercise=self._exercise_name,
                consent="banner" if terms.consent else "elsewhere",
                consent_text=terms.consent,
                gate=terms.gate.kind,
            )
        )

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

    def _end(
        self, writer: RecordingWriter, why: str, error: OSError | None
    ) -> RecordingError | None:
        """Close the recording; return what was wrong with it, where something was."""
        if error is None:
            try:
                writer.log(SessionClosed(t=writer.now(), reason="closed", detail=why))
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


async def _end_of(
    steering: Steering, failed: asyncio.Future[OSError]
) -> tuple[str, OSError | None]:
    """Wait until the session is to end; return why, and the error if it is one that ends it."""
    watching = asyncio.get_running_loop().create_task(steering.watch(), name="watch")
    ends: list[asyncio.Future[Any]] = [watching, steering.ended, failed]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            watching.result()  # what went wrong in it ends the session too
    finally:
        watching.cancel()
        await asyncio.wait([watching])
    if failed.done():
        return "the recording failed", failed.result()
    return steering.ended.result(), None
