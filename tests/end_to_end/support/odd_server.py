"""An SSH server that asks what stock sshd never asks, to see that the hop passes it on.

asyncssh's, in a thread of its own. Whatever stock sshd can ask is tested with stock sshd.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import asyncssh

from tests.end_to_end.support.network import LOOPBACK

Program = Callable[[asyncssh.SSHServerProcess[str]], None]


def _greet(process: asyncssh.SSHServerProcess[str]) -> None:
    process.stdout.write("in\n")
    process.exit(0)


@contextmanager
def odd_server(login: Callable[[], asyncssh.SSHServer], program: Program = _greet) -> Iterator[int]:
    """Run a server whose logins are answered so, and return its port; commands end with 0."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        acceptor = asyncio.run_coroutine_threadsafe(_listen(login, program), loop).result(
            timeout=60
        )
        try:
            yield acceptor.get_port()
        finally:
            acceptor.close()
            asyncio.run_coroutine_threadsafe(acceptor.wait_closed(), loop).result(timeout=60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _listen(
    login: Callable[[], asyncssh.SSHServer], program: Program
) -> asyncssh.SSHAcceptor:
    return await asyncssh.listen(
        LOOPBACK, 0, config=None, server_factory=login, process_factory=program,
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")], gss_host=None,
    )  # fmt: skip
