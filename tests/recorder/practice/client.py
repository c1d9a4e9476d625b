"""A candidate who types at the practice server through asyncssh."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncssh

from recorder.practice import PracticeServer

PASSWORD = "CHANGE_ME!"
PROMPT = "candidate@web01:~$ "


async def log_in(server: PracticeServer, **options: object) -> asyncssh.SSHClientConnection:
    settings: dict[str, object] = {"username": "candidate", "client_keys": None, **options}
    return await asyncssh.connect(
        "practice",
        sock=server.connect(),
        known_hosts=([server.host_key.convert_to_public()], [], []),
        config=None,
        agent_path=None,
        **settings,
    )


class Terminal:
    """Waits for words on the screen, then types."""

    def __init__(self, process: asyncssh.SSHClientProcess[bytes]) -> None:
        self.process = process
        self.unread = b""

    async def expect(self, words: str, seconds: float = 60) -> str:
        """Return what came up to and with the words."""
        wanted = words.encode()
        async with asyncio.timeout(seconds):
            while wanted not in self.unread:
                data = await self.process.stdout.read(65536)
                if not data:
                    raise EOFError(self.unread.decode(errors="replace"))
                self.unread += data
        end = self.unread.index(wanted) + len(wanted)
        seen, self.unread = self.unread[:end], self.unread[end:]
        return seen.decode()

    async def type(self, line: str) -> None:
        self.process.stdin.write(line.encode() + b"\r")

    async def run(self, line: str, prompt: str = PROMPT) -> str:
        await self.type(line)
        return await self.expect(prompt)

    async def answer(self, *pairs: tuple[str, str]) -> str:
        """Wait for each first, type each second; return all that was seen."""
        seen = ""
        for words, line in pairs:
            seen += await self.expect(words)
            await self.type(line)
        return seen + await self.expect(PROMPT)


@asynccontextmanager
async def terminal(
    connection: asyncssh.SSHClientConnection, size: tuple[int, int] = (100, 30)
) -> AsyncIterator[Terminal]:
    """Open a login shell; TERM=vt100 keeps the prompt plain."""
    process = await connection.create_process(term_type="vt100", term_size=size, encoding=None)
    try:
        opened = Terminal(process)
        await opened.expect(PROMPT)
        yield opened
    finally:
        process.close()
        await process.wait_closed()
