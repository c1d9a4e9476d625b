"""The target of one session, opened: a server on the network, or a practice server of its own."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

from recorder.home import Home
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.target import (
    SSH_PORT,
    Contact,
    Target,
    TcpTarget,
    contact,
    parse_address,
    read_version,
)
from recorder.planning import PRACTICE
from recorder.practice import PracticeServer

_log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def open_target(
    home: Home, name: str, *, unconfined: bool
) -> AsyncIterator[tuple[Target, Contact]]:
    """Give the target that HOST[:PORT] or ``practice`` names, and what its first contact told.

    Raises:
        TargetError: It cannot be reached, or shows another host key than before.
        ConfinementError: The practice server cannot be walled off.

    """
    if name != PRACTICE:
        target = tcp_target(name)
        yield target, await contact(target, PinnedKeys(home))
        return
    async with PracticeServer(unconfined=unconfined) as practice:
        if unconfined:
            _log.warning(
                "the practice server is not confined: what is done in it is done to this machine"
            )
        practice_target = _PracticeTarget(practice)
        shown = await read_version(practice_target)
        key = practice.host_key.convert_to_public()
        yield practice_target, Contact(version=shown, key=key, verdict="known")


def tcp_target(name: str) -> TcpTarget:
    """Return the target that HOST[:PORT] names.

    Raises:
        UsageError: It is no such name.

    """
    return TcpTarget(*parse_address(name, SSH_PORT))


@dataclass(frozen=True, slots=True)
class _PracticeTarget:
    practice: PracticeServer

    @property
    def label(self) -> str:
        return PRACTICE

    async def connect(self) -> socket.socket:
        return self.practice.connect()
