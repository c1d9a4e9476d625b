"""Finds the occurrences of signals in a session's commands and logins.

Synchronous and pure: events come in order, time is the recording's, tags go out. The same tag comes
again, under the same id, when more is known of it. No signal is known here by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from analyzer.commands.run import Run
from analyzer.records import Evidence, Tag
from analyzer.signals.match import CommandMatcher, Owner, Seen
from analyzer.signals.redaction import redact
from analyzer.signals.schema import LoginPattern, Pattern, Rules, Signal
from recorder.recording.events import Logged
from recorder.recording.journal import (
    ChannelClosed,
    ChannelOpened,
    ConnectionClosed,
    ConnectionOpened,
    LoginAttempt,
)

_TEXT_MOST = 300
_NO_METHOD = "none"
"""How every client begins: it asks what is offered (RFC 4252, section 5.2)."""
_DOUBT = 0.7
"""What is left of the confidence where the outcome was not seen."""


@dataclass(slots=True)
class _Connection:
    number: int
    place: str
    user: str | None = None
    host: str | None = None
    attempts: list[LoginAttempt] = field(default_factory=list)
    channels: set[int] = field(default_factory=set)
    used: bool = False
    """Whether a channel was ever opened in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """One pattern that was found; ``place`` stays the same however often it is looked at."""

    t: float
    place: str
    outcome: str
    confidence: float
    evidence: tuple[Evidence, ...]


class _Prepared:
    """One pattern, ready to be held against events."""

    def __init__(self, pattern: Pattern, rules: Rules) -> None:
        self.login: LoginPattern | None = pattern.login
        self.command: CommandMatcher | None = None
        if pattern.command is not None:
            self.command = CommandMatcher(pattern, pattern.command, rules)


class _Watch:
    """One signal and what it remembers."""

    def __init__(self, signal: Signal, rules: Rules) -> None:
        self.signal = signal
        self.when = [_Prepared(pattern, rules) for pattern in signal.when]
        self.after = [_Prepared(pattern, rules) for pattern in signal.after]
        self.before: _Match | None = None
        self.tags: dict[str, Tag] = {}


class Engine:
    """All signals of some rules over one session."""

    def __init__(self, rules: Rules) -> None:
        self._watches = [_Watch(signal, rules) for signal in rules.signal]
        self._connections: dict[int, _Connection] = {}

    def observe(self, event: Logged) -> list[Tag]:
        """Take in a line of the journal."""
        match event.entry:
            case ConnectionOpened(connection=number):
                place = f"session-{event.place.offset:012d}"
                self._connections[number] = _Connection(number, place)
            case LoginAttempt() as attempt:
                return self._attempt(attempt)
            case ChannelOpened(connection=number, channel=channel, user=user):
                connection = self._connection(number)
                connection.channels.add(channel)
                connection.used = True
                connection.user = connection.user or user
            case ChannelClosed(connection=number, channel=channel):
                self._connection(number).channels.discard(channel)
            case ConnectionClosed(connection=number, t=t):
                return self._closed(number, t)
            case _:
                pass
        return []

    def observe_run(self, run: Run) -> list[Tag]:
        """Take in a command, each time that more is known of it."""
        connection = self._connection(run.command.connection)
        if run.command.depth == 0 and run.command.kind == "command":
            connection.user = connection.user or run.command.user
            connection.host = connection.host or run.command.host
        if run.state == "started":
            return []
        owner = Owner(user=connection.user, host=connection.host)
        tags: list[Tag] = []
        for watch in self._watches:
            found = _first_run(watch.when, run, owner)
            if found is not None:
                tags += self._fire(watch, found)
            change = _first_run(watch.after, run, owner)
            if change is not None:
                watch.before = change
        return tags

    def _connection(self, number: int) -> _Connection:
        return self._connections.setdefault(number, _Connection(number, f"connection-{number}"))

    def _attempt(self, attempt: LoginAttempt) -> list[Tag]:
        connection = self._connection(attempt.connection)
        connection.attempts.append(attempt)
        if attempt.outcome == "accepted":
            connection.user = attempt.user
        return self._login(connection, attempt.t, attempt.outcome)

    def _closed(self, number: int, t: float) -> list[Tag]:
        connection = self._connection(number)
        connection.channels.clear()
        if connection.attempts or connection.used:
            return []
        return self._login(connection, t, "unknown")

    def _login(self, connection: _Connection, t: float, outcome: str) -> list[Tag]:
        tags: list[Tag] = []
        for watch in self._watches:
            for kind, patterns in (("when", watch.when), ("after", watch.after)):
                fits = any(
                    prepared.login and self._login_fits(prepared.login, connection, outcome)
                    for prepared in patterns
                )
                if not fits:
                    continue
                found = self._login_match(connection, t, outcome)
                if kind == "when":
                    tags += self._fire(watch, found)
                else:
                    watch.before = found
        return tags

    def _login_fits(self, pattern: LoginPattern, connection: _Connection, outcome: str) -> bool:
        if outcome not in pattern.outcome:
            return False
        return not pattern.while_open or self._open_before(connection) is not None

    def _open_before(self, connection: _Connection) -> _Connection | None:
        for other in self._connections.values():
            if other.number < connection.number and other.channels:
                return other
        return None

    def _login_match(self, connection: _Connection, t: float, outcome: str) -> _Match:
        other = self._open_before(connection)
        text = _login_text(connection.attempts)
        if other is not None:
            text += f"; connection {other.number} stayed open"
        first = connection.attempts[0].t if connection.attempts else t
        evidence = Evidence(
            kind="login", t=first, text=text[:_TEXT_MOST], connection=connection.number
        )
        answered = outcome in {"accepted", "refused"}
        return _Match(
            t=first,
            place=connection.place,
            outcome="ok" if answered else "unknown",
            confidence=1.0 if answered else _DOUBT,
            evidence=(evidence,),
        )

    def _fire(self, watch: _Watch, found: _Match) -> list[Tag]:
        """Make the tag, or make it again; an outcome that was seen is not unseen."""
        known = watch.tags.get(found.place)
        if known is None and watch.tags and watch.signal.fires == "first":
            return []
        if watch.after and watch.before is None:
            return []
        before = watch.before if watch.after else None
        outcome = "ok" if known and known.outcome == "ok" else found.outcome
        chances = [found.confidence, *([before.confidence] if before else [])]
        evidence = (*(before.evidence if before else ()), *found.evidence)
        tag = Tag(
            id=f"{watch.signal.id}-{found.place}",
            signal=watch.signal.id,
            topic=watch.signal.topic,
            t=found.t,
            until=None,
            outcome="ok" if outcome == "ok" else "unknown",
            confidence=round(min(chances), 3),
            detector="rule",
            evidence=evidence,
        )
        if tag == known:
            return []
        watch.tags[found.place] = tag
        return [tag]


def _first_run(patterns: list[_Prepared], run: Run, owner: Owner) -> _Match | None:
    """Return the best of the patterns that a command is: one whose success was seen, if any."""
    best: _Match | None = None
    for prepared in patterns:
        seen = prepared.command.match(run, owner) if prepared.command else None
        if seen is None or seen.verdict in {"failed", "pending"}:
            continue
        found = _run_match(seen)
        if best is None or (best.outcome != "ok" and found.outcome == "ok"):
            best = found
    return best


def _run_match(seen: Seen) -> _Match:
    command = seen.run.command
    place = {"connection": command.connection, "channel": command.channel}
    evidence = [
        Evidence(kind="command", t=command.t, text=redact(command.text)[:_TEXT_MOST], **place)
    ]
    if seen.line is not None:
        line = redact(seen.line)[:_TEXT_MOST]
        evidence.append(Evidence(kind="output", t=seen.run.t, text=line, **place))
    sure = seen.verdict == "ok"
    return _Match(
        t=seen.run.t,
        place=command.id,
        outcome="ok" if sure else "unknown",
        confidence=command.confidence * (1.0 if sure else _DOUBT),
        evidence=tuple(evidence),
    )


def _login_text(attempts: list[LoginAttempt]) -> str:
    """Say in words what was tried on one connection."""
    words = [f"{a.user} by {a.method}: {a.outcome}" for a in attempts if a.method != _NO_METHOD]
    if words:
        return "login of " + ", ".join(words)
    for attempt in attempts:
        if attempt.outcome == "accepted":
            return f"login of {attempt.user} without being asked for anything"
        offered = ", ".join(attempt.methods) or "nothing"
        return f"login of {attempt.user}: {attempt.outcome}, {offered} was offered"
    return "a login was begun and given up"
