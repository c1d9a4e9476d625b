"""A login whose candidate leaves in the middle takes nothing of the session's with it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import asyncssh
from asyncssh.packet import String

from recorder.hop import userauth
from recorder.hop.attempts import AttemptLog
from recorder.hop.authentication import Authentication
from recorder.hop.keylogin import Followed
from recorder.recording.journal import LoginAttempt

KEY = asyncssh.generate_private_key("ssh-ed25519")


class Login:
    """A connection to the target that accepts the key, and remembers who uses it."""

    def __init__(self) -> None:
        self.methods = ("publickey", "password")
        self.lost = None
        self.holders: list[object] = []

    def hold(self, holder: object, _on_gone: object) -> None:
        self.holders.append(holder)

    def release(self, holder: object) -> None:
        self.holders.remove(holder)

    async def begin(self) -> None:
        """There at once."""

    async def exchange(self, _payload: bytes) -> bytes:
        accepted = String(b"ssh-ed25519") + String(KEY.public_data)
        return bytes([userauth.CONTINUATION]) + accepted


class Wire:
    """The candidate's side."""

    is_logged_in = False

    def verifies(self, *_: object) -> bool:
        return True

    def disconnect(self, *_: object) -> None:
        """Nobody is there any more."""

    async def let_in(self, _user: str) -> None:
        raise AssertionError("nobody is there to be let in")


async def test_who_leaves_while_the_hop_follows_holds_no_connection(context) -> None:
    own, other = Login(), Login()
    followed = asyncio.Event()

    class KeyLogin:
        async def follow(self, _login: object) -> Followed:
            await followed.wait()
            return Followed(way="open-connection", login=other)

    owner = SimpleNamespace(
        may_try=lambda: True, begin_login=lambda _user: None, upstream_gone=lambda _error: None
    )
    session = SimpleNamespace(connect=lambda _user: own, key_login=KeyLogin)
    login = Authentication(owner, session, AttemptLog(context.writer, 1))
    login.attach(Wire())
    part = userauth.key_request(b"candidate", b"ssh-ed25519", KEY.public_data, signed=True)
    asked = asyncio.ensure_future(login.request(part + String(b"signature")))
    await asyncio.sleep(0)
    assert own.holders == [owner]
    login.candidate_left()
    followed.set()
    await asked
    assert other.holders == []
    attempts = [each for each in context.entries if isinstance(each, LoginAttempt)]
    assert [(each.outcome, each.detail) for each in attempts] == [
        ("error", "the candidate went away")
    ]
