"""A target's changed host key, looked at and trusted on a person's word.

Looking changes nothing. Trusting replaces the pinned key, and only by one whose fingerprint a
person named; the sessions that are open learn of it through the host.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import asyncssh

from recorder.errors import TargetError, UsageError
from recorder.home import Home
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.target import read_key
from recorder.planning import PRACTICE
from recorder.session_target import tcp_target


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKeys:
    """The fingerprints of a target's key: pinned, None where none is, and shown now."""

    label: str
    pinned: str | None
    shown: str

    @property
    def changed(self) -> bool:
        """Whether there is anything to decide."""
        return self.pinned != self.shown


def look_at_key(home: Home, target: str) -> HostKeys:
    """Ask a target, HOST[:PORT], for its host key now; nobody logs in.

    Raises:
        TargetError: It cannot be reached or does not speak SSH.
        UsageError: It has no host key to look at.

    """
    return asyncio.run(_look(home, target))[0]


def trust_key(home: Home, target: str, fingerprint: str) -> HostKeys:
    """Pin the key that the target shows, if it is the one of the fingerprint.

    Raises:
        TargetError: It shows another, or cannot be reached.
        HomeError: The pinned keys cannot be read or written.

    """
    keys, key = asyncio.run(_look(home, target))
    if keys.shown != fingerprint:
        raise TargetError(
            f"{keys.label} shows {keys.shown}, not {fingerprint}: nothing was changed",
            "compare with the fingerprint that the server itself prints (`ssh-keygen -lf`)",
        )
    PinnedKeys(home).repin(keys.label, key)
    return keys


async def _look(home: Home, target: str) -> tuple[HostKeys, asyncssh.SSHKey]:
    if target == PRACTICE:
        raise UsageError("the practice server's host key cannot change", "there is nothing to do")
    server = tcp_target(target)
    pinned = PinnedKeys(home).lookup(server.label)
    key = await read_key(server, pinned)
    before = pinned.get_fingerprint() if pinned is not None else None
    return HostKeys(label=server.label, pinned=before, shown=key.get_fingerprint()), key
