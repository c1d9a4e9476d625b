"""Who came, how they logged in or failed to, as of a moment, in an interviewer's words.

Whoever is inside is always told of, however many others knock. How many are looked back on is
bounded, as a candidate may knock as often as they like. Nothing of drawing belongs here.
"""

from __future__ import annotations

from analyzer.visible import plain
from recorder.recording.journal import (
    ChannelOpened,
    ConnectionRefused,
    ForwardOpened,
    LoginAttempt,
)
from tui.seat.desk.chronicle import Chronicle, Knock
from tui.seat.desk.values import Connection, Login, TurnedAway

LAST = 6
"""How many connections are told of beside those that are open."""

_LOOK_BACK = 300
"""How many are looked through for open ones."""

_LOGINS = 4
_CHANNELS = 4
_TURNED_AWAY = 3
_LONGEST = 120

_CAUSES = {
    "unreachable": "target unreachable",
    "banned": "target shuts us out",
    "hop": "our own fault",
}
_WHY = {
    "address": "address not admitted",
    "user": "not this machine's user",
    "startups": "too many at once",
}


def connections_at(chronicle: Chronicle, t: float) -> tuple[Connection, ...]:
    """Return those that are open at ``t``, then the last that were tried; both the newest first."""
    inside = [
        knock
        for knock in chronicle.inside.newest(t, _LOOK_BACK)
        if knock.closed is None or knock.closed.t > t
    ]
    numbers = {knock.number for knock in inside}
    tried = [
        knock
        for knock in chronicle.knocks.newest(t, LAST + len(inside))
        if knock.number not in numbers
    ]
    return tuple(_connection(knock, t) for knock in [*inside, *tried[:LAST]])


def _connection(knock: Knock, t: float) -> Connection:
    closed = knock.closed if knock.closed is not None and knock.closed.t <= t else None
    accepted = knock.accepted if knock.accepted is not None and knock.accepted.t <= t else None
    return Connection(
        number=knock.number,
        peer=host_of(knock.peer),
        opened=knock.opened,
        client=_short(knock.client),
        closed=None if closed is None else closed.t,
        reason="" if closed is None else _short(closed.reason),
        accepted=None if accepted is None else login_of(accepted),
        logins=tuple(login_of(each) for each in knock.attempts.newest(t, _LOGINS)),
        channels=tuple(_channel(each) for each in knock.channels.newest(t, _CHANNELS)),
    )


def login_of(attempt: LoginAttempt) -> Login:
    """Return a login attempt in words."""
    return Login(
        t=attempt.t,
        user=_short(attempt.user),
        method=_short(attempt.method),
        outcome=attempt.outcome,
        words=_outcome(attempt),
        methods=tuple(_short(each) for each in attempt.methods),
        detail=_short(attempt.detail or attempt.fingerprint or ""),
    )


def _outcome(attempt: LoginAttempt) -> str:
    match attempt.outcome:
        case "accepted":
            return "accepted"
        case "partial":
            return "accepted, more wanted"
        case "refused":
            return "refused"
        case "error":
            return _CAUSES.get(attempt.cause or "", "failed")


def _channel(entry: ChannelOpened | ForwardOpened) -> str:
    match entry:
        case ForwardOpened():
            return _short(f"forward {entry.address or entry.kind}")
        case ChannelOpened(kind="shell"):
            return "shell"
        case ChannelOpened():
            return _short(f"{entry.kind} {entry.command or ''}".strip())


def turned_away_at(chronicle: Chronicle, t: float) -> tuple[TurnedAway, ...]:
    """Return the last who were not let in, the newest first."""
    return tuple(_turned_away(each) for each in chronicle.turned_away.newest(t, _TURNED_AWAY))


def _turned_away(entry: ConnectionRefused) -> TurnedAway:
    return TurnedAway(
        t=entry.t, peer=host_of(entry.peer), why=_WHY[entry.reason], times=entry.times
    )


def host_of(peer: str) -> str:
    """Return the address of ADDRESS:PORT, which is all that an interviewer can use."""
    host, separator, port = peer.rpartition(":")
    return _short(host.strip("[]") if separator and port.isdigit() else peer)


def _short(text: str) -> str:
    return plain(text[:_LONGEST])
