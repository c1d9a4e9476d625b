"""Addresses as people write them, and a target that cannot be reached told from one that can."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import asyncssh
import pytest
from asyncssh.packet import MPInt, String
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import HomeError, TargetError, UsageError
from recorder.home import Home
from recorder.hop.hostkeys import PinnedKeys
from recorder.hop.login import UpstreamLogin
from recorder.hop.lost import TargetLostError
from recorder.hop.target import TcpTarget, contact, format_address, parse_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("web01", ("web01", 22)),
        ("web01:2200", ("web01", 2200)),
        ("[::1]:2222", ("::1", 2222)),
        ("[::1]", ("::1", 22)),
        ("::1", ("::1", 22)),
        ("2001:db8::7", ("2001:db8::7", 22)),
    ],
)
def test_addresses_are_read_as_people_write_them(text: str, expected: tuple[str, int]) -> None:
    assert parse_address(text, 22) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":22",
        "web01:",
        "web01:ssh",
        "[::1",
        "[::1]22",
        "web01:65536",
        "web01:0",
        "web01:-1",
        "a:٣",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_address(text, 22)


def test_port_zero_is_for_listening() -> None:
    assert parse_address("127.0.0.1:0", None) == ("127.0.0.1", 0)


def test_a_port_is_demanded_where_there_is_no_default() -> None:
    with pytest.raises(UsageError):
        parse_address("127.0.0.1", None)


@given(st.ip_addresses().map(str), st.integers(0, 65535))
def test_what_is_written_is_read_back(host: str, port: int) -> None:
    assert parse_address(format_address(host, port), None) == (host, port)


@given(st.text(max_size=30))
def test_no_text_raises_anything_but_a_usage_error(text: str) -> None:
    try:
        host, port = parse_address(text, 22)
    except UsageError:
        return
    assert host
    assert 0 <= port <= 65535


@pytest.fixture
def pinned(tmp_path: Path) -> PinnedKeys:
    return PinnedKeys(Home(tmp_path / "home").ensure())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


async def test_an_unknown_name_is_told_from_a_refused_port(pinned: PinnedKeys) -> None:
    with pytest.raises(TargetError, match="cannot find the target 'no-such-host"):
        await contact(TcpTarget("no-such-host.invalid", 22), pinned)
    with pytest.raises(TargetError, match="refused"):
        await contact(TcpTarget("127.0.0.1", free_port()), pinned)


@pytest.mark.parametrize("words", [b"220 mail ready\r\n", b"SSH-2.0-\xff\r\n"])
async def test_a_server_that_speaks_something_else_is_named_as_such(
    pinned: PinnedKeys, words: bytes
) -> None:
    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(TargetError, match="does not answer as an SSH server"):
            await contact(TcpTarget("127.0.0.1", port), pinned)


async def listen(
    *keys: asyncssh.SSHKey | asyncssh.SSHKeyPair, port: int = 0
) -> asyncssh.SSHAcceptor:
    return await asyncssh.listen(
        "127.0.0.1", port, server_host_keys=list(keys), server_version="OpenSSH_8.2p1 Ubuntu-4"
    )


def impossible() -> asyncssh.SSHKeyPair:
    """Return a host key with a modulus below zero, which is shown before it is used."""
    pair = asyncssh.load_keypairs([asyncssh.generate_private_key("ssh-rsa", key_size=2048)])[0]
    pair.public_data = String(b"ssh-rsa") + MPInt(65_537) + MPInt(-128)
    return pair


async def test_a_host_key_that_cannot_be_is_named_as_such(pinned: PinnedKeys) -> None:
    known = asyncssh.generate_private_key("ssh-rsa", key_size=2048).convert_to_public()
    async with await listen(impossible()) as server:
        target = TcpTarget("127.0.0.1", server.get_port())
        with pytest.raises(TargetError, match="does not answer as an SSH server"):
            await contact(target, pinned)
        pinned.pin(target.label, known)
        login = UpstreamLogin(target, pinned, known, b"candidate")
        with pytest.raises(TargetLostError, match="cannot be read") as lost:
            await login.begin()
        await login.wait_closed()
    assert lost.value.cause == "unreachable"


async def test_keys_that_cannot_be_read_while_a_session_runs_keep_nobody_out(
    pinned: PinnedKeys,
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with await listen(key) as server:
        target = TcpTarget("127.0.0.1", server.get_port())
        first = await contact(target, pinned)
        pinned.path.write_text(f"{target.label} ssh-ed25519 half of a l")
        login = UpstreamLogin(target, pinned, first.key, b"candidate")
        login.hold(holder := object(), lambda _error: None)
        await login.begin()
        login.release(holder, cut=True)
        await login.wait_closed()


async def test_a_host_key_is_pinned_once_and_known_after(pinned: PinnedKeys) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with await listen(key) as server:
        target = TcpTarget("127.0.0.1", server.get_port())
        first = await contact(target, pinned)
        second = await contact(target, pinned)
    assert (first.verdict, second.verdict) == ("pinned", "known")
    assert first.version == "OpenSSH_8.2p1 Ubuntu-4"
    assert pinned.lookup(target.label) == key.convert_to_public()
    assert pinned.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256"])
async def test_another_host_key_is_refused(pinned: PinnedKeys, kind: str) -> None:
    async with await listen(asyncssh.generate_private_key("ssh-ed25519")) as server:
        port = server.get_port()
        await contact(TcpTarget("127.0.0.1", port), pinned)
    async with await listen(asyncssh.generate_private_key(kind), port=port):
        with pytest.raises(TargetError, match="has changed"):
            await contact(TcpTarget("127.0.0.1", port), pinned)


async def test_the_pinned_kind_of_key_is_asked_for_where_there_are_several(
    pinned: PinnedKeys,
) -> None:
    old = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    async with await listen(old) as server:
        port = server.get_port()
        await contact(TcpTarget("127.0.0.1", port), pinned)
    async with await listen(asyncssh.generate_private_key("ssh-ed25519"), old, port=port):
        again = await contact(TcpTarget("127.0.0.1", port), pinned)
    assert again.verdict == "known"


def test_a_damaged_line_is_named(pinned: PinnedKeys) -> None:
    pinned.path.write_text("web01:22 ssh-ed25519 AAAA\n")
    with pytest.raises(HomeError, match="line 1"):
        pinned.lookup("web01:22")
