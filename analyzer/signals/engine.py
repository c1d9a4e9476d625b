"""Finds the occurrences of signals in a session's commands and logins.

Synchronous and pure: events come in order, time is the recording's, tags go out. The same tag comes
again, under the same id, when more is known of it. No signal is known here by name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from analyzer.commands.run import Greeting, Run
from analyzer.records import Evidence, Tag
from analyzer.signals.logins import Login, Logins
from analyzer.signals.match import CommandMatcher, Owner, Seen
from analyzer.signals.printed_logins import printed_attempts
from analyzer.signals.schema import LoginPattern, Pattern, Rules, Signal
from analyzer.signals.verdict import Verdict, Words, compiled
from recorder.recording.events import Logged
from recorder.recording.journal import (
    ChannelClosed,
    ChannelOpened,
    ConnectionClosed,
    ConnectionOpened,
    Imported,
    LoginAttempt,
)
from recorder.recording.redaction import redact

_TEXT_MOST = 300
_DOUBT = 0.7
"""What is left of the confidence where the outcome was not seen."""
_PRINTED = 0.9
"""What is left of the confidence where a login is only known by what its client printed."""
_GREETING = 0.95
"""Confidence in what a login's greeting says: the account is the one that logs in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """One pattern that was found; ``place`` stays the same however often it is looked at."""

    t: float
    place: str
    sure: bool
    confidence: float
    evidence: tuple[Evidence, ...]
    beside: Login | None = None
    """For a login: what stayed open beside it."""


@dataclass(frozen=True, slots=True)
class _Fired:
    """A tag as it was given last, and what came before it."""

    tag: Tag
    before: _Match | None
    found: _Match


class _Prepared:
    """One pattern, ready to be held against events."""

    def __init__(self, pattern: Pattern, rules: Rules) -> None:
        self.login: LoginPattern | None = pattern.login
        self.command: CommandMatcher | None = None
        if pattern.command is not None:
            self.command = CommandMatcher(pattern, pattern.command, rules)
        self._greeting = compiled(pattern.greeting, rules)
        self._words = Words(pattern, rules)

    def greeted(self, lines: tuple[str, ...]) -> tuple[Verdict, str | None] | None:
        """Judge a greeting; None where it is another."""
        if not self._greeting:
            return None
        if not all(any(each.search(line) for line in lines) for each in self._greeting):
            return None
        verdict, line = self._words.verdict(lines, own=True)
        return verdict or self._words.silent, line


class _Watch:
    """One signal and what it remembers."""

    def __init__(self, signal: Signal, rules: Rules) -> None:
        self.signal = signal
        self.when = [_Prepared(pattern, rules) for pattern in signal.when]
        self.after = [_Prepared(pattern, rules) for pattern in signal.after]
        self.before: _Match | None = None
        self.fired: dict[str, _Fired] = {}

    def fire(self, found: _Match) -> list[Tag]:
        """Make the tag, or make it again; an outcome that was seen is not unseen."""
        known = self.fired.get(found.place)
        if known is None and self.fired and self.signal.fires == "first":
            return []
        if self.after and self.before is None:
            return []
        before = known.before if known else self.before if self.after else None
        sure = found.sure or (known is not None and known.tag.outcome == "ok")
        tag = Tag(
            id=f"{self.signal.id}-{found.place}",
            signal=self.signal.id,
            topic=self.signal.topic,
            t=found.t,
            until=None,
            outcome="ok" if sure else "unknown",
            confidence=round(min(found.confidence, before.confidence if before else 1.0), 3),
            detector="rule",
            evidence=(*(before.evidence if before else ()), *found.evidence),
        )
        if known is not None and tag == known.tag:
            return []
        self.fired[found.place] = _Fired(tag, before, found)
        return [tag]


class Engine:
    """All signals of some rules over one session."""

    def __init__(self, rules: Rules) -> None:
        self._watches = [_Watch(signal, rules) for signal in rules.signal]
        self._logins = Logins()
        self._imported: dict[int, str | None] = {}

    def observe(self, event: Logged) -> list[Tag]:
        """Take in a line of the journal."""
        match event.entry:
            case ConnectionOpened(connection=number):
                self._logins.open(number, f"session-{event.place.offset:012d}")
            case Imported(connection=number, command=command):
                self._imported[number] = command
            case LoginAttempt() as attempt:
                return self._attempt(attempt)
            case ChannelOpened(connection=number, channel=channel, user=user, t=t):
                login = self._logins[number]
                login.channels[channel] = t
                login.used = True
                login.user = login.user or user
            case ChannelClosed(connection=number, channel=channel):
                self._logins[number].channels.pop(channel, None)
            case ConnectionClosed(connection=number, t=t):
                return self._closed(number, t)
            case _:
                pass
        return []

    def observe_run(self, run: Run) -> list[Tag]:
        """Take in a command, each time that more is known of it."""
        login = self._logins[run.command.connection]
        if run.command.depth == 0 and run.command.kind == "command":
            login.user = login.user or run.command.user
            login.host = login.host or run.command.host
        if run.state == "started":
            return []
        owner = Owner(user=login.user, host=login.host)
        tags: list[Tag] = []
        for watch in self._watches:
            if found := _first_run(watch.when, run, owner):
                tags += watch.fire(found)
            if change := _first_run(watch.after, run, owner):
                watch.before = change
        return tags

    def observe_greeting(self, greeting: Greeting) -> list[Tag]:
        """Take in what a terminal showed before its first prompt."""
        tags = self._printed(greeting)
        for watch in self._watches:
            if found := _first_greeting(watch.when, greeting):
                tags += watch.fire(found)
            if change := _first_greeting(watch.after, greeting):
                watch.before = change
        return tags

    def _printed(self, greeting: Greeting) -> list[Tag]:
        """Infer logins where nobody saw them but the client that printed how they went."""
        number = greeting.place[0]
        if number not in self._imported:
            return []
        attempts = printed_attempts(greeting, self._imported[number])
        tags = [tag for attempt in attempts for tag in self._attempt(attempt)]
        return [
            replace(tag, detector="inferred", confidence=round(tag.confidence * _PRINTED, 3))
            for tag in tags
        ]

    def _attempt(self, attempt: LoginAttempt) -> list[Tag]:
        login = self._logins[attempt.connection]
        login.attempts.append(attempt)
        if attempt.outcome == "accepted":
            login.user = attempt.user
        return self._login(login, attempt.t, login.outcome)

    def _closed(self, number: int, t: float) -> list[Tag]:
        login = self._logins[number]
        login.close()
        if login.used:
            return []
        return self._login(login, t, login.ended_outcome)

    def _login(self, login: Login, t: float, outcome: str) -> list[Tag]:
        tags: list[Tag] = []
        for watch in self._watches:
            if found := self._login_match(watch, watch.when, login, t, outcome):
                tags += watch.fire(found)
            if change := self._login_match(watch, watch.after, login, t, outcome):
                watch.before = change
        return tags

    def _login_match(
        self, watch: _Watch, patterns: list[_Prepared], login: Login, t: float, outcome: str
    ) -> _Match | None:
        """Hold a login against patterns; once it was tagged, only more is told of it."""
        logins = [prepared.login for prepared in patterns if prepared.login]
        known = watch.fired.get(login.place)
        if not logins:
            return None
        if known is not None:
            return _login_found(login, known.found.t, outcome, known.found.beside)
        # Without a change before it, being open at that moment is all that is asked.
        since = inf if watch.before is None else watch.before.t
        beside = self._logins.beside(login, since)
        for pattern in logins:
            if outcome in pattern.outcome and (beside is not None or not pattern.while_open):
                first = login.attempts[0].t if login.attempts else t
                return _login_found(login, first, outcome, beside)
        return None


def _login_found(login: Login, t: float, outcome: str, beside: Login | None) -> _Match:
    text = login.words()
    if beside is not None:
        text += f"; connection {beside.number} stayed open"
    evidence = Evidence(kind="login", t=t, text=text[:_TEXT_MOST], connection=login.number)
    answered = outcome in {"accepted", "refused"} or login.answered
    return _Match(
        t=t,
        place=login.place,
        sure=answered,
        confidence=1.0 if answered else _DOUBT,
        evidence=(evidence,),
        beside=beside,
    )


def _first_greeting(patterns: list[_Prepared], greeting: Greeting) -> _Match | None:
    """Return what a login's greeting says, where one of the patterns is that."""
    for prepared in patterns:
        verdict, line = prepared.greeted(greeting.lines) or (None, None)
        if verdict is None or verdict in {"failed", "pending"}:
            continue
        connection, channel = greeting.place
        evidence = Evidence(
            kind="output",
            t=greeting.t,
            text=redact(line or greeting.lines[-1])[:_TEXT_MOST],
            connection=connection,
            channel=channel,
        )
        sure = verdict == "ok"
        return _Match(
            t=greeting.t,
            place=f"greeting-{connection}-{channel}",
            sure=sure,
            confidence=_GREETING * (1.0 if sure else _DOUBT),
            evidence=(evidence,),
        )
    return None


def _first_run(patterns: list[_Prepared], run: Run, owner: Owner) -> _Match | None:
    """Return the best of the patterns that a command is: one whose success was seen, if any."""
    best: _Match | None = None
    for prepared in patterns:
        seen = prepared.command.match(run, owner) if prepared.command else None
        if seen is None or seen.verdict in {"failed", "pending"}:
            continue
        found = _run_match(seen)
        if best is None or (found.sure and not best.sure):
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
        sure=sure,
        confidence=command.confidence * (1.0 if sure else _DOUBT),
        evidence=tuple(evidence),
    )
