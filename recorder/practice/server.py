"""The practice server as the hop sees it: a socket with an SSH server behind it.

Each connection of the hop's is one end of a fresh socket pair; there is no address at which anybody
else on this machine could reach it. What runs inside reaches it at port 22 there, as on any server.
Only wiring here: the walls are in ``sandbox.py``, the login in ``login.py``, the channels in
``session.py``, the look in ``film/``.
"""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime
from typing import Self

import asyncssh

from recorder.practice.login import PracticeLogin, running_settings
from recorder.practice.sandbox import Sandbox

_VERSION = "OpenSSH_8.2p1"
_MOTD = "/etc/motd"
_LOGIN_GRACE = 120
_MOST_CONNECTIONS = 40  # from inside nobody may ask more of the hop's process


class PracticeServer:
    """An async context manager: a film set of an old Ubuntu server, walled off from this machine.

    Attributes:
        host_key: Its host key, fresh at each start; pin its public part.

    """

    def __init__(self, *, unconfined: bool = False) -> None:
        self._sandbox = Sandbox(unconfined=unconfined, knocked=self._take)
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_login = "Tue Mar  3 09:14:51 2026 from 10.20.0.4"

    async def __aenter__(self) -> Self:
        """Start it.

        Raises:
            ConfinementError: Namespaces are not to be had here.

        """
        await self._sandbox.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        """End every connection and all that runs in the sandbox."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._sandbox.__aexit__()

    def connect(self) -> socket.socket:
        """Return a connected stream socket to its SSH server, for this process' hop.

        While the film's sshd is stopped, the socket is closed from the other side at once.
        """
        ours, theirs = socket.socketpair()
        self._begin(theirs)
        return ours

    def _take(self, theirs: socket.socket) -> None:
        if len(self._tasks) < _MOST_CONNECTIONS:
            self._begin(theirs)
        else:
            theirs.close()

    def _begin(self, theirs: socket.socket) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(theirs), name="practice sshd")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, theirs: socket.socket) -> None:
        settings = await running_settings(self._sandbox)
        if not settings.up:
            theirs.close()
            return
        try:
            connection = await asyncssh.run_server(
                theirs,
                config=None,
                server_factory=lambda: PracticeLogin(self._sandbox, settings, self._greeting),
                server_host_keys=[self.host_key],
                server_version=_VERSION,
                encoding=None,
                line_editor=False,
                login_timeout=_LOGIN_GRACE,
                agent_forwarding=False,
                x11_forwarding=False,
            )
        except (asyncssh.Error, OSError):
            theirs.close()
            return
        try:
            await connection.wait_closed()
        finally:
            connection.abort()

    async def _greeting(self, terminal: bool) -> str:
        """Print what pam_motd and sshd print before a login shell on a terminal."""
        if not terminal:
            return ""
        try:
            motd = (await self._sandbox.read(_MOTD)).decode(errors="replace")
        except OSError:
            motd = ""
        now = datetime.now(UTC)
        last, self._last_login = self._last_login, f"{now:%a %b %e %H:%M:%S %Y} from 10.20.0.7"
        return motd.replace("@NOW@", f"{now:%a %b %e %H:%M:%S UTC %Y}") + f"Last login: {last}\n"
