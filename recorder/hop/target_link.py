"""The link to the target, once somebody is logged in on it.

What the target wants of a client (a channel for a remote forward, the agent, X11; an answer to its
keep-alive) is the candidate's to give or to refuse, never the hop's: nothing is ever opened on the
machine that the hop runs on. Several connections of a candidate's may share one link.
"""

from __future__ import annotations

from typing import Protocol, cast

import asyncssh
from asyncssh.constants import OPEN_ADMINISTRATIVELY_PROHIBITED

from recorder.hop.adoption import adopt
from recorder.hop.forward_tap import RemoteAddress, listening_address
from recorder.hop.link import BUFFER_LIMIT, Link
from recorder.hop.relay import Opening, Tap, relay_channel

SHARED_BUFFER_LIMIT = 4 * 1024 * 1024
"""Bytes that may wait for one of several who share a link, before all of them are held up."""

_HOST_KEYS = b"hostkeys-00@openssh.com"


class Client(Protocol):
    """A candidate's link, as the target's knows it."""

    def new_forward(self, opening: Opening) -> Tap:
        """Return what watches a channel that the target opens."""


class TargetLink(Link, asyncssh.SSHClientConnection):
    """A connection to the target whose channels end on the candidate's side."""

    @classmethod
    def adopt(cls, connection: asyncssh.SSHClientConnection) -> TargetLink:
        """Make a connection that asyncssh has made a link; the same one each time."""
        if not isinstance(connection, cls):
            link = adopt(connection, cls)
            link._clients = []  # noqa: SLF001 (its own)
            link._listeners = {}  # noqa: SLF001 (its own)
            link._served = None  # noqa: SLF001 (its own)
            link.begin_relaying()
            return link
        return connection

    _clients: list[Link]
    _listeners: dict[RemoteAddress, Link]
    _served: Link | None

    def attach(self, client: Link) -> None:
        """Take note of a candidate's link that uses this one."""
        if client not in self._clients:
            self._clients.append(client)
            self._share()

    def detach(self, client: Link) -> None:
        """Forget a candidate's link that is gone, and end what the target listens to for it."""
        if client not in self._clients:
            return
        self._clients.remove(client)
        self.release(client)
        if self._served is client:
            self._served = None
        for address, owner in list(self._listeners.items()):
            if owner is client:
                del self._listeners[address]
                self._send_global_request(address.cancel_request, address.encoded)
        self._share()

    def _share(self) -> None:
        limit = BUFFER_LIMIT if len(self._clients) <= 1 else SHARED_BUFFER_LIMIT
        for client in self._clients:
            client.limit_buffer(limit)

    def listens(self, address: RemoteAddress, client: Link) -> None:
        """Remember whom connections to an address of the target's belong to."""
        self._listeners[address] = client

    def listens_no_more(self, address: RemoteAddress) -> None:
        """Forget an address."""
        self._listeners.pop(address, None)

    def serves(self, client: Link) -> None:
        """Remember who asked last for the agent or X11 to be forwarded."""
        self._served = client

    # What a link decides.

    def peers(self) -> list[Link]:
        """Return the candidate's links; what they send goes here."""
        return self._clients

    def channel_wanted(self, opening: Opening) -> None:
        """Let the candidate's client decide."""
        client = self._client_for(opening)
        if client is None:
            raise asyncssh.ChannelOpenError(OPEN_ADMINISTRATIVELY_PROHIBITED, "open failed")
        tap = cast("Client", client).new_forward(opening)
        relay_channel(opening, self, client, tap, from_candidate=False)

    def _client_for(self, opening: Opening) -> Link | None:
        address = listening_address(opening)
        if address is not None and address in self._listeners:
            return self._listeners[address]
        if self._served is not None:
            return self._served
        return self._clients[-1] if self._clients else None

    def peer_for(self, request: bytes) -> Link | None:
        """Let the candidate's client answer, but not about host keys: those that it sees differ."""
        if request == _HOST_KEYS or not self._clients:
            return None
        return self._clients[0]

    def _cleanup(self, exc: Exception | None) -> None:
        clients = list(self._clients)
        for client in clients:
            # Before the channels are closed: a client takes that for the end of its program.
            client.end_like(exc)
        super()._cleanup(exc)
        self._clients.clear()
