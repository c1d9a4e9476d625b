"""The server behind the hop: its address, a socket to it, and the host key that it must show.

No authentication and no channels belong here. A practice server is a target like any other: it only
hands out its sockets itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from dataclasses import dataclass
from typing import Literal, Protocol

import asyncssh

from recorder.errors import TargetError, UsageError
from recorder.hop import icmp
from recorder.hop.hostkeys import PinnedKeys

CONNECT_SECONDS = 10.0
SSH_PORT = 22
_VERSION_LINES = 50
_MAX_PORT = 65535


class Target(Protocol):
    """Where connections go."""

    @property
    def label(self) -> str:
        """What people call it: HOST:PORT, or practice."""

    async def connect(self) -> socket.socket:
        """Return a connected stream socket.

        Raises:
            TargetError: It cannot be reached; the message says why and what to do.

        """


@dataclass(frozen=True, slots=True)
class TcpTarget:
    """A server on the network."""

    host: str
    port: int

    @property
    def label(self) -> str:
        """HOST:PORT, an IPv6 address in brackets."""
        return format_address(self.host, self.port)

    async def connect(self) -> socket.socket:
        """Open a TCP connection; see `Target.connect`."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            reason = error.strerror if isinstance(error, socket.gaierror) else str(error)
            raise TargetError(
                f"cannot find the target {self.host!r} ({reason})",
                "check the spelling of its name, or give its address",
            ) from error
        problem: OSError | None = None
        for family, kind, protocol, _, address in found:
            try:
                return await self._connect_one(family, kind, protocol, address)
            except OSError as error:
                problem = error
        raise TargetError(
            f"cannot reach {self.label} ({_reason(problem)})", _hint(problem)
        ) from problem

    async def _connect_one(
        self, family: int, kind: int, protocol: int, address: tuple[object, ...]
    ) -> socket.socket:
        sock = socket.socket(family, kind, protocol)
        sock.setblocking(False)
        icmp.watch_for_firewall(sock)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await asyncio.get_running_loop().sock_connect(sock, address)
        except BaseException as error:
            by_firewall = icmp.refused_by_firewall(sock)
            sock.close()
            if by_firewall and isinstance(error, OSError) and error.errno:
                raise icmp.FirewallError(error.errno, os.strerror(error.errno)) from error
            raise
        icmp.stop_watching(sock)
        return sock


def _reason(problem: OSError | None) -> str:
    if isinstance(problem, icmp.FirewallError):
        return f"a firewall refuses it: {problem.strerror}"
    if isinstance(problem, TimeoutError):
        return f"no answer within {CONNECT_SECONDS:.0f} seconds"
    # asyncio writes its own words where the system's are clearer.
    return os.strerror(problem.errno) if problem and problem.errno else str(problem)


def _hint(problem: OSError | None) -> str:
    if isinstance(problem, ConnectionRefusedError):
        return "check the port, and that its SSH server runs"
    return "check the address, the route to it and its firewall"


def parse_address(text: str, default_port: int | None) -> tuple[str, int]:
    """Read HOST, HOST:PORT or [IPV6]:PORT.

    Without a default it is an address to listen on: the port must be there, and 0 takes any.

    Raises:
        UsageError: It is none of these, or lacks a port where there is no default.

    """
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        port_text = rest.removeprefix(":")
        well_formed = bool(bracket) and (not rest or rest.startswith(":"))
    elif text.count(":") > 1:
        host, port_text, well_formed = text, "", True
    else:
        host, _, port_text = text.partition(":")
        well_formed = not text.endswith(":")
    if not port_text and default_port is not None and host and well_formed:
        return host, default_port
    if not host or not well_formed or not (port_text.isascii() and port_text.isdigit()):
        raise UsageError(
            f"not an address: {text!r}", "write HOST:PORT, an IPv6 address in brackets"
        )
    port = int(port_text)
    lowest = 0 if default_port is None else 1
    if not lowest <= port <= _MAX_PORT:
        raise UsageError(f"no such port: {port}", f"ports go from {lowest} to {_MAX_PORT}")
    return host, port


def format_address(host: str, port: int) -> str:
    """Write HOST:PORT, an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What the first contact told: the SSH version line without ``SSH-2.0-``, and the host key."""

    version: str
    key: asyncssh.SSHKey
    verdict: Literal["pinned", "known"]


async def contact(target: Target, pinned: PinnedKeys) -> Contact:
    """Reach the target once, and compare or pin its host key.

    Raises:
        TargetError: It cannot be reached, does not speak SSH, or shows another key than before.

    """
    version = await read_version(target)
    known = pinned.lookup(target.label)
    key = await read_key(target, known)
    if known is None:
        pinned.pin(target.label, key)
    elif key != known:
        raise changed_key(target.label, known, key, pinned)
    return Contact(version=version, key=key, verdict="known" if known else "pinned")


def changed_key(
    label: str, known: asyncssh.SSHKey, shown: asyncssh.SSHKey, pinned: PinnedKeys
) -> TargetError:
    """Return the error for a target that shows another key than the one pinned."""
    return TargetError(
        f"the host key of {label} has changed: pinned is {known.get_fingerprint()},"
        f" it shows {shown.get_fingerprint()}",
        "if you know why, compare it with the server's own and trust it with `jumpseat session"
        f" repin` (pinned in {pinned.path})",
    )


async def read_version(target: Target) -> str:
    """Return what the target calls itself, its version line without ``SSH-2.0-``.

    Raises:
        TargetError: It cannot be reached or does not speak SSH.

    """
    sock = await target.connect()
    reader, writer = await asyncio.open_connection(sock=sock)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            for _ in range(_VERSION_LINES):
                line = await reader.readline()
                if line.startswith(b"SSH-"):
                    return line.decode("ascii", "replace").strip().split("-", 2)[-1]
                if not line:
                    break
    except (OSError, ValueError) as error:
        raise _not_ssh(target, str(error) or "no answer") from error
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    raise _not_ssh(target, "it sends something else")


async def read_key(target: Target, known: asyncssh.SSHKey | None = None) -> asyncssh.SSHKey:
    """Return the host key that the target shows now, of the kind of ``known`` where it has one.

    Nothing is pinned and nobody logs in: a person may compare it before `PinnedKeys.repin`.

    Raises:
        TargetError: It cannot be reached or does not speak SSH.

    """
    sock = await target.connect()
    algorithms = [known.get_algorithm()] if known else ()
    if known and known.get_algorithm() == "ssh-rsa":
        algorithms = ["rsa-sha2-512", "rsa-sha2-256"]
    try:
        key = await asyncssh.get_server_host_key(
            sock=sock, config=None, server_host_key_algs=algorithms
        )
    except asyncssh.KeyExchangeFailed as error:
        if known is None:
            raise _not_ssh(target, error.reason) from error
        # It no longer has a key of the kind that was pinned: show what it has now.
        return await read_key(target, None)
    except (OSError, asyncssh.Error, ValueError, ArithmeticError) as error:
        # What cannot be read at all, asyncssh reports by errors that are not among its own.
        raise _not_ssh(target, str(error)) from error
    if key is None:
        raise _not_ssh(target, "it shows no host key")
    return key


def _not_ssh(target: Target, reason: str) -> TargetError:
    return TargetError(
        f"{target.label} does not answer as an SSH server ({reason})",
        "check the address and the port",
    )
