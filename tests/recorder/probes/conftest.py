"""Small web servers whose every byte the test decides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from recorder.exercise.schema import HttpProbe

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Web:
    """A server that answers each request with ``answer``; ``asked`` holds the requests."""

    answer: bytes = b""
    asked: list[str] = field(default_factory=list)
    port: int = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(self.answer)
        writer.close()

    def probe(self, **settings: object) -> HttpProbe:
        fields = {"kind": "http", "id": "page", "title": "The page", "port": self.port}
        return HttpProbe.model_validate(fields | settings)


def page(body: str, status: str = "200 OK", *fields: str) -> bytes:
    head = [f"HTTP/1.1 {status}", "Server: small", f"Content-Length: {len(body.encode())}", *fields]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


StartWeb = Callable[..., Awaitable[Web]]


@pytest.fixture
async def start_web() -> AsyncIterator[StartWeb]:
    async with AsyncExitStack() as stack:

        async def start(answer: bytes = b"", handler: Handler | None = None) -> Web:
            web = Web(answer)
            server = await asyncio.start_server(handler or web.handle, "127.0.0.1", 0)
            stack.callback(server.close)
            web.port = server.sockets[0].getsockname()[1]
            return web

        yield start
