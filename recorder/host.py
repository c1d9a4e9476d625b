"""What `jumpseat serve` runs: one session on one target, recorded from its first packet.

It puts the parts together and takes them apart in order: target, listener, recording, follower,
store. Nothing here is on the relay's path, and nothing knows what a recording means.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from recorder.errors import JumpseatError, UsageError
from recorder.home import Home
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.listener import Hop, bind
from recorder.hop.peer import loopback_peer_uid
from recorder.hop.target import (
    SSH_PORT,
    Contact,
    Target,
    TcpTarget,
    contact,
    format_address,
    parse_address,
    read_version,
)
from recorder.keys import Keys, load_keys
from recorder.practice import PracticeServer
from recorder.recording.flusher import Flusher
from recorder.recording.journal import SessionClosed, TargetHostKey
from recorder.recording.manifest import write_manifest
from recorder.recording.repair import close_cut_off
from recorder.recording.writer import RecordingWriter
from recorder.store.catalogue import SessionSync
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.supervisor import Supervised

_log = logging.getLogger(__name__)

PRACTICE = "practice"
DATABASE_VARIABLE = "JUMPSEAT_DATABASE_URL"
_ID_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH = 8
_STORE_PAUSE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """What `serve` was asked for.

    Attributes:
        target: HOST[:PORT], an IPv6 address in brackets, or ``practice``.
        listen: ADDR:PORT for candidates; port 0 takes any that is free.
        unconfined: Let the practice server run where it cannot be walled off.
        candidate: Who sits the session, for people to read.

    """

    target: str
    listen: str = "127.0.0.1:2222"
    unconfined: bool = False
    candidate: str | None = None


async def serve(
    home: Home,
    options: ServeOptions,
    *,
    database_url: str,
    announce: Callable[[str], None],
    follower: Callable[[Path], Sequence[str]] | None,
    stop: asyncio.Event,
) -> None:
    """Record one session until ``stop`` is set.

    Args:
        home: Where everything lies; made where it is missing.
        options: What to do.
        database_url: The store, a SQLAlchemy URL; the follower gets it in its environment.
        announce: Takes whole lines for whoever waits, such as ``listening on 127.0.0.1:2222``.
        follower: Gives the argv of the process to supervise, for the recording's directory.
        stop: Ends the session, in order.

    Raises:
        JumpseatError: It could not begin, or the recording could not be written; the message says
            why and what to do.

    """
    home.ensure()
    keys = load_keys(home)
    engine = open_engine(database_url)
    try:
        prepare(engine)
        close_cut_off(home, keys.sign)
        listen = parse_address(options.listen, None)
        async with _open_target(home, options, listen[0]) as (target, first):
            with contextlib.closing(bind(*listen)) as sock:
                session = _Session(home, keys, engine, target, first, options, sock)
                await session.run(database_url, announce, follower, stop)
    finally:
        engine.dispose()


@contextlib.asynccontextmanager
async def _open_target(
    home: Home, options: ServeOptions, listen_host: str
) -> AsyncIterator[tuple[Target, Contact]]:
    pinned = PinnedKeys(home)
    if options.target != PRACTICE:
        if options.unconfined:
            raise UsageError("--unconfined is for the practice server", "leave it out")
        target = TcpTarget(*parse_address(options.target, SSH_PORT))
        yield target, await contact(target, pinned)
        return
    if not _is_loopback(listen_host):
        raise UsageError(
            f"the practice server is for this machine alone, not for {listen_host}",
            "listen on 127.0.0.1 or [::1]",
        )
    async with PracticeServer(unconfined=options.unconfined) as practice:
        if options.unconfined:
            _log.warning(
                "the practice server is not confined: what is done in it is done to this machine"
            )
        practice_target = _PracticeTarget(practice)
        shown = await read_version(practice_target)
        key = practice.host_key.convert_to_public()
        yield practice_target, Contact(version=shown, key=key, verdict="known")


@dataclass(frozen=True, slots=True)
class _PracticeTarget:
    practice: PracticeServer

    @property
    def label(self) -> str:
        return PRACTICE

    async def connect(self) -> socket.socket:
        return self.practice.connect()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _admit_own_user(local: tuple[str, int], peer: tuple[str, int]) -> bool:
    return loopback_peer_uid(local, peer) == os.getuid()


def _admit_anybody(_local: tuple[str, int], _peer: tuple[str, int]) -> bool:
    return True


def new_session_id(home: Home) -> str:
    """Return an id that no recording has; no letters or digits that are easily confused."""
    while True:
        session = "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LENGTH))
        if not home.recording(session).exists():
            return session


class _Session:
    """One session from its first to its last line."""

    def __init__(
        self,
        home: Home,
        keys: Keys,
        engine: Engine,
        target: Target,
        first: Contact,
        options: ServeOptions,
        sock: socket.socket,
    ) -> None:
        self._home = home
        self._keys = keys
        self._engine = engine
        self._target = target
        self._first = first
        self._options = options
        self._sock = sock
        self._address = format_address(*sock.getsockname()[:2])
        self.id = new_session_id(home)
        self.directory = home.recording(self.id)

    async def run(
        self,
        database_url: str,
        announce: Callable[[str], None],
        follower: Callable[[Path], Sequence[str]] | None,
        stop: asyncio.Event,
    ) -> None:
        writer = RecordingWriter(
            self.directory,
            session=self.id,
            program=f"jumpseat {version('jumpseat')}",
            target=self._target.label,
            listen=self._address,
            candidate=self._options.candidate,
            content_key=self._keys.content,
        )
        writer.flush()
        async with contextlib.AsyncExitStack() as stack:
            store = _StoreCopy(SessionSync(self._engine, self.directory))
            stack.push_async_callback(store.finish)
            if follower is not None:
                log_file = self._home.logs / f"analysis-{self.id}.log"
                env = {DATABASE_VARIABLE: database_url}
                await stack.enter_async_context(Supervised(follower(self.directory), log_file, env))
            await self._record(writer, store, announce, stop)

    async def _record(
        self,
        writer: RecordingWriter,
        store: _StoreCopy,
        announce: Callable[[str], None],
        stop: asyncio.Event,
    ) -> None:
        key = self._first.key
        writer.on_entry = lambda _entry: store.notice()
        writer.log(
            TargetHostKey(
                t=writer.now(),
                algorithm=key.get_algorithm(),
                fingerprint=key.get_fingerprint(),
                verdict=self._first.verdict,
            )
        )
        flusher = Flusher(writer)
        hop = Hop(
            target=self._target,
            contact=self._first,
            pinned=PinnedKeys(self._home),
            writer=writer,
            host_key=self._keys.host,
            admit=_admit_own_user if self._target.label == PRACTICE else _admit_anybody,
        )
        error: OSError | None = None
        try:
            store.start()
            await hop.start(self._sock)
            _log.info("session %s records to %s", self.id, self.directory)
            announce(f"listening on {self._address}")
            error = await _first_of(stop, flusher.failed)
        finally:
            await hop.close("the session was closed" if error is None else "recording failed")
            await flusher.close()
            self._end(writer, error)
        if error is not None:
            raise JumpseatError(
                f"the recording {self.directory} could not be written ({error.strerror}):"
                " the session was stopped",
                "what was written before is kept; free space, then start again",
            )

    def _end(self, writer: RecordingWriter, error: OSError | None) -> None:
        detail = f"recording failed: {error.strerror}" if error else None
        reason = "failed" if error else "closed"
        try:
            writer.log(
                SessionClosed(t=writer.now(), reason="failed" if error else "closed", detail=detail)
            )
            writer.close()
            write_manifest(self.directory, self.id, self._keys.sign)
        except (OSError, JumpseatError) as problem:
            _log.error("session %s (%s) could not be finished: %s", self.id, reason, problem)


async def _first_of(stop: asyncio.Event, failed: asyncio.Future[OSError]) -> OSError | None:
    """Wait until the session is to end; return the error if it is one that ends it."""
    stopping = asyncio.get_running_loop().create_task(stop.wait(), name="stop")
    ends: list[asyncio.Future[Any]] = [stopping, failed]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
    return failed.result() if failed.done() else None


class _StoreCopy:
    """Copies the journal to the store in a thread; the relay never waits for it."""

    def __init__(self, sync: SessionSync) -> None:
        self._sync = sync
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._warned = False

    def notice(self) -> None:
        """Note that the journal grew; it is read a moment later, when it was flushed."""
        self._wake.set()

    def start(self) -> None:
        """Begin to copy."""
        self._wake.set()
        self._task = asyncio.get_running_loop().create_task(self._run(), name="store")

    async def finish(self) -> None:
        """Copy what is left."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._copy()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(_STORE_PAUSE / 10)  # let the flush come first, and gather lines
            await self._copy()

    async def _copy(self) -> None:
        try:
            await asyncio.to_thread(self._sync.update)
        except JumpseatError as error:
            # The recording is the truth: the rows are made from it at the next look.
            if not self._warned:
                _log.warning("the store is not up to date: %s", error)
            self._warned = True
