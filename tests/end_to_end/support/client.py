"""The candidate's stock `ssh`, with settings of its own and no settings of this machine."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.end_to_end.support.network import LOOPBACK

_ASKPASS = """#!/bin/sh
# Answers each question of ssh's with the next line of a file.
[ -s "$JUMPSEAT_TEST_PASSWORDS" ] || exit 1
head -n 1 "$JUMPSEAT_TEST_PASSWORDS"
sed -i 1d "$JUMPSEAT_TEST_PASSWORDS"
"""

FINISH = 60.0
"""Seconds within which a command through ssh must end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SshClient:
    """How to reach one SSH server as one user; passwords are typed by SSH_ASKPASS, one a prompt."""

    directory: Path
    port: int
    user: str
    address: str = LOOPBACK
    passwords: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Write the program that answers ssh's questions."""
        script = self.directory / "askpass"
        if not script.exists():
            part = self.directory / f"askpass-{os.getpid()}"
            part.write_text(_ASKPASS)
            part.chmod(0o755)
            part.rename(script)

    def with_options(self, *options: str) -> SshClient:
        """Return the same client with further `-o` options, "Name=value"."""
        return replace(self, options=(*self.options, *options))

    @property
    def standard(self) -> tuple[str, ...]:
        """The options that keep this machine's own settings out, "Name=value"."""
        return (
            f"UserKnownHostsFile={self.directory / 'known_hosts'}",
            "GlobalKnownHostsFile=none",
            "StrictHostKeyChecking=accept-new",
            "IdentityFile=none",
            "IdentityAgent=none",
            "PubkeyAuthentication=no",
            "NumberOfPasswordPrompts=3",
            "LogLevel=ERROR",
        )

    def argv(self, *words: str) -> list[str]:
        """Return the command line; ``words`` are further flags, or the remote command."""
        # ssh takes the first value that it finds for an option, so ours for this client come first.
        options = [word for each in (*self.options, *self.standard) for word in ("-o", each)]
        flags = ["-F", "none", "-p", str(self.port), *options]
        return ["ssh", *flags, f"{self.user}@{self.address}", *words]

    @contextmanager
    def started(self, *words: str, flags: Sequence[str] = ()) -> Iterator[subprocess.Popen[bytes]]:
        """Start ssh with pipes for its three streams; it is gone when the block ends."""
        argv = self.argv(*words)
        argv[1:1] = flags
        pipe = subprocess.PIPE
        with subprocess.Popen(
            argv, env=self.environment(), stdin=pipe, stdout=pipe, stderr=pipe
        ) as client:
            try:
                yield client
            finally:
                client.kill()

    def run(
        self, *words: str, stdin: bytes = b"", flags: Sequence[str] = (), timeout: float = FINISH
    ) -> subprocess.CompletedProcess[bytes]:
        """Run ssh to its end."""
        argv = self.argv(*words)
        argv[1:1] = flags
        return subprocess.run(
            argv,
            env=self.environment(),
            input=stdin,
            capture_output=True,
            timeout=timeout,
            check=False,
        )

    def run_tool(self, tool: str, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Run a tool of OpenSSH's that takes ssh's options and destination, such as ssh-copy-id."""
        options = self.argv()[3:]
        # ssh-copy-id keeps its scraps there.
        (self.directory / ".ssh").mkdir(mode=0o700, exist_ok=True)
        return subprocess.run(
            [tool, *words, *options], env=self.environment(), stdin=subprocess.DEVNULL,
            capture_output=True, timeout=FINISH, check=False,
        )  # fmt: skip

    def environment(self) -> dict[str, str]:
        """Return the variables that ssh runs with; the passwords wait in a fresh file."""
        handle, name = tempfile.mkstemp(dir=self.directory, prefix="passwords-")
        with os.fdopen(handle, "w") as file:
            file.write("".join(f"{password}\n" for password in self.passwords))
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.directory),
            "SSH_ASKPASS": str(self.directory / "askpass"),
            "SSH_ASKPASS_REQUIRE": "force",
            "JUMPSEAT_TEST_PASSWORDS": name,
            **self.variables,
        }
