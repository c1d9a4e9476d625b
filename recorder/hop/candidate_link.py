"""The candidate's link: what the client asks for is asked of the target, in the same words.

Every kind of channel and every request is relayed, also those that nobody here has heard of; the
few that concern the hop itself are named below. Who is logged in, and on which connection to the
target, is `recorder.hop.connection`'s to know.
"""

from __future__ import annotations

from typing import Protocol

import asyncssh
from asyncssh.constants import OPEN_ADMINISTRATIVELY_PROHIBITED

from recorder.hop.adoption import adopt
from recorder.hop.forward_tap import ForwardTap, RemoteAddress, forwards_of
from recorder.hop.link import Link
from recorder.hop.relay import Opening, Tap, relay_channel
from recorder.hop.session_tap import SessionTap
from recorder.hop.target_link import TargetLink
from recorder.recording.journal import RemoteForward
from recorder.recording.writer import RecordingWriter

_SESSION = b"session"
_NO_MORE_SESSIONS = b"no-more-sessions@openssh.com"
_HOST_KEYS_PROVE = b"hostkeys-prove-00@openssh.com"


class ConnectionContext(Protocol):
    """What a link needs to know of its connection."""

    number: int
    user: str
    writer: RecordingWriter

    @property
    def upstream(self) -> asyncssh.SSHClientConnection:
        """The connection to the target, logged in.

        Raises:
            asyncssh.ConnectionLost: There is none.

        """

    def next_channel(self) -> int:
        """Return the number of a new channel, from 1."""


class CandidateLink(Link, asyncssh.SSHServerConnection):
    """A candidate's connection whose channels end on the target."""

    _context: ConnectionContext
    _target: TargetLink | None
    _sealed: bool

    @classmethod
    def adopt(
        cls, connection: asyncssh.SSHServerConnection, context: ConnectionContext
    ) -> CandidateLink:
        """Make a connection that asyncssh has made, and that nobody has used yet, a link."""
        link = adopt(connection, cls)
        link._context = context  # noqa: SLF001 (its own)
        link._target = None  # noqa: SLF001 (its own)
        link._sealed = False  # noqa: SLF001 (its own)
        link.begin_relaying()
        return link

    @property
    def _far(self) -> TargetLink:
        target = TargetLink.adopt(self._context.upstream)
        if target is not self._target:
            self._target = target
            target.attach(self)
        return target

    # What a link decides.

    def peers(self) -> list[Link]:
        """Return the link to the target; what it sends goes here."""
        return [] if self._target is None else [self._target]

    def channel_wanted(self, opening: Opening) -> None:
        """Ask the target."""
        tap: Tap
        if opening.kind != _SESSION:
            tap = self.new_forward(opening)
        elif self._sealed:
            raise asyncssh.ChannelOpenError(OPEN_ADMINISTRATIVELY_PROHIBITED, "open failed")
        else:
            tap = SessionTap(self._context, self._asked_for_service)
        try:
            relay_channel(opening, self, self._far, tap, from_candidate=True)
        except (asyncssh.Error, OSError) as error:
            tap.refused(str(error))
            raise

    def new_forward(self, opening: Opening) -> ForwardTap:
        """Return what watches a channel that is no session."""
        context = self._context
        return ForwardTap(context.writer, context.number, context.next_channel, opening)

    def peer_for(self, request: bytes) -> Link | None:
        """Let the target answer, but not about the hop's own keys.

        That no more sessions will come is the hop's to enforce: on the target it would hold for
        everybody who shares the link.
        """
        if request == _NO_MORE_SESSIONS:
            self._sealed = True
            return None
        if request == _HOST_KEYS_PROVE:
            return None
        try:
            return self._far
        except (asyncssh.Error, OSError):
            return None

    def answered(self, request: bytes, details: bytes, answer: bytes | None) -> None:
        """Record what the target listens to for the candidate."""
        forward = forwards_of(request, details, answer)
        if forward is None or self._target is None:
            return
        address, state = forward
        self._note_forward(self._target, address, state)
        self._context.writer.log(
            RemoteForward(
                t=self._context.writer.now(),
                connection=self._context.number,
                address=address.shown,
                state=state,
            )
        )

    def _note_forward(self, target: TargetLink, address: RemoteAddress, state: str) -> None:
        if state == "listening":
            target.listens(address, self)
        elif state == "cancelled":
            target.listens_no_more(address)

    def _asked_for_service(self) -> None:
        if self._target is not None:
            self._target.serves(self)

    def _cleanup(self, exc: Exception | None) -> None:
        super()._cleanup(exc)
        if self._target is not None:
            self._target.detach(self)
