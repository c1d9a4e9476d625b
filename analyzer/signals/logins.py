"""What the journal tells of a session's connections: who logs in, and what stays open beside it.

No signal and no pattern is known here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from recorder.recording.journal import LoginAttempt

_QUESTION = "none"
"""How every client begins: it asks what is offered (RFC 4252, section 5.2)."""
_TYPED = frozenset({"password", "keyboard-interactive"})
"""Methods that every client can try; the others need a key or a ticket."""


@dataclass(slots=True)
class Login:
    """One connection of the candidate's; ``place`` stays the same for ever."""

    number: int
    place: str
    user: str | None = None
    host: str | None = None
    attempts: list[LoginAttempt] = field(default_factory=list)
    channels: dict[int, float] = field(default_factory=dict)
    """Channels that are open now, and when each was opened, in seconds of the session."""
    used: bool = False
    """Whether a channel was ever opened in it."""

    @property
    def outcome(self) -> str:
        """What was answered to it: accepted, refused, error, or unknown as yet."""
        tried = [each for each in self.attempts if not _only_asks(each)]
        # Half of what the target wants is no answer yet.
        return tried[-1].outcome if tried and tried[-1].outcome != "partial" else "unknown"

    @property
    def answered(self) -> bool:
        """Whether the target judged what was shown, also where the hop could not follow."""
        return any(each.target and not _only_asks(each) for each in self.attempts)

    def close(self) -> None:
        """Note that the connection is gone."""
        self.channels.clear()

    @property
    def ended_outcome(self) -> str:
        """What was answered, when nothing more comes.

        Who only asks, and is offered nothing that could be typed, was refused for want of a key.
        """
        offered = set(self.attempts[-1].methods) if self.attempts else set()
        only_asked = self.attempts and self.outcome == "unknown"
        return "refused" if only_asked and offered and not offered & _TYPED else self.outcome

    def offers(self) -> frozenset[str]:
        """Return the methods that the target said it takes, as it said last; none if it did not."""
        return frozenset(next((a.methods for a in reversed(self.attempts) if a.methods), ()))

    def words(self) -> str:
        """Say what was tried."""
        tried = [
            f"{a.user} by {a.method}: {_end(a)}" for a in self.attempts if a.method != _QUESTION
        ]
        if tried:
            return "login of " + ", ".join(tried)
        for attempt in self.attempts:
            if attempt.outcome == "accepted":
                return f"login of {attempt.user} without being asked for anything"
            if attempt.outcome == "error":
                return f"login of {attempt.user}: {_end(attempt)}"
            offered = ", ".join(attempt.methods) or "nothing"
            return f"login of {attempt.user}: {offered} was offered, nothing was tried"
        return "a login was begun and given up"


class Logins:
    """All connections of a session."""

    def __init__(self) -> None:
        self._logins: dict[int, Login] = {}

    def open(self, number: int, place: str) -> None:
        """Note a new connection."""
        self._logins[number] = Login(number, place)

    def __getitem__(self, number: int) -> Login:
        """Return a connection, also one whose beginning was not seen."""
        return self._logins.setdefault(number, Login(number, f"connection-{number}"))

    def alone(self, login: Login) -> bool:
        """Whether no other connection has a channel open."""
        return not any(other.channels for other in self._logins.values() if other is not login)

    def beside(self, login: Login, since: float) -> Login | None:
        """Return an earlier connection with a channel that has been open since ``since``."""
        for other in self._logins.values():
            opened = other.channels.values()
            if other.number < login.number and any(t <= since for t in opened):
                return other
        return None


def _end(attempt: LoginAttempt) -> str:
    """Say how a try ended; a fault that is not the candidate's is named."""
    if attempt.outcome != "error" or attempt.cause is None:
        return attempt.outcome
    accepted = "accepted by the target, " if attempt.target == "accepts" else ""
    return f"{accepted}error ({attempt.cause})"


def _only_asks(attempt: LoginAttempt) -> bool:
    return attempt.method == _QUESTION and attempt.outcome == "refused"
