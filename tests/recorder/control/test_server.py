"""The control socket against a real client: one answer a line, for its owner, in any home."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from pathlib import Path

import pytest

from recorder.control import client, server
from recorder.control.messages import Close, Request
from recorder.control.server import ControlServer, hold_control, peer_uid, short_path
from recorder.errors import AddressError, ControlError
from recorder.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    # Longer than the address of a Unix socket can be.
    return Home(tmp_path / ("long" * 40) / "home").ensure()


async def echo(request: Request) -> object:
    if isinstance(request, Close) and request.session == "bad":
        raise AddressError("not so", "but so")
    return request.model_dump()


async def asked(home: Home, session: str) -> object:
    return await asyncio.to_thread(client.ask, home, Close(session=session))


async def test_each_request_gets_its_answer(home: Home) -> None:
    async with ControlServer(home, echo):
        assert stat.S_IMODE(home.control.stat().st_mode) == 0o600
        names = [f"s{number}" for number in range(8)]
        answers = await asyncio.gather(*(asked(home, name) for name in names))
        assert answers == [{"verb": "close", "session": name} for name in names]
        with pytest.raises(AddressError, match="not so"):
            await asked(home, "bad")
    assert not home.control.exists()


async def test_without_a_server_the_client_says_what_to_do(home: Home) -> None:
    with pytest.raises(ControlError, match="no `jumpseat serve` is running") as caught:
        await asked(home, "x")
    assert "start it" in caught.value.remedy


async def test_what_a_killed_server_left_is_replaced(home: Home) -> None:
    with socket.socket(socket.AF_UNIX) as left, short_path(home.control) as name:
        left.bind(name)
    with pytest.raises(ControlError, match="no `jumpseat serve`"):
        await asked(home, "x")
    async with ControlServer(home, echo):
        assert await asked(home, "x") == {"verb": "close", "session": "x"}


async def test_another_user_gets_no_answer(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "peer_uid", lambda _sock: os.getuid() + 1)
    async with ControlServer(home, echo):
        with pytest.raises(ControlError, match=r"no answer|did not answer"):
            await asked(home, "x")


async def test_nonsense_and_silence_do_no_harm(home: Home) -> None:
    async with ControlServer(home, echo):
        with short_path(home.control) as name:
            silent, writer = await asyncio.open_unix_connection(name)
            rude, rude_writer = await asyncio.open_unix_connection(name)
        rude_writer.write(b"\xff{\n")
        assert b"cannot be understood" in await rude.readline()
        assert await asked(home, "x") == {"verb": "close", "session": "x"}
        for each in (writer, rude_writer):
            each.close()
            await each.wait_closed()
        assert await silent.read() == b""


async def test_the_end_does_not_wait_for_who_is_being_answered(home: Home) -> None:
    begun = asyncio.Event()

    async def never(_request: Request) -> object:
        begun.set()
        await asyncio.Event().wait()
        return None

    async with ControlServer(home, never):
        waiting = asyncio.create_task(asked(home, "x"))
        await begun.wait()
    with pytest.raises(ControlError):
        await waiting


def test_one_holds_the_right_to_take_orders(home: Home) -> None:
    first = hold_control(home)
    assert first is not None
    assert hold_control(home) is None
    os.close(first)
    second = hold_control(home)
    assert second is not None
    os.close(second)


def test_the_kernel_says_who_calls() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        assert peer_uid(ours) == os.getuid()
