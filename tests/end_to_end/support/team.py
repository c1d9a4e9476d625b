"""Interviewers: their keys by stock ssh-keygen, the file that lists them, and their stock ssh."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.keys import by_key, new_key, public
from tests.end_to_end.support.waiting import wait_for

_SEAT = re.compile(r"^seat listening on 127\.0\.0\.1:(\d+)$", re.MULTILINE)


class Team:
    """People with a key each; only those whom `enlist` named are in the file."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.file = directory / "team.keys"
        directory.mkdir(parents=True, exist_ok=True)

    @property
    def options(self) -> tuple[str, ...]:
        """What `jumpseat serve` is told."""
        return ("--interviewers", str(self.file), "--seat-port", "0")

    def key(self, name: str) -> Path:
        """Return somebody's key, made when it is asked for."""
        path = self.directory / "keys" / name
        return path if path.exists() else new_key(path)

    def enlist(self, *names: str) -> None:
        """Write the file anew; each of these is NAME or NAME:ROLE."""
        owners = [name.partition(":")[0] for name in names]
        keys = [public(self.key(owner)).read_text() for owner in owners]
        lines = [f"{name} {key}" for name, key in zip(names, keys, strict=True)]
        part = self.directory / "part"
        part.write_text("# our team\n" + "".join(lines))
        part.chmod(0o600)
        part.replace(self.file)

    def client(self, name: str, port: int, *, key: str = "") -> SshClient:
        """Return somebody's ssh."""
        place = self.directory / name
        place.mkdir(exist_ok=True)
        client = SshClient(directory=place, port=port, user=name)
        return by_key(client, self.key(key or name))


def seat_port(said: Callable[[], str]) -> int:
    """Return the seat's port, by what serve has said."""
    found = wait_for(lambda: _SEAT.search(said()), "line `seat listening on`", detail=said)
    return int(found[1])
