"""One look at sshd: which login methods it offers to a user. No secret and no key is tried.

The request for method ``none`` (RFC 4252, 5.2) makes a server name what it offers; then the
connection is closed. In the target's log that is one line at its default level, and no failure.
"""

from __future__ import annotations

import asyncio

import asyncssh

from recorder.exercise.schema import LoginProbe
from recorder.hop.target import format_address
from recorder.probes.failures import Failure, network_failure, shown
from recorder.recording.journal import Probe

LOOK_SECONDS = 20.0

# In this order, so that one that asyncssh asks about comes before those that it passes over.
_METHODS = (
    "publickey",
    "password",
    "keyboard-interactive",
    "hostbased",
    "gssapi-with-mic",
    "gssapi-keyex",
)


class _Asker(asyncssh.SSHClient):
    """Notes what is offered at the first question, and leaves."""

    def __init__(self) -> None:
        self.methods: tuple[str, ...] | None = None
        self._connection: asyncssh.SSHClientConnection | None = None

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        """Keep the connection, to leave it."""
        self._connection = conn

    def public_key_auth_requested(self) -> None:
        """Leave; the methods are known."""
        self._leave()

    def password_auth_requested(self) -> None:
        """Leave; the methods are known."""
        self._leave()

    def kbdint_auth_requested(self) -> None:
        """Leave; the methods are known."""
        self._leave()

    def auth_completed(self) -> None:
        """Note that no method was needed, and leave."""
        self._leave(("none",))

    def _leave(self, methods: tuple[str, ...] | None = None) -> None:
        if self._connection is None or self.methods is not None:
            return
        self.methods = methods or tuple(sorted(self._connection.get_server_auth_methods()))
        self._connection.abort()


async def look_at_logins(host: str, port: int, key: asyncssh.SSHKey, probe: LoginProbe) -> Probe:
    """Look once; ``key`` is the host key that the target must show."""
    place = f"{probe.user}@{format_address(host, port)}"
    seen = Probe(t=0, probe=probe.id, kind="logins", place=place, outcome="answered")
    asker = _Asker()
    failure: Failure | None = None
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await _ask(host, port, key, probe.user, asker)
    except OSError as error:
        failure = network_failure(error)
    except asyncssh.HostKeyNotVerifiable:
        failure = Failure("broken", "it shows another host key than the pinned one")
    except asyncssh.Error as error:
        failure = Failure("broken", f"no SSH ({shown(error.reason)})")
    except (ValueError, ArithmeticError) as error:
        # What cannot be read at all, asyncssh reports by errors that are not among its own.
        failure = Failure("broken", f"no SSH ({shown(str(error))})")
    if asker.methods is not None:
        return seen.model_copy(update={"methods": asker.methods})
    failure = failure or Failure("broken", "it offers nothing that is known")
    return seen.model_copy(update={"outcome": failure.outcome, "cause": failure.cause})


async def _ask(host: str, port: int, key: asyncssh.SSHKey, user: str, asker: _Asker) -> None:
    """Connect, until the asker leaves; what it left by is an error of the connection."""
    connection = await asyncssh.connect(
        host,
        port,
        config=None,
        username=user,
        client_factory=lambda: asker,
        known_hosts=([key], [], []),
        server_host_key_algs=_algorithms(key),
        client_keys=None,
        agent_path=None,
        gss_host=None,
        preferred_auth=_METHODS,
        compression_algs=None,
    )
    connection.abort()
    await connection.wait_closed()


def _algorithms(key: asyncssh.SSHKey) -> list[str]:
    name = key.get_algorithm()
    return ["rsa-sha2-512", "rsa-sha2-256"] if name == "ssh-rsa" else [name]
