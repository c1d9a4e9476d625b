"""What the interviewer may do to a session that runs, and what ends one that nobody ends.

Every deed becomes a line of the journal. It knows no socket and no process: whoever carries orders
calls it. Nothing here touches what the candidate types or sees.
"""

from __future__ import annotations

import asyncio
import logging
import os
from datetime import datetime
from pathlib import Path

from recorder.clock import SessionClock
from recorder.control.messages import (
    Allow,
    Close,
    Extend,
    OfSession,
    Repinned,
    Result,
    StartClock,
)
from recorder.errors import AddressError, ControlError, TargetError
from recorder.gates import AddressGate, kind_of, parse_network, refuse_implausible, show_network
from recorder.hop.listener import Hop
from recorder.recording.journal import (
    AddressGiven,
    ClockEnded,
    ClockExtended,
    ClockStarted,
    TargetHostKey,
)
from recorder.recording.writer import RecordingWriter

_log = logging.getLogger(__name__)

_SIZE_CHECK_SECONDS = 1.0


class Steering:
    """The wheel of one session.

    Attributes:
        facts: What of the session never changes, as `state` tells it.
        ended: Done with the reason once the session is to end.

    """

    def __init__(
        self, writer: RecordingWriter, hop: Hop, clock: SessionClock, facts: Result
    ) -> None:
        self.facts = facts
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._writer = writer
        self._hop = hop
        self._clock = clock
        self._changed = asyncio.Event()

    def do(self, request: OfSession) -> Result:
        """Do what was asked, and return how the session stands then.

        Raises:
            JumpseatError: It could not be done.

        """
        match request:
            case Allow():
                return self._allow(request.address, force=request.force)
            case StartClock():
                self._start()
            case Extend():
                self._extend(request.minutes * 60)
            case Repinned():
                self._repinned()
            case Close():
                self.end("closed by the interviewer")
        return self.state()

    def end(self, why: str) -> None:
        """Let the session end in order; the first reason counts."""
        if not self.ended.done():
            self.ended.set_result(why)

    def state(self) -> Result:
        """Return how the session stands; times in seconds since its opening."""
        gate = self._hop.terms.gate
        admitted = gate.networks if isinstance(gate, AddressGate) else []
        return self.facts | {
            "state": "live",
            "gate": gate.kind,
            "admitted": [show_network(network) for network in admitted],
            "clock_started": self._clock.started,
            "clock_length": self._clock.length,
            "clock_ends": self._clock.ends,
            "now": self._writer.now(),
            "connections": self._hop.open_connections,
        }

    async def watch(self) -> None:
        """End the session when its clock, its length or its size says so."""
        limit = self._hop.terms.limits.bytes
        while not self.ended.done():
            now = self._writer.now()
            if why := self._clock.over(now):
                if self._clock.ends is not None and now >= self._clock.ends:
                    self._writer.log(ClockEnded(t=now))
                self.end(why)
            elif await asyncio.to_thread(_size, self._writer.directory) > limit:
                _log.error("the recording has reached its limit: the session is closed")
                self.end(f"the recording reached {limit >> 20} MiB, the most that is allowed")
            else:
                await self._wait(min(self._clock.next_end - now, _SIZE_CHECK_SECONDS))

    async def _wait(self, seconds: float) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._changed.wait()
        except TimeoutError:
            return

    def _allow(self, text: str, *, force: bool) -> Result:
        network = parse_network(text)
        kind = kind_of(network)
        problem: AddressError | None = None
        try:
            if not force:
                refuse_implausible(network, kind)
            self._hop.terms.gate.admit(network)
        except AddressError as error:
            problem = error
        self._writer.log(
            AddressGiven(
                t=self._writer.now(), address=str(network), kind=kind, admitted=problem is None
            )
        )
        if problem is not None:
            raise problem
        return self.state()

    def _start(self) -> None:
        now = self._writer.now()
        self._clock.start(now)
        self._writer.log(ClockStarted(t=now, length=self._clock.length))
        self._changed.set()

    def _extend(self, seconds: float) -> None:
        self._clock.extend(seconds)
        self._writer.log(ClockExtended(t=self._writer.now(), by=seconds, length=self._clock.length))
        self._changed.set()

    def _repinned(self) -> None:
        """Take the key that a person pinned, for connections from now on."""
        label = self._hop.target.label
        key = self._hop.pinned.lookup(label)
        if key is None:
            raise TargetError(f"no host key is pinned for {label}", "pin one first")
        if key == self._hop.pinned_key:
            raise ControlError(f"the host key of {label} is the one that the session has already")
        self._hop.pinned_key = key
        self._writer.log(
            TargetHostKey(
                t=self._writer.now(),
                algorithm=key.get_algorithm(),
                fingerprint=key.get_fingerprint(),
                verdict="repinned",
            )
        )


def start_of(opened: str) -> str:
    """Return the moment at which a session was opened as the lists of sessions print it."""
    return datetime.fromisoformat(opened).isoformat()


def _size(directory: Path) -> int:
    with os.scandir(directory) as entries:
        return sum(entry.stat().st_size for entry in entries)
