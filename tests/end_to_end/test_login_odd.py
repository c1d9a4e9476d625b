"""Logins that stock sshd does not offer: the hop knows none of them, and passes them on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import asyncssh
import pytest

from recorder.home import Home
from recorder.hop import userauth
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.login import UpstreamLogin
from recorder.hop.lost import TargetLostError
from recorder.hop.target import TcpTarget, contact
from tests.end_to_end.conftest import OpenTerminal, StartHop
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.comparing import printed
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.network import LOOPBACK
from tests.end_to_end.support.odd_server import odd_server
from tests.end_to_end.support.recordings import await_event, journal, new_secret, traces_of

USER = "candidate"
Serve = Callable[[Callable[[], asyncssh.SSHServer]], int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts odd servers."""
    with ExitStack() as stack:
        yield lambda login: stack.enter_context(odd_server(login))


def _client(place: Path, port: int, *passwords: str) -> SshClient:
    place.mkdir(exist_ok=True)
    return SshClient(directory=place, port=port, user=USER, passwords=passwords)


class _Expired(asyncssh.SSHServer):
    """Demands another password in place of the old one, by SSH's own message for it."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new

    def begin_auth(self, _username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def kbdint_auth_supported(self) -> bool:
        return False

    def validate_password(self, _username: str, password: str) -> bool:
        if password == self._old:
            raise asyncssh.PasswordChangeRequired("Your password has expired.", "")
        return password == self._new

    def change_password(self, _username: str, old_password: str, new_password: str) -> bool:
        return (old_password, new_password) == (self._old, self._new)


@pytest.mark.parametrize("right", [True, False])
def test_password_that_the_server_wants_changed(
    start_hop: StartHop, serve: Serve, tmp_path: Path, right: bool
) -> None:
    old, new = new_secret(), new_secret()
    port = serve(lambda: _Expired(old, new))
    hop = start_hop(f"{LOOPBACK}:{port}")
    given = (old, old, new, new) if right else (old, old, "other", "other", "x", "y")
    shown = ("LogLevel=INFO",)
    direct = printed(_client(tmp_path / "direct", port, *given).with_options(*shown).run("true"))
    through = _client(tmp_path / "through", hop.port, *given).with_options(*shown).run("true")
    assert printed(through) == direct
    assert direct.stdout == (b"in\n" if right else b"")
    assert b"Your password has expired." in direct.stderr
    await_event(hop.session, "connection-closed", connection=1)
    outcomes = [each["outcome"] for each in journal(hop.session, "login-attempt")]
    assert outcomes[-1] == ("accepted" if right else "refused")
    hop.stop()
    for secret in (old, new):
        assert traces_of(secret, hop.home, hop.out, hop.err) == []


class _Curious(asyncssh.SSHServer):
    """Asks several things at once, then says something, then asks once more."""

    def begin_auth(self, _username: str) -> bool:
        return True

    def kbdint_auth_supported(self) -> bool:
        return True

    def get_kbdint_challenge(self, _username: str, _lang: str, _submethods: str) -> object:  # type: ignore[override]  # any challenge
        self._round = 0
        return "Läb", "Two questions.", "", (("Colour: ", True), ("Secret: ", False))

    def validate_kbdint_response(self, _username: str, responses: object) -> object:  # type: ignore[override]  # likewise
        self._round += 1
        if self._round == 1:
            return ("", "Thank you.", "", ()) if responses == ["green", "hush"] else False
        return ("", "", "", (("Again: ", True),)) if self._round == 2 else responses == ["once"]


def test_questions_several_at_once_and_none_at_all(
    start_hop: StartHop, serve: Serve, tmp_path: Path, open_terminal: OpenTerminal
) -> None:
    port = serve(_Curious)
    hop = start_hop(f"{LOOPBACK}:{port}")
    screens = []
    for name, where in (("direct", port), ("through", hop.port)):
        terminal = open_terminal()
        # tmux says a word about an ended program at any time or never: this one stays.
        staying = ["sh", "-c", '"$@"; read -r _', "sh"]
        terminal.start([*staying, *_client(tmp_path / name, where).argv("true")])
        for question, answer in (("Colour: ", "green"), ("Secret: ", "hush"), ("Again: ", "once")):
            terminal.wait_for_cursor(f"{question}$")
            terminal.enter(answer)
        terminal.wait_for("^in$")
        screens.append(terminal.screen())
    assert screens[0] == screens[1]
    assert "Again: once" in screens[0]
    assert "hush" not in screens[0]


async def _say(hop: Hop, home: Home, *payloads: bytes) -> None:
    """Say what no client says, until the hop has enough of it."""
    target = TcpTarget(LOOPBACK, hop.port)
    pinned = PinnedKeys(home)
    seen = await contact(target, pinned)
    login = UpstreamLogin(target, pinned, seen.key, USER.encode())
    holder = object()
    login.hold(holder, lambda _error: None)
    try:
        await login.begin()
        for payload in payloads:
            await login.exchange(payload)
    except TargetLostError:
        pass
    finally:
        login.release(holder, cut=True)
        await login.wait_closed()


async def test_noise_in_place_of_a_login(hop: Hop, ssh: SshClient, tmp_path: Path) -> None:
    home = Home(tmp_path / "noisy").ensure()
    dice = random.Random(7)
    whole = [
        userauth.password_request(b"candidate", b"word"),
        userauth.key_request(b"candidate", b"ssh-ed25519", b"\0\0\0\x0bssh-ed25519\0\0\0\1x"),
        userauth.question_request(b"candidate"),
        userauth.password_request(b"../../etc/passwd\0\xff\n" * 9, b"\0"),
        userauth.password_request(b"x" * 30_000, b"y" * 30_000),
    ]
    for payload in whole:
        torn = payload[: dice.randrange(1, len(payload))]
        flipped = bytearray(payload)
        flipped[dice.randrange(1, len(payload))] ^= 1 << dice.randrange(8)
        await _say(hop, home, torn)
        await _say(hop, home, bytes(flipped))
        await _say(hop, home, payload, payload)
    assert ssh.run("echo in").stdout == b"in\n"
    hop.assert_no_traceback()
    assert "the hop failed" not in (hop.session / "session.jsonl").read_text()
    assert sorted(path.name for path in (hop.home / "recordings").iterdir()) == [hop.session.name]
