"""How the hop gets in for a candidate whose key the target accepts and who proved to hold it.

A signature covers one connection's id, so no hop can pass a login by key on. It takes the first way
that is open: the password that this user gave earlier in the session, its own management key, or
another connection to the target that is logged in as the same user. Whether the target accepts the
candidate's key is not decided here, only how the hop follows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import asyncssh
from asyncssh.packet import String

from recorder.hop import userauth
from recorder.hop.login import UpstreamLogin
from recorder.hop.lost import TargetLostError

_log = logging.getLogger(__name__)

Way = Literal["relayed", "password", "management-key", "open-connection"]
_MOST_QUESTIONS = 8


class RememberedPasswords:
    """The passwords that the target took in this session: in memory, and never shown."""

    def __init__(self) -> None:
        self._passwords: dict[bytes, bytes] = {}

    def __repr__(self) -> str:
        """Tell how many there are."""
        return f"<{len(self._passwords)} remembered passwords>"

    def remember(self, user: bytes, password: bytes) -> None:
        """Keep the password that the target has just taken."""
        self._passwords[user] = password

    def recall(self, user: bytes) -> bytes | None:
        """Return the user's password, None where none was given."""
        return self._passwords.get(user)

    def forget(self, user: bytes) -> None:
        """Drop a password that the target takes no longer."""
        self._passwords.pop(user, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How the hop's own login went.

    Attributes:
        way: How it got in, None where it did not.
        login: The connection on which it is in.
        more: The target's refusal in which it asks for more than the key, to be passed on.
        detail: Why it did not get in, in words.

    """

    way: Way | None = None
    login: UpstreamLogin | None = None
    more: bytes | None = None
    detail: str = ""


def management_keys(path: Path | None) -> Sequence[asyncssh.SSHKeyPair]:
    """Read the management key, its certificate first where one lies beside it (``-cert.pub``)."""
    if path is None or not path.exists():
        return ()
    try:
        return asyncssh.load_keypairs([str(path)])
    except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        _log.error("the management key %s cannot be used (%s)", path, error)
        return ()


class KeyLogin:
    """The ways in of one session."""

    def __init__(
        self,
        passwords: RememberedPasswords,
        management: Path | None,
        open_login: Callable[[bytes], UpstreamLogin | None],
    ) -> None:
        self._passwords = passwords
        self._management = management
        self._open_login = open_login

    async def follow(self, login: UpstreamLogin) -> Followed:
        """Log in on the connection on which the target accepted the candidate's key, or another."""
        tried: list[str] = []
        try:
            if await self._by_password(login, tried):
                return Followed(way="password", login=login)
            if (reply := await self._by_management_key(login, tried)) is not None:
                if reply[0] == userauth.SUCCESS:
                    return Followed(way="management-key", login=login)
                return Followed(more=reply)
        except TargetLostError as error:
            tried.append(error.detail)
        except userauth.MalformedError as error:
            tried.append(f"the target answered what cannot be read ({error})")
        if (other := self._open_login(login.user)) is not None:
            return Followed(way="open-connection", login=other)
        tried.append("no other connection of this user is open")
        return Followed(detail="; ".join(tried))

    async def _by_password(self, login: UpstreamLogin, tried: list[str]) -> bool:
        password = self._passwords.recall(login.user)
        if password is None:
            tried.append("no password was given in this session")
            return False
        if "password" in login.methods:
            reply = await login.exchange(userauth.password_request(login.user, password))
        elif "keyboard-interactive" in login.methods:
            reply = await self._by_questions(login, password)
        else:
            tried.append("the target takes no passwords")
            return False
        if reply[0] == userauth.SUCCESS:
            return True
        if reply[0] == userauth.FAILURE and not userauth.parse_failure(reply).partial:
            self._passwords.forget(login.user)
        tried.append("the password given earlier is not taken any more")
        return False

    async def _by_questions(self, login: UpstreamLogin, password: bytes) -> bytes:
        """Give the password as the answer to the one hidden question, where there is only one."""
        reply = await login.exchange(userauth.question_request(login.user))
        given = False
        for _ in range(_MOST_QUESTIONS):
            if reply[0] != userauth.CONTINUATION:
                break
            prompts = userauth.parse_question(reply).prompts
            hidden = [shown for _, shown in prompts] == [False]
            if prompts and (given or not hidden):
                break
            given = given or hidden
            reply = await login.exchange(userauth.answers(*([password] if hidden else [])))
        return reply

    async def _by_management_key(self, login: UpstreamLogin, tried: list[str]) -> bytes | None:
        """Return the target's success, or its wish for more than a key; None where it took none."""
        for pair in management_keys(self._management):
            pair.set_sig_algorithm(pair.sig_algorithms[0])
            part = userauth.key_request(login.user, pair.algorithm, pair.public_data, signed=True)
            signature = pair.sign(String(login.session_id) + part)
            reply = await login.exchange(part + String(signature))
            is_refusal = reply[0] == userauth.FAILURE
            if not is_refusal or userauth.parse_failure(reply).partial:
                return reply
        tried.append("the target takes no management key of the hop's")
        return None
