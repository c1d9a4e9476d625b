"""Channels as no client makes them: screens of any size, and thousands with sudden ends."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import asyncssh
import pytest
from asyncssh.constants import MSG_CHANNEL_CLOSE
from asyncssh.packet import String, UInt32

from recorder.recording.events import Logged, Resized
from recorder.recording.journal import ChannelOpened, ChannelRefused
from recorder.recording.reader import RecordingReader
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.memory import growth, peak_memory
from tests.end_to_end.support.raw_client import (
    PATIENCE,
    RawChannel,
    connected,
    data,
    settled,
)
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for

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


async def test_sizes_that_no_screen_has(hop: Hop, stock_sshd: StockSshd, account: Account) -> None:
    direct = await _sizes_seen(stock_sshd.port, account)
    assert await _sizes_seen(hop.port, account) == direct
    assert direct == [each % 65_536 for _, lines in SIZES for each in (lines, lines - 2)]
    hop.stop()
    assert hop.json("session", "verify", hop.session.name)["verdict"] == "intact"
    with RecordingReader(hop.session) as reader:
        resized = [event for event in reader.read() if isinstance(event, Resized)]
        assert reader.problems == []
    assert [(each.columns, each.lines) for each in resized] == [
        (columns - 2, lines - 2) for columns, lines in SIZES
    ]


_FIRST = "echo this one ran; exec cat"
"""It goes on until its input ends: of a program that has ended sshd answers nothing more."""


async def test_a_command_cannot_hide_behind_another(hop: Hop, account: Account) -> None:
    async with connected(hop.port, account.name, account.password) as connection:
        channel = RawChannel(connection)
        assert await channel.open()
        channel.ask(b"exec", String(_FIRST.encode()))
        channel.ask(b"exec", String(b"echo this one did not"))
        assert await channel.answered() == [True, False]
        await channel.heard(1)
        await channel.finish()
    assert channel.output == b"this one ran\n"
    hop.stop()
    with RecordingReader(hop.session) as reader:
        entries = [event.entry for event in reader.read() if isinstance(event, Logged)]
    opened = [each for each in entries if isinstance(each, ChannelOpened)]
    refused = [each for each in entries if isinstance(each, ChannelRefused)]
    assert [each.command for each in opened] == [_FIRST]
    assert [each.command for each in refused] == ["echo this one did not"]


UNPACKED = 200 * 1024 * 1024
"""Bytes in one packet, which takes a thousandth of that on the wire."""


async def test_a_packet_that_unpacks_to_a_thousand_times_its_size_ends_its_connection_alone(
    hop: Hop, account: Account
) -> None:
    process = hop.session_process
    zlib = ("zlib@openssh.com",)
    async with (
        connected(hop.port, account.name, account.password, zlib) as beside,
        connected(hop.port, account.name, account.password, zlib) as connection,
    ):
        channel = RawChannel(connection)
        assert await channel.open()
        channel.ask(b"exec", String(b"cat >/dev/null"))
        assert await channel.answered() == [True]
        memory = peak_memory(process)
        channel.say(*data(bytes(UNPACKED)))
        async with asyncio.timeout(PATIENCE):
            await channel.ended.wait()
        grown = growth(memory, peak_memory(process))
        assert await settled(beside)
    assert grown < UNPACKED / 4


CHANNELS, ALL_CHANNELS = 200, 10_000
"""In `make test`, and in `make soak`."""

BOUND = 16 * 1024 * 1024
"""Bytes; a channel that leaves 2 KB behind would show in 10,000 of them."""


async def _use_briefly(connection: asyncssh.SSHClientConnection, way: int) -> None:
    """Open a channel, and leave it in one of four ways."""
    channel = RawChannel(connection)
    assert await channel.open()
    if way == 1:
        channel.ask(b"exec", String(b"echo in"))
        assert await channel.answered() == [True]
        await channel.heard(1)
    elif way == 2:
        channel.ask(b"exec", String(b"cat"))
        channel.say(*data(b"words that nobody waits for"))
    elif way == 3:
        size = UInt32(80) + UInt32(24) + UInt32(0) * 2
        channel.ask(b"pty-req", String(b"xterm"), size, String(b"\0"))
        channel.ask(b"exec", String(b"echo in"))
    channel.say(MSG_CHANNEL_CLOSE)
    async with asyncio.timeout(PATIENCE):
        await channel.ended.wait()


def _open_files(process: int) -> int:
    """Return how many files of recordings a process has open; databases come and go."""
    found = 0
    for each in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):
            found += "recordings" in each.readlink().parts
    return found


@pytest.mark.parametrize("count", [CHANNELS, pytest.param(ALL_CHANNELS, marks=pytest.mark.soak)])
async def test_channels_in_sequence_leave_nothing_behind(
    hop: Hop, account: Account, count: int
) -> None:
    process = hop.session_process
    async with connected(hop.port, account.name, account.password) as connection:
        files = _open_files(process)
        for way in (0, 1, 2, 3) * 10:
            await _use_briefly(connection, way)
        memory = peak_memory(process)
        for number in range(count):
            await _use_briefly(connection, number % 4)
        grown = growth(memory, peak_memory(process))
        # Files are closed once they are safe on the disk, which happens once a second.
        wait_for(lambda: _open_files(process) <= files, "open files as before")
        assert grown < BOUND
        print(f"{count} channels: memory {grown / 1024:.0f} KiB more")  # noqa: T201 - a figure
    hop.stop()
    assert hop.json("session", "verify", hop.session.name)["verdict"] == "intact"
