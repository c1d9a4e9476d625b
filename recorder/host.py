"""What `jumpseat serve` runs: one session on one target, recorded from its first packet.

It finds the target, binds the address, opens keys and store, and hands them to
`recorder.session`. Nothing here is on the relay's path, and nothing knows what a recording means.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from recorder.errors import UsageError
from recorder.home import Home
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.listener import bind
from recorder.hop.peer import loopback_peer_uid
from recorder.hop.target import (
    SSH_PORT,
    Contact,
    Target,
    TcpTarget,
    contact,
    parse_address,
    read_version,
)
from recorder.keys import load_keys
from recorder.practice import PracticeServer
from recorder.recording.redaction import Redaction
from recorder.recording.repair import close_cut_off
from recorder.session import Parts, Session
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare

_log = logging.getLogger(__name__)

PRACTICE = "practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """What `serve` was asked for.

    Attributes:
        target: HOST[:PORT], an IPv6 address in brackets, or ``practice``.
        listen: ADDR:PORT for candidates; port 0 takes any that is free.
        unconfined: Let the practice server run where it cannot be walled off.
        candidate: Who sits the session, for people to read.
        secret_patterns: Regular expressions of secrets in command lines, besides the usual ones.

    """

    target: str
    listen: str = "127.0.0.1:2222"
    unconfined: bool = False
    candidate: str | None = None
    secret_patterns: tuple[str, ...] = ()


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
    Redaction(options.secret_patterns)
    home.ensure()
    keys = load_keys(home)
    engine = open_engine(database_url)
    try:
        prepare(engine)
        close_cut_off(home, keys.sign)
        listen = parse_address(options.listen, None)
        async with _open_target(home, options, listen[0]) as (target, first):
            with contextlib.closing(bind(*listen)) as sock:
                parts = Parts(
                    home=home,
                    keys=keys,
                    engine=engine,
                    target=target,
                    contact=first,
                    sock=sock,
                    admit=_admit_own_user if options.target == PRACTICE else _admit_anybody,
                    candidate=options.candidate,
                    secret_patterns=options.secret_patterns,
                    follower=follower,
                )
                await Session(parts).run(announce, stop)
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
