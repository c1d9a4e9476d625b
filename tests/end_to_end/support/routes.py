"""Two ways to the same target, direct and through the hop, for any tool that runs `ssh`.

Each way has a client's settings file in which the target is called ``target``. What a tool does on
one is compared with what it does on the other.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from tests.end_to_end.support.client import FINISH, SshClient

TARGET = "target"
LOGINS = 64
"""Logins that one tool may need: the password is given as often."""

Value = TypeVar("Value")
Result = tuple[int, bytes, bytes]


@dataclass(frozen=True, slots=True)
class Route:
    """One way; ``name`` is direct or hop."""

    name: str
    client: SshClient

    @property
    def place(self) -> Path:
        """A directory of this way's own, for what a tool leaves."""
        return self.client.directory

    @property
    def config(self) -> Path:
        """The client's settings file."""
        return self.place / "ssh_config"

    @property
    def ssh(self) -> str:
        """What tools take as their ``ssh`` command, in one string."""
        return f"ssh -F {self.config}"

    def configure(self, **options: str) -> None:
        """Write the settings file, with further options."""
        standard = [each.split("=", 1) for each in self.client.standard]
        lines = [f"Host {TARGET}", f"HostName {self.client.address}", f"Port {self.client.port}"]
        lines += [f"User {self.client.user}"]
        lines += [f"{name} {value}" for name, value in (*options.items(), *standard)]
        self.config.write_text("\n".join(lines) + "\n")

    def run(
        self,
        *argv: str,
        stdin: bytes | int = b"",
        timeout: float = FINISH,
        cwd: Path | None = None,
        variables: dict[str, str] | None = None,
    ) -> Result:
        """Run a tool to its end; return its exit status, output and errors."""
        given = {"stdin": stdin} if isinstance(stdin, int) else {"input": stdin}
        done = subprocess.run(
            argv, env=self.client.environment() | (variables or {}), cwd=cwd or self.place,
            capture_output=True, timeout=timeout, check=False, **given,  # type: ignore[call-overload]
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def run_ssh(self, *words: str, stdin: bytes = b"", timeout: float = FINISH) -> Result:
        """Run ssh; ``words`` are flags, then `TARGET`, then the command."""
        return self.run("ssh", "-F", str(self.config), *words, stdin=stdin, timeout=timeout)

    @contextmanager
    def started(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start ssh with pipes for its three streams; it is gone when the block ends."""
        argv = ["ssh", "-F", str(self.config), *words]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            argv, env=self.client.environment(), stdin=pipe, stdout=pipe, stderr=pipe
        ) as client:
            try:
                yield client
            finally:
                client.kill()


@dataclass(frozen=True, slots=True)
class Routes:
    """Both ways."""

    direct: Route
    hop: Route

    def configure(self, **options: str) -> None:
        """Give both clients further options."""
        for route in self.both:
            route.configure(**options)

    def verbose(self) -> None:
        """Let both clients say all that a candidate sees, but nothing of host keys any more."""
        for route in self.both:
            assert route.run_ssh(TARGET, "true")[0] == 0
        self.configure(LogLevel="INFO")

    @property
    def both(self) -> tuple[Route, Route]:
        """The two, direct first."""
        return self.direct, self.hop

    def same(self, act: Callable[[Route], Value]) -> Value:
        """Do something both ways, check that the results are equal, and return one."""
        expected, found = act(self.direct), act(self.hop)
        assert found == expected, f"through the hop: {found!r:.2000}\ndirect: {expected!r:.2000}"
        return found

    def same_at_once(self, act: Callable[[Route], Value]) -> Value:
        """Do something both ways at the same time, where it is mostly waiting; else as `same`."""
        with ThreadPoolExecutor(2) as both:
            done = {route.name: both.submit(act, route) for route in self.both}
        return self.same(lambda route: done[route.name].result())

    def same_ssh(self, *words: str, stdin: bytes = b"") -> Result:
        """Run ssh both ways; see `Route.run_ssh`."""
        return self.same(lambda route: route.run_ssh(*words, stdin=stdin))


def make_routes(direct: SshClient, hop: SshClient) -> Routes:
    """Return both ways with the settings that all tests share."""

    def route(name: str, client: SshClient) -> Route:
        return Route(name, replace(client, passwords=client.passwords * LOGINS))

    routes = Routes(route("direct", direct), route("hop", hop))
    routes.configure()
    return routes
