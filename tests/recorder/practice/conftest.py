"""One practice server a module, and a candidate's terminal on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from recorder.practice import PracticeServer
from tests.recorder.practice.client import PASSWORD, Terminal, log_in, terminal


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[PracticeServer]:
    async with PracticeServer() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def fresh() -> AsyncIterator[PracticeServer]:
    """For what changes the server for good."""
    async with PracticeServer() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def shell(server: PracticeServer) -> AsyncIterator[Terminal]:
    async with (
        await log_in(server, password=PASSWORD) as connection,
        terminal(connection) as opened,
    ):
        yield opened
