"""A look at logins ends in words, whatever the target says in place of SSH."""

from __future__ import annotations

import asyncio

import asyncssh
import pytest

from recorder.exercise.schema import LoginProbe
from recorder.probes.logins import look_at_logins

HERE = "127.0.0.1"


@pytest.mark.parametrize("words", [b"SSH-2.0-\xff\r\n", b"220 mail\r\n", b"\0" * 2_000, b""])
async def test_what_is_no_ssh_is_called_broken(words: bytes) -> None:
    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        await writer.drain()
        writer.close()

    key = asyncssh.generate_private_key("ssh-ed25519").convert_to_public()
    server = await asyncio.start_server(speak, HERE, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        probe = LoginProbe(kind="logins", id="ssh", title="ssh", user="candidate")
        seen = await look_at_logins(HERE, port, key, probe)
    assert seen.outcome == "broken"
    assert seen.cause
