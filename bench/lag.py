"""How long after its last byte of evidence a tag is in the store, with ten sessions at once.

Sessions are recorded as `serve` records them (the recorder's writer and flusher, in one loop), each
is followed by a process of its own as `serve` starts it, and one observer looks into the store. A
scripted candidate types at a hand's pace, reads output, and now and then opens a directory to all:
the prompt that returns is the last byte of evidence of `world-writable`. Run with
`python -m bench.lag [--sessions N] [--seconds N]` from the repository's root. Asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, select

from analyzer.tables import TagRow
from bench.support.table import percentile
from recorder.home import Home
from recorder.recording.flusher import Flusher
from recorder.recording.journal import (
    ChannelOpened,
    ConnectionOpened,
    LoginAttempt,
    PtyRequest,
)
from recorder.recording.terminal import TerminalRecording
from recorder.recording.writer import RecordingWriter
from recorder.store.engine import open_engine
from recorder.store.migrations import upgrade

SIGNAL = "world-writable"
PROMPT = b"\x1b[?2004hcandidate@web01:~$ "
LOOK = 0.005
"""Seconds between two looks of the observer: by so much a figure may be too large."""
KEY = 0.09
"""Seconds between two keys, about 130 words a minute."""


@dataclass(slots=True)
class Seen:
    """Moments, by the monotonic clock: evidence by session, first sight by session and tag."""

    evidence: dict[str, list[float]] = field(default_factory=dict)
    tags: dict[str, dict[str, float]] = field(default_factory=dict)

    def lags(self) -> tuple[list[float], int]:
        """Return the lags in milliseconds, and how many tags never came."""
        found: list[float] = []
        missing = 0
        for session, moments in self.evidence.items():
            shown = sorted(self.tags.get(session, {}).values())
            missing += len(moments) - len(shown)
            found += [
                1e3 * (seen - shown_at) for shown_at, seen in zip(moments, shown, strict=False)
            ]
        return found, missing


class Candidate:
    """One session: what is typed and what the target answers."""

    def __init__(self, home: Home, name: str, seen: Seen) -> None:
        self.name = name
        self._seen = seen
        self._source = random.Random(name)
        self.writer = RecordingWriter(
            home.recording(name), session=name, program="bench", target="web01:22", listen=None,
            candidate=None, content_key=b"bench",
        )  # fmt: skip
        self._terminal = self._open()

    def _open(self) -> TerminalRecording:
        pty = PtyRequest(term="xterm-256color", columns=120, lines=40)
        writer = self.writer
        writer.log(ConnectionOpened(t=writer.now(), connection=1, peer="192.0.2.1"))
        writer.log(
            LoginAttempt(
                t=writer.now(),
                connection=1,
                user="candidate",
                method="password",
                outcome="accepted",
            )
        )
        opened = writer.now()
        writer.log(
            ChannelOpened(
                t=opened, connection=1, channel=1, kind="shell", user="candidate", pty=pty,
                file="c1-1.cast",
            )
        )  # fmt: skip
        return TerminalRecording(writer, 1, 1, pty, opened)

    async def work(self, until: float) -> None:
        """Type and read until a moment; each round ends with what is tagged."""
        flusher = Flusher(self.writer)
        self._terminal.output(PROMPT)
        await asyncio.sleep(self._source.uniform(0, 2))
        while time.monotonic() < until:
            await self._run("tail -n 20 /var/log/syslog", self._log())
            await asyncio.sleep(self._source.uniform(0.5, 2))
            await self._run("sudo chmod 777 /srv/www", b"")
            self._seen.evidence.setdefault(self.name, []).append(time.monotonic())
            await asyncio.sleep(self._source.uniform(0.5, 2))
        # What is on its way has to arrive before the followers are told to end.
        await asyncio.sleep(2)
        await flusher.close()
        self._terminal.close()
        self.writer.close()

    async def _run(self, command: str, output: bytes) -> None:
        for key in command.encode():
            self._terminal.input(bytes([key]))
            self._terminal.output(bytes([key]))
            await asyncio.sleep(KEY)
        self._terminal.input(b"\r")
        self._terminal.output(b"\r\n\x1b[?2004l\r")
        await asyncio.sleep(self._source.uniform(0.05, 0.3))
        self._terminal.output(output + PROMPT)

    def _log(self) -> bytes:
        lines = (
            f"Nov 20 09:14:{self._source.randrange(60):02} web01 app[731]:"
            f" served {self._source.randrange(10**6)} bytes\r\n"
            for _ in range(20)
        )
        return "".join(lines).encode()


def observe(engine: Engine, seen: Seen, stop: threading.Event) -> None:
    """Note when each tag is first in the store."""
    wanted = select(TagRow.session, TagRow.id).where(TagRow.signal == SIGNAL)
    while not stop.wait(LOOK):
        with engine.connect() as connection:
            rows = connection.execute(wanted).all()
        now = time.monotonic()
        for session, tag in rows:
            seen.tags.setdefault(session, {}).setdefault(tag, now)


@contextlib.contextmanager
def followed(home: Home, candidates: list[Candidate]) -> Iterator[None]:
    """Give each session its follower."""
    environment = {**os.environ, "JUMPSEAT_DATABASE_URL": home.database_url}
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "analyzer.follower", str(each.writer.directory)],
            env=environment, stderr=subprocess.DEVNULL,
        )
        for each in candidates
    ]  # fmt: skip
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


async def play(home: Home, sessions: int, seconds: float, seen: Seen) -> None:
    """Let all candidates work at once."""
    candidates = [Candidate(home, f"lag{number:05}", seen) for number in range(sessions)]
    with followed(home, candidates):
        # All have started when none reads what came before it any more.
        until = time.monotonic() + seconds
        await asyncio.gather(*(each.work(until) for each in candidates))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    seen = Seen()
    with tempfile.TemporaryDirectory(prefix="jumpseat-bench-") as place:
        home = Home(Path(place) / "home").ensure()
        home.recordings.mkdir(exist_ok=True)
        engine = open_engine(home.database_url)
        upgrade(engine)
        stop = threading.Event()
        observer = threading.Thread(target=observe, args=(engine, seen, stop))
        observer.start()
        try:
            asyncio.run(play(home, options.sessions, options.seconds, seen))
        finally:
            stop.set()
            observer.join()
            engine.dispose()
    lags, missing = seen.lags()
    print(f"{options.sessions} sessions, {len(lags)} tags, {missing} missing, ms to the store")
    for share in (0.5, 0.95, 1.0):
        print(f"{'p' + format(share * 100, 'g'):5} {percentile(lags, share):8.0f}")


if __name__ == "__main__":
    main()
