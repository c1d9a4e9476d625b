"""Odd and damaged input from either side: nothing crashes, nothing lands outside the recording.

Each round is decided by a seed, which a failure names; ``JUMPSEAT_TEST_SEED`` makes it the first.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
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
from recorder.recording.events import Resized
from recorder.recording.reader import RecordingReader
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.confession import confessing
from tests.end_to_end.support.dice import ESCAPE, Dice
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.mangling import Mangler, Plan, mangler
from tests.end_to_end.support.network import LOOPBACK
from tests.end_to_end.support.odd_server import odd_server
from tests.end_to_end.support.raw_client import (
    PATIENCE,
    RawChannel,
    connected,
    data,
    settled,
)
from tests.end_to_end.support.recordings import verify
from tests.end_to_end.support.sshd import StockSshd

FACTOR = 100
"""`make soak` plays a hundred times the rounds of `make test`."""

LOGINS, SESSIONS, PACKETS, STREAMS, TARGETS = 8, 8, 12, 12, 10

_BELONGS = re.compile(
    r"recordings(/[2-9a-z]{8}(/(session\.jsonl|c\d+-\d+\.(cast|in|out|err)"
    r"|manifest\.json(\.sig)?|\.?reserve))?)?"
    r"|keys(/[\w.-]+)?|cache(/.*)?|logs(/analysis-[2-9a-z]{8}\.log)?"
    r"|jumpseat\.db(-wal|-shm|-journal)?|control\.(sock|lock)"
)


def _rounds(count: int) -> list[object]:
    """Return the counts of rounds, quick and whole, as parameters."""
    return [count, pytest.param(count * FACTOR, marks=pytest.mark.soak)]


def _dices(count: int) -> Iterator[Dice]:
    first = int(os.environ.get("JUMPSEAT_TEST_SEED") or random.randrange(2**31))
    for seed in range(first, first + count):
        try:
            yield Dice(seed)
        except GeneratorExit:
            print(f"stopped at JUMPSEAT_TEST_SEED={seed}")  # noqa: T201 - for whom it failed
            raise


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A hop, who may log in through it, and an ssh that is as it should be."""

    hop: Hop
    ssh: SshClient
    account: Account
    process: int

    def still_serves(self) -> None:
        """Check that the session's process is the same and serves a stock ssh as ever."""
        assert self.hop.running, self.hop.err.read_text()
        assert self.hop.session_process == self.process
        done = self.ssh.run("echo in", timeout=30)
        assert (done.stdout, done.returncode) == (b"in\n", 0), done.stderr
        self.hop.assert_no_traceback()

    def is_sound(self) -> None:
        """End the hop, and check all that it leaves."""
        self.still_serves()
        session = self.hop.session
        self.hop.stop()
        assert "the hop failed" not in (session / "session.jsonl").read_text()
        with RecordingReader(session) as reader:
            assert list(reader.read())
            assert reader.problems == []
        done = self.hop.jumpseat("session", "verify", session.name, "--json")
        assert json.loads(done.stdout)["verdict"] == "intact", done.stdout + done.stderr
        verify(self.hop.home, session)
        assert self.hop.jumpseat("commands", session.name, "--json").returncode == 0
        self._nothing_else_was_written()

    def _nothing_else_was_written(self) -> None:
        home = self.hop.home
        found = {str(path.relative_to(home)) for path in home.rglob("*")}
        assert [path for path in sorted(found) if not _BELONGS.fullmatch(path)] == []
        assert {path.name for path in self.hop.directory.iterdir()} <= {
            "home", "serve.out", "serve.err", "confession",
        }  # fmt: skip
        for place in (Path("/"), Path("/tmp"), home.parent.parent, home.parent.parent.parent):
            assert not (place / ESCAPE).exists()


@pytest.fixture
def make_ground(tmp_path: Path, account: Account) -> Iterator[Callable[[int], Ground]]:
    """Starts a hop before a loopback port, which says also what asyncssh would not."""
    started: list[Hop] = []

    def make(port: int) -> Ground:
        hop = Hop(tmp_path / "hop", f"{LOOPBACK}:{port}")
        hop.variables = confessing(hop.directory)
        started.append(hop)
        hop.start()
        place = tmp_path / "candidate"
        place.mkdir()
        ssh = SshClient(
            directory=place, port=hop.port, user=account.name, passwords=(account.password,)
        )
        return Ground(hop=hop, ssh=ssh, account=account, process=hop.session_process)

    yield make
    for hop in started:
        hop.stop()


@pytest.fixture
def ground(make_ground: Callable[[int], Ground], stock_sshd: StockSshd) -> Ground:
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
        ground.hop.assert_no_traceback()
    ground.is_sound()


SIZES = ((2**32 - 1, 2**32 - 2), (10**9, 10**9 + 1), (65_536, 65_537))
"""Columns and lines in 32 bits, of which a kernel keeps 16."""


async def _sizes_seen(port: int, account: Account) -> list[int]:
    """Return the lines of a screen that a program on the server sees, by either request."""
    seen: list[int] = []
    async with connected(port, account.name, account.password) as connection:
        for columns, lines in SIZES:
            channel = RawChannel(connection)
            assert await channel.open()
            size = UInt32(columns) + UInt32(lines) + UInt32(0) * 2
            channel.ask(b"pty-req", String(b"xterm"), size, String(b"\0"))
            channel.ask(b"exec", String(b"stty -echo; stty size; read -r _; stty size"))
            await channel.heard(1)
            channel.ask(b"window-change", UInt32(columns - 2), UInt32(lines - 2), UInt32(0) * 2)
            assert await channel.answered() == [True] * 3
            channel.say(*data(b"\n"))
            async with asyncio.timeout(PATIENCE):
                await channel.ended.wait()
            seen += [int(row.split()[0]) for row in channel.output.splitlines()]
    return seen


async def test_sizes_that_no_screen_has(ground: Ground, stock_sshd: StockSshd) -> None:
    direct = await _sizes_seen(stock_sshd.port, ground.account)
    assert await _sizes_seen(ground.hop.port, ground.account) == direct
    assert direct == [each % 65_536 for _, lines in SIZES for each in (lines, lines - 2)]
    ground.is_sound()
    with RecordingReader(ground.hop.session) as reader:
        resized = [event for event in reader.read() if isinstance(event, Resized)]
    assert [(each.columns, each.lines) for each in resized] == [
        (columns - 2, lines - 2) for columns, lines in SIZES
    ]


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
    make_ground: Callable[[int], Ground], stock_sshd: StockSshd, count: int
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
def test_target_that_misbehaves(make_ground: Callable[[int], Ground], count: int) -> None:
    with odd_server(_Welcome, _misbehave) as port:
        ground = make_ground(port)
        for dice in _dices(count):
            user = dice.random.choice(("../" + ESCAPE, "/tmp/" + ESCAPE, "a\n\u2028b", "x" * 200))
            client = replace(ground.ssh, user=user).with_options(f"User={user}")
            client.run(f"misbehave {dice.seed}", timeout=40)
            ground.hop.assert_no_traceback()
        ground.is_sound()
