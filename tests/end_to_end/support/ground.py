"""A hop that odd input is thrown at, and what must be true of it before, between and after.

Which input that is, is the tests' matter.
"""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
from dataclasses import dataclass
from pathlib import Path

from recorder.recording.reader import RecordingReader
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.dice import ESCAPE
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import verify

_BELONGS = re.compile(
    r"recordings(/[2-9a-z]{8}(/(session\.jsonl|c\d+-\d+\.(cast|in|out|err)"
    r"|manifest\.json(\.sig)?|\.?reserve))?)?"
    r"|keys(/[\w.-]+)?|cache(/.*)?|logs(/analysis-[2-9a-z]{8}\.log)?"
    r"|jumpseat\.db(-wal|-shm|-journal)?|control\.(sock|lock)"
    r"|waiting(/\.?\d{20,}-[0-9a-f]{8}(\.\w+)?)?"
    r"|heads(/(\.[0-9a-f]{16}|[0-9a-f]{16}\.json))?"
)

_PATIENCE = 40.0
"""Seconds; less would only tell how busy the machine is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A hop, who may log in through it, and an ssh that is as it should be.

    Attributes:
        process: The id of the session's process, which must never be another one.
        bystander: Somebody's `cat` through the hop, who is at work all the time.

    """

    hop: Hop
    ssh: SshClient
    account: Account
    process: int
    bystander: subprocess.Popen[bytes] | None = None

    def still_serves(self) -> None:
        """Check that the session's process is the same and serves a stock ssh as ever."""
        assert self.hop.running, self.hop.err.read_text()
        assert self.hop.session_process == self.process
        done = self.ssh.run("echo in")
        assert (done.stdout, done.returncode) == (b"in\n", 0), done.stderr
        self.hop.assert_no_traceback()

    def bystander_is_served(self) -> None:
        """Check that whoever is at work all the time gets what they ask for."""
        cat = self.bystander
        if cat is None:
            return
        assert cat.stdin is not None
        assert cat.stdout is not None
        words = os.urandom(8).hex().encode() + b"\n"
        cat.stdin.write(words)
        cat.stdin.flush()
        assert select.select([cat.stdout], [], [], _PATIENCE)[0], "the bystander waits"
        assert os.read(cat.stdout.fileno(), 100) == words

    def _bystander_leaves(self) -> None:
        if self.bystander is not None:
            self.bystander_is_served()
            assert self.bystander.communicate(timeout=_PATIENCE)[0] == b""
            assert self.bystander.returncode == 0

    def is_sound(self) -> None:
        """End the hop, and check all that it leaves."""
        self.still_serves()
        self._bystander_leaves()
        session = self.hop.session
        self.hop.stop()
        assert "the hop failed" not in (session / "session.jsonl").read_text()
        with RecordingReader(session) as reader:
            assert list(reader.read())
            assert reader.problems == []
        done = self.hop.jumpseat("session", "verify", session.name, "--json")
        assert json.loads(done.stdout)["verdict"] == "intact", done.stdout + done.stderr
        verify(self.hop.home, session)
        assert self.hop.jumpseat("commands", session.name, "--json").returncode == 0
        self._nothing_else_was_written()

    def _nothing_else_was_written(self) -> None:
        home = self.hop.home
        found = {str(path.relative_to(home)) for path in home.rglob("*")}
        assert [path for path in sorted(found) if not _BELONGS.fullmatch(path)] == []
        assert {path.name for path in self.hop.directory.iterdir()} <= {
            "home", "serve.out", "serve.err", "confession",
        }  # fmt: skip
        for place in (Path("/"), Path("/tmp"), home.parent.parent, home.parent.parent.parent):
            assert not (place / ESCAPE).exists()
