"""Logins and refusals as an SSH client printed them: all that recordings of other tools tell.

Only what a terminal showed before its first prompt is read. Where the jump host saw the login
itself, this is not asked. No signal is known here. The words are those of OpenSSH's client.
"""

from __future__ import annotations

import re

from analyzer.commands.run import Greeting
from recorder.recording.journal import LoginAttempt

_SSH = re.compile(r"^\s*(?:\S*/)?(?:ssh|slogin|autossh|sshpass\s.*\bssh)(?:\s|$)")
_SHOWS_SSH = re.compile(r"^\S+@\S+'s password: ?|^Last login: |: Permission denied \([\w,-]+\)\.")
_DENIED = re.compile(r"^(?:(?P<user>[^\s@]+)@)?\S+: Permission denied \((?P<methods>[\w,-]*)\)\.")
_AGAIN = re.compile(r"^Permission denied, please try again\.")
_ASKED = re.compile(r"^(?P<user>[^\s@]+)@\S+'s password: ?")
_TOO_MANY = re.compile(r"Too many authentication failures")
_NO_ANSWER = re.compile(
    r"^ssh: (?:connect to host|Could not resolve)|^kex_exchange_identification:"
    r"|^Connection (?:closed|reset|timed out)|^Host key verification failed\."
)
_LOGIN_NAME = re.compile(r"(?:^|\s)(?:-l\s*(?P<option>[\w.-]+)|(?P<user>[\w.-]+)@[\w.:\[-]+)")
_KEY = re.compile(r"(?:^|\s)(?:-i|(?:-o\s*)?IdentityFile\b)", re.IGNORECASE)
_NOBODY = "somebody"
"""Who logs in where neither the command nor the client says it."""


def printed_attempts(greeting: Greeting, command: str | None) -> list[LoginAttempt]:
    """Return the tries to log in that a terminal shows, none where it shows no SSH client.

    Args:
        greeting: What was shown before the first prompt, or before the end.
        command: What the terminal ran, where that is known.

    """
    lines = greeting.lines
    if not (command and _SSH.match(command)) and not any(map(_SHOWS_SSH.search, lines)):
        return []
    asked = next((match for line in lines if (match := _ASKED.match(line))), None)
    denied = next((match for line in reversed(lines) if (match := _DENIED.match(line))), None)
    user = _user(command, asked or denied)
    too_many = any(map(_TOO_MANY.search, lines))
    by_key = greeting.prompted or too_many or _KEY.search(command or "")
    # Who was asked for nothing showed a key, or had nothing to show.
    method = "password" if asked else "publickey" if by_key else "none"
    tries = [
        _attempt(greeting, user, "password", "refused") for line in lines if _AGAIN.match(line)
    ]
    if greeting.prompted:
        tries.append(_attempt(greeting, user, method, "accepted"))
    elif denied or too_many:
        methods = tuple(denied["methods"].split(",")) if denied else ()
        tries.append(_attempt(greeting, user, method, "refused", methods))
    elif any(map(_NO_ANSWER.search, lines)):
        tries.append(_attempt(greeting, user, method, "error"))
    return tries


def _attempt(
    greeting: Greeting, user: str, method: str, outcome: str, methods: tuple[str, ...] = ()
) -> LoginAttempt:
    return LoginAttempt.model_validate(
        {
            "t": greeting.t,
            "connection": greeting.place[0],
            "user": user,
            "method": method,
            "methods": methods,
            "outcome": outcome,
        }
    )


def _user(command: str | None, printed: re.Match[str] | None) -> str:
    if printed is not None and printed["user"]:
        return printed["user"]
    match = _LOGIN_NAME.search(command or "")
    return (match["option"] or match["user"]) if match else _NOBODY
