"""A session's connections, as the journal tells of them: who is behind a terminal, who logs in.

Between the journal's lines and `analyzer.signals.logins`, which keeps them. No pattern belongs
here.
"""

from __future__ import annotations

from analyzer.commands.run import Run
from analyzer.signals.facts import LoginTried
from analyzer.signals.kinds.account import Owner
from analyzer.signals.logins import Logins
from recorder.recording.events import Logged
from recorder.recording.journal import (
    ChannelClosed,
    ChannelOpened,
    ConnectionClosed,
    ConnectionOpened,
    LoginAttempt,
)


class Connections:
    """All connections of a session, and who is behind each."""

    def __init__(self) -> None:
        self.logins = Logins()

    def observe(self, event: Logged) -> LoginTried | None:
        """Take in a line of the journal; return the login that it says more of."""
        match event.entry:
            case ConnectionOpened(connection=number):
                self.logins.open(number, f"session-{event.place.offset:012d}")
            case LoginAttempt() as attempt:
                return self.tried(attempt)
            case ChannelOpened(connection=number, channel=channel, user=user, t=t):
                login = self.logins[number]
                login.channels[channel] = t
                login.used = True
                login.user = login.user or user
            case ChannelClosed(connection=number, channel=channel):
                self.logins[number].channels.pop(channel, None)
            case ConnectionClosed(connection=number, t=t):
                login = self.logins[number]
                login.close()
                alone = self.logins.alone(login)
                return None if login.used else LoginTried(t=t, login=login, ended=True, alone=alone)
            case _:
                pass
        return None

    def tried(self, attempt: LoginAttempt, *, inferred: bool = False) -> LoginTried:
        """Take in a try to log in; return what its connection has come to."""
        login = self.logins[attempt.connection]
        login.attempts.append(attempt)
        if attempt.outcome == "accepted":
            login.user = attempt.user
        alone = self.logins.alone(login)
        return LoginTried(t=attempt.t, login=login, ended=False, alone=alone, inferred=inferred)

    def learn(self, run: Run) -> None:
        """Take from a command who logged in where, if nobody else has said it."""
        login = self.logins[run.command.connection]
        if run.command.depth == 0 and run.command.kind == "command":
            login.user = login.user or run.command.user
            login.host = login.host or run.command.host

    def owner(self, run: Run) -> Owner:
        """Return who is behind the terminal that a command ran on."""
        login = self.logins[run.command.connection]
        return Owner(user=login.user, host=login.host)
