"""Why the target cannot be asked, or no longer: the one word that tells a lock-out from mishaps.

Only what the target said itself, about a login, is a refusal. Connecting and reading are not done
here.
"""

from __future__ import annotations

from typing import Literal

import asyncssh
from asyncssh.constants import DISC_COMPRESSION_ERROR, DISC_KEY_EXCHANGE_FAILED, DISC_MAC_ERROR

Cause = Literal["refused", "unreachable", "banned", "hop"]

_DAMAGE_CODES = frozenset({DISC_KEY_EXCHANGE_FAILED, DISC_MAC_ERROR, DISC_COMPRESSION_ERROR})
_DAMAGE_WORDS = (
    "Packet corrupt",
    "Connection corrupted",
    "Corrupted padlen",
    "Invalid ssh2 packet type",
)
"""OpenSSH's (packet.c), with the same code as its "Too many authentication failures"."""


class TargetLostError(Exception):
    """The target cannot be asked, or no longer.

    Attributes:
        cause: ``refused`` where the target ended it in words, ``unreachable`` where it cannot be
            talked to or the way to it is damaged, ``banned`` where it shuts the hop out, ``hop``
            where the fault is ours, None where the candidate went away.
        detail: What happened, in words.
        farewell: The target's own words as it disconnected, where it had any.
        dropped: It closed the connection without a word, as sshd does at LoginGraceTime.
        other_key: The host key that it showed in place of the pinned one.
        silent: Its packets vanish; see `recorder.hop.reach`.

    """

    def __init__(
        self,
        cause: Cause | None,
        detail: str,
        *,
        farewell: asyncssh.DisconnectError | None = None,
        dropped: bool = False,
        other_key: asyncssh.SSHKey | None = None,
        silent: bool = False,
    ) -> None:
        super().__init__(detail)
        self.cause: Cause | None = cause
        self.detail = detail
        self.farewell = farewell
        self.dropped = dropped
        self.other_key = other_key
        self.silent = silent


def by_its_words(error: asyncssh.DisconnectError) -> TargetLostError:
    """Tell what the target's farewell means: no refusal where only damage reached the target."""
    damaged = error.code in _DAMAGE_CODES or error.reason.startswith(_DAMAGE_WORDS)
    return TargetLostError("unreachable" if damaged else "refused", error.reason, farewell=error)
