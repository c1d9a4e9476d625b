"""Journal lines about connections: who logged in and how, and the ports that are passed on.

What happens on a session channel is in `recorder.recording.channel_entries`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from recorder.recording.entry import Entry, Flow

_CAUSES = frozenset({None, "refused", "unreachable", "banned", "hop"})

ForwardKind = Literal["local", "local-socket", "remote", "remote-socket", "agent", "x11", "other"]


class ConnectionOpened(Entry):
    """A TCP connection reached the listener; nobody has logged in yet."""

    event: Literal["connection-opened"] = "connection-opened"
    connection: int
    peer: str
    client: str | None = None


class LoginAttempt(Entry):
    """One try of the candidate's to log in, replayed on the target; never a secret.

    ``methods`` are those that the target offered then, in its order. ``outcome``: ``accepted`` is
    in; ``refused`` is the target's own answer; ``partial`` is its wish for a further method;
    ``error`` is neither, and no lock-out.

    ``cause`` says whose answer a failure was: ``refused`` the target's; ``unreachable``, nobody
    answers there; ``banned``, the target or a firewall before it shuts the hop out; ``hop``, the
    hop's own fault. ``detail`` says so in words.

    Two facts that are not one: ``target`` tells whether it accepts what was shown, null where it
    was not asked, and ``hop`` the way in which the hop followed: ``relayed`` as it came or, after
    a key, by the ``password`` given earlier, its ``management-key`` or an ``open-connection``; null
    where it did not. ``fingerprint`` is that of the key, or of a certificate's key.
    """

    event: Literal["login-attempt"] = "login-attempt"
    connection: int
    user: str
    method: str
    methods: tuple[str, ...] = ()
    outcome: Literal["accepted", "partial", "refused", "error"]
    cause: Literal["refused", "unreachable", "banned", "hop"] | None = None
    detail: str | None = None
    fingerprint: str | None = None
    target: Literal["accepts", "refuses"] | None = None
    hop: Literal["relayed", "password", "management-key", "open-connection"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _words_of_old(cls, values: Any) -> Any:  # whatever JSON holds
        """Read a cause in words, as recordings had it before causes were told apart."""
        if isinstance(values, dict) and values.get("cause") not in _CAUSES:
            return {**values, "detail": values["cause"], "cause": None}
        return values


class ConnectionClosed(Entry):
    """A connection ended; ``reason`` is one short sentence."""

    event: Literal["connection-closed"] = "connection-closed"
    connection: int
    reason: str


class ForwardOpened(Entry):
    """A forwarded connection was asked for; its number is one of the connection's channels.

    ``local`` ones go from the candidate to ``address`` as the target sees it (``ssh -L``, ``-D``,
    ``-W``, ``-J``), ``remote`` ones came to ``address`` on the target and go to the candidate, as
    do the agent's and X11's. ``origin`` is who connected, as the opening end said.
    """

    event: Literal["forward-opened"] = "forward-opened"
    connection: int
    channel: int
    kind: ForwardKind
    address: str | None = None
    origin: str | None = None


class ForwardClosed(Entry):
    """A forwarded connection ended; ``refused`` says why there was none.

    Only sizes, times and digests are kept: ``in`` went to the target, ``out`` came from it.
    """

    event: Literal["forward-closed"] = "forward-closed"
    connection: int
    channel: int
    refused: str | None = None
    flows: tuple[Flow, ...] = ()


class RemoteForward(Entry):
    """What became of the client's wish that the target listen on an address (``ssh -R``).

    ``address`` is HOST:PORT, the port being the one that it listens on, or the path of a socket.
    """

    event: Literal["remote-forward"] = "remote-forward"
    connection: int
    address: str
    state: Literal["listening", "refused", "cancelled"]


class PortRelayOpened(Entry):
    """Somebody connected to one of the ports that are passed on; ``port`` is the target's.

    ``relay`` counts these connections, from 1.
    """

    event: Literal["port-relay-opened"] = "port-relay-opened"
    relay: int
    port: int
    peer: str


class PortRelayClosed(Entry):
    """Such a connection ended; as `ForwardClosed`."""

    event: Literal["port-relay-closed"] = "port-relay-closed"
    relay: int
    refused: str | None = None
    flows: tuple[Flow, ...] = ()
