"""A PostgreSQL server of the tests' own: Debian's binaries, a socket in a temporary directory.

It listens on no port, and runs as a user without rights, as it refuses to run as root.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.end_to_end.support.waiting import wait_for

_USER = "postgres"
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "shared_buffers": "16MB",
    "max_connections": "40",
    "autovacuum": "off",
}


def binaries() -> Path | None:
    """Return the directory of the newest PostgreSQL's programs, None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def _version(path: Path) -> float:
    return float(path.parent.parent.name)


class Postgres:
    """A server in a directory, which holds its socket, its data and what it said."""

    def __init__(self, directory: Path, programs: Path) -> None:
        self.directory = directory
        self.data = directory / "data"
        self.log = directory / "log"
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        self._whom: dict[str, Any] = {}
        if os.geteuid() == 0:
            entry = pwd.getpwnam(_USER)
            self._whom = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            os.chown(directory, entry.pw_uid, entry.pw_gid)

    def make(self) -> None:
        """Make its data, once."""
        argv = [
            str(self._programs / "initdb"), "-D", str(self.data), "-U", _USER, "-A", "trust",
            "-E", "UTF8", "--locale=C", "--no-sync",
        ]  # fmt: skip
        done = subprocess.run(
            argv, cwd=self.directory, capture_output=True, text=True, check=False, **self._whom
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        """Start it, and return when it answers."""
        settings = [word for pair in _SETTINGS.items() for word in ("-c", "=".join(pair))]
        argv = [
            str(self._programs / "postgres"), "-D", str(self.data), "-k", str(self.directory),
            *settings,
        ]  # fmt: skip
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                argv, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                **self._whom,
            )  # fmt: skip
        wait_for(self._answers, "answer of PostgreSQL", timeout=60, detail=self.log.read_text)

    def stop(self) -> None:
        """End it, and throw out whoever is connected."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        """Return a URL as a user would write it."""
        return f"postgresql://{_USER}@/{database}?host={self.directory}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.directory), user=_USER, dbname=database, autocommit=True
        )

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database and give its URL; it is dropped with whoever still uses it."""
        name = f"test_{secrets.token_hex(6)}"
        quoted = sql.Identifier(name)
        with self.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
        yield self.url(name)
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))

    def files_with(self, words: bytes) -> list[Path]:
        """Return the files of tables, once all is written to them, that hold some bytes."""
        with self.connect() as connection:
            connection.execute("CHECKPOINT")
        return [
            path for path in (self.data / "base").rglob("*")
            if path.is_file() and words in path.read_bytes()
        ]  # fmt: skip


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Make and start a server; it and its directory are gone at the end."""
    programs = binaries()
    assert programs is not None
    # A socket's path may not be long: https://man7.org/linux/man-pages/man7/unix.7.html
    directory = Path(tempfile.mkdtemp(prefix="jumpseat-pg-"))
    server = Postgres(directory, programs)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
