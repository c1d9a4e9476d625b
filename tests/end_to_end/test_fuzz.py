"""Odd and damaged input from either side: nothing crashes, nothing lands outside the recording,
and whoever works beside it notices nothing.

Each round is decided by a seed, which a failure names; ``JUMPSEAT_TEST_SEED`` makes it the first.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest
from asyncssh.constants import (
    MSG_CHANNEL_DATA,
    MSG_CHANNEL_EXTENDED_DATA,
    MSG_CHANNEL_REQUEST,
    MSG_CHANNEL_WINDOW_ADJUST,
    MSG_GLOBAL_REQUEST,
)
from asyncssh.packet import Boolean, String, UInt32

from recorder.home import Home
from recorder.hop import userauth
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.login import UpstreamLogin
from recorder.hop.lost import TargetLostError
from recorder.hop.target import TcpTarget, contact
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.confession import confessing
from tests.end_to_end.support.dice import ESCAPE, Dice
from tests.end_to_end.support.ground import Ground
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.mangling import Mangler, Plan, mangler
from tests.end_to_end.support.network import LOOPBACK
from tests.end_to_end.support.odd_server import odd_server
from tests.end_to_end.support.raw_client import (
    RawChannel,
    connected,
    data,
    settled,
)
from tests.end_to_end.support.sshd import StockSshd
from tests.support import chance

FACTOR = 100
"""`make soak` plays a hundred times the rounds of `make test`."""

LOGINS, SESSIONS, PACKETS, STREAMS, TARGETS = 8, 8, 12, 12, 10


def _rounds(count: int) -> list[object]:
    """Return the counts of rounds, quick and whole, as parameters."""
    return [count, pytest.param(count * FACTOR, marks=pytest.mark.soak)]


def _dices(count: int) -> Iterator[Dice]:
    first = chance.seed()
    for seed in range(first, first + count):
        try:
            yield Dice(seed)
        except GeneratorExit:
            print(f"stopped at JUMPSEAT_TEST_SEED={seed}")  # noqa: T201 - for whom it failed
            raise


@pytest.fixture
def make_ground(tmp_path: Path, account: Account) -> Iterator[Callable[..., Ground]]:
    """Starts a hop before a loopback port, which says also what asyncssh would not."""
    with ExitStack() as stack:

        def make(port: int, *, bystander: bool = True) -> Ground:
            hop = Hop(tmp_path / "hop", f"{LOOPBACK}:{port}")
            hop.variables = confessing(hop.directory)
            stack.callback(hop.stop)
            hop.start()
            place = tmp_path / "candidate"
            place.mkdir()
            ssh = SshClient(
                directory=place, port=hop.port, user=account.name, passwords=(account.password,)
            )
            cat = stack.enter_context(ssh.started("cat")) if bystander else None
            found = Ground(
                hop=hop, ssh=ssh, account=account, process=hop.session_process, bystander=cat
            )
            found.bystander_is_served()
            return found

        yield make


@pytest.fixture
def ground(make_ground: Callable[..., Ground], stock_sshd: StockSshd) -> Ground:
    """A hop before a stock sshd that takes any variable."""
    stock_sshd.configure(AcceptEnv="*")
    stock_sshd.reload()
    return make_ground(stock_sshd.port)


# Logins.


async def _log_in_oddly(hop: Hop, home: Home, dice: Dice) -> None:
    """Try to log in with an odd name, by messages that are whole or damaged."""
    target = TcpTarget(LOOPBACK, hop.port)
    seen = await contact(target, pinned := PinnedKeys(home))
    user = dice.word()
    login = UpstreamLogin(target, pinned, seen.key, user)
    login.hold(holder := object(), lambda _error: None)
    blob = String(b"ssh-ed25519") + String(dice.word())
    tries = [
        userauth.password_request(user, dice.word()),
        userauth.key_request(user, b"ssh-ed25519", blob),
        userauth.key_request(user, dice.word(), blob, signed=True) + String(dice.word()),
        userauth.question_request(user),
        userauth.answers(dice.word(), dice.word()),
    ]
    dice.random.shuffle(tries)
    try:
        await login.begin()
        for payload in tries:
            await login.exchange(dice.damaged(payload) if dice.chance(0.3) else payload)
    except TargetLostError:
        pass  # the target has had enough, and the hop with it
    finally:
        login.release(holder, cut=True)
        await login.wait_closed()


@pytest.mark.parametrize("count", _rounds(LOGINS))
async def test_odd_logins(ground: Ground, tmp_path: Path, count: int) -> None:
    home = Home(tmp_path / "other").ensure()
    for dice in _dices(count):
        await _log_in_oddly(ground.hop, home, dice)
        ground.bystander_is_served()
        ground.hop.assert_no_traceback()
    ground.is_sound()


# Sessions, all of whose words are odd.


async def _hold_session(channel: RawChannel, dice: Dice) -> None:
    """Use a channel as a client does, with words that no client has."""
    for _ in range(dice.random.randrange(4)):
        channel.ask(b"env", String(dice.word()), String(dice.word()))
    if dice.chance(0.6):
        channel.ask(b"pty-req", dice.terminal())
    program = dice.random.choice((b"shell", b"exec", b"exec", b"subsystem", dice.word()))
    # Noise behind the colon only: it is a shell that reads it.
    command = b": " + dice.word() if program == b"exec" else dice.word()
    channel.ask(program, *([] if program == b"shell" else [String(command)]))
    for _ in range(dice.random.randrange(4)):
        channel.ask(b"window-change", dice.size())
    channel.say(*data(b": " + dice.word() + b"\nexit\n"))
    channel.ask(b"signal", String(dice.word()))
    await channel.answered()
    await channel.finish()


async def _hold_sessions(port: int, account: Account, dice: Dice) -> list[bool]:
    """Hold sessions on one connection, and return which of them the server was willing to open.

    A server may end the connection over one of them: OpenSSH's does where a name holds a NUL.
    """
    given: list[bool] = []
    async with connected(port, account.name, account.password) as connection:
        for kind in (b"session",) * 4 + (dice.word(),):
            if connection.is_closed():
                break
            channel = RawChannel(connection)
            given.append(await channel.open(kind, b"" if kind == b"session" else dice.word()))
            if given[-1]:
                await _hold_session(channel, dice)
                # What ends the connection may come after what ends the channel.
                await settled(connection)
    return given


@pytest.mark.parametrize("count", _rounds(SESSIONS))
async def test_odd_sessions(ground: Ground, stock_sshd: StockSshd, count: int) -> None:
    account = ground.account
    for dice in _dices(count):
        direct = await _hold_sessions(stock_sshd.port, account, Dice(dice.seed))
        assert await _hold_sessions(ground.hop.port, account, dice) == direct
        ground.bystander_is_served()
        ground.hop.assert_no_traceback()
    ground.is_sound()


# Packets that are damaged before they are encrypted, so that they arrive.


def _packets(dice: Dice) -> list[tuple[int, bytes]]:
    """Return packets of a channel, of which some are damaged."""

    def request(name: bytes, details: bytes) -> tuple[int, bytes]:
        return MSG_CHANNEL_REQUEST, String(name) + Boolean(dice.chance(0.5)) + details

    whole = [
        request(b"env", String(b"LC_ALL") + String(b"C")),
        request(b"pty-req", dice.terminal()),
        request(b"exec", String(b": nothing")),
        request(b"subsystem", String(b"sftp")),
        request(b"window-change", dice.size()),
        request(b"signal", String(b"INT")),
        request(b"x11-req", Boolean(False) + String(b"M") + String(b"00") + UInt32(0)),
        request(b"auth-agent-req@openssh.com", b""),
        (MSG_CHANNEL_DATA, String(dice.word())),
        (MSG_CHANNEL_EXTENDED_DATA, UInt32(1) + String(b"words")),
        (MSG_CHANNEL_WINDOW_ADJUST, UInt32(dice.number())),
        (dice.random.randrange(80, 128), dice.word()),
    ]
    dice.random.shuffle(whole)
    return [(kind, dice.damaged(said) if dice.chance(0.25) else said) for kind, said in whole]


async def _say_damaged(connection: asyncssh.SSHClientConnection, dice: Dice) -> None:
    channel = RawChannel(connection)
    await channel.open()
    for kind, said in _packets(dice):
        channel.say(kind, said)
    asked = b"tcpip-forward", Boolean(True), String(b"localhost"), UInt32(dice.number())
    connection.send_packet(
        MSG_GLOBAL_REQUEST, dice.damaged(b"".join((String(asked[0]), *asked[1:])))
    )
    await settled(connection)


@pytest.mark.parametrize("count", _rounds(PACKETS))
async def test_damaged_packets(ground: Ground, count: int) -> None:
    account = ground.account
    for dice in _dices(count):
        async with connected(ground.hop.port, account.name, account.password) as connection:
            await _say_damaged(connection, dice)
        ground.bystander_is_served()
        ground.hop.assert_no_traceback()
    ground.is_sound()


# Streams that are cut, on either side of the hop.


def _run_through(ssh: SshClient, dice: Dice) -> None:
    """Let a stock ssh do something; it may fail, and must not hang."""
    command = dice.random.choice(("cat", "head -c 30000 /dev/zero", "echo words; cat"))
    try:
        ssh.run(command, stdin=b"x" * 9_000, timeout=40)
    except subprocess.TimeoutExpired as error:
        raise AssertionError(f"ssh hangs: {error}") from error


@pytest.mark.parametrize("count", _rounds(STREAMS))
def test_damaged_streams(
    make_ground: Callable[..., Ground], stock_sshd: StockSshd, count: int
) -> None:
    with mangler(stock_sshd.port) as behind:
        ground = make_ground(behind.port)
        with mangler(ground.hop.port) as before:
            for dice in _dices(count):
                _damage_one(ground, dice, before, behind)
        ground.is_sound()


def _damage_one(ground: Ground, dice: Dice, before: Mangler, behind: Mangler) -> None:
    proxy = dice.random.choice((before, behind))
    proxy.plan = Plan.by(dice)
    _run_through(replace(ground.ssh, port=before.port), dice)
    proxy.plan = None
    ground.bystander_is_served()
    ground.hop.assert_no_traceback()


# A target that misbehaves: candidates have all rights there.


class _Welcome(asyncssh.SSHServer):
    """Lets anybody in."""

    def begin_auth(self, _username: str) -> bool:
        return False


def _misbehave(process: asyncssh.SSHServerProcess[str]) -> None:
    """Say damaged things where a command asks for it, by the seed that it names."""
    words = (process.command or "").split()
    if words[:1] != ["misbehave"]:
        process.stdout.write("in\n")
        process.exit(0)
        return
    dice = Dice(int(words[1]))
    for kind, said in _packets(dice):
        process.channel.send_packet(kind, said)
    for name in (b"exit-status", b"exit-signal"):
        said = String(name) + Boolean(False) + String(dice.word())
        process.channel.send_packet(MSG_CHANNEL_REQUEST, dice.damaged(said))
    process.exit(0)


@pytest.mark.parametrize("count", _rounds(TARGETS))
def test_target_that_misbehaves(make_ground: Callable[..., Ground], count: int) -> None:
    with odd_server(_Welcome, _misbehave) as port:
        ground = make_ground(port, bystander=False)
        for dice in _dices(count):
            user = dice.random.choice(("../" + ESCAPE, "/tmp/" + ESCAPE, "a\n\u2028b", "x" * 200))
            client = replace(ground.ssh, user=user).with_options(f"User={user}")
            client.run(f"misbehave {dice.seed}", timeout=40)
            ground.hop.assert_no_traceback()
        ground.is_sound()
