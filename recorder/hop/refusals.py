"""Writes down who was refused, without letting them write the recording full.

The first refusal of an address is a line at once; later ones are counted, and told in one line a
minute. Deciding is not its business.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from recorder.gates import Endpoint, Refusal
from recorder.hop.target import format_address
from recorder.recording.journal import ConnectionRefused
from recorder.recording.writer import RecordingWriter

REPEAT_SECONDS = 60.0
_KEPT = 512
_SITE_BITS = 64
"""Of an IPv6 address, what one site has (RFC 6177): the rest is anybody's to choose there."""


@dataclass(slots=True)
class _Caller:
    peer: str
    reason: Refusal
    told: float
    untold: int = 0


class RefusalLog:
    """The refusals of one session."""

    def __init__(self, writer: RecordingWriter) -> None:
        self._writer = writer
        self._callers: dict[tuple[str, Refusal], _Caller] = {}

    def note(self, peer: Endpoint, reason: Refusal) -> bool:
        """Take note of a refusal; return whether it became a line of the journal now."""
        now = self._writer.now()
        key = (_site(peer[0]), reason)
        caller = self._callers.get(key)
        if caller is None:
            self._forget_oldest()
            caller = self._callers[key] = _Caller(format_address(*peer), reason, now)
            self._write(caller, 1)
            return True
        caller.peer = format_address(*peer)
        caller.untold += 1
        if now - caller.told < REPEAT_SECONDS:
            return False
        caller.told = now
        self._tell(caller)
        return True

    def finish(self) -> None:
        """Tell what was only counted."""
        for caller in self._callers.values():
            self._tell(caller)
        self._callers.clear()

    def _forget_oldest(self) -> None:
        if len(self._callers) >= _KEPT:
            self._tell(self._callers.pop(next(iter(self._callers))))

    def _tell(self, caller: _Caller) -> None:
        if caller.untold:
            times, caller.untold = caller.untold, 0
            self._write(caller, times)

    def _write(self, caller: _Caller, times: int) -> None:
        self._writer.log(
            ConnectionRefused(
                t=self._writer.now(), peer=caller.peer, reason=caller.reason, times=times
            )
        )


def _site(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv4Address) or address.ipv4_mapped is not None:
        return text
    return str(ipaddress.IPv6Network((address, _SITE_BITS), strict=False))
