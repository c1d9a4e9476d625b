"""What cannot be recorded is not relayed: the session stops, and the interviewer is told."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.crash import receiving, writer_of
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import cast_events, journal, verify
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for

FLOOD = "yes what is shown and cannot be recorded"
SMALL = "4m"
ROOMY = "64m"


@pytest.fixture
def hop(tmp_path: Path, stock_sshd: StockSshd) -> Iterator[Hop]:
    hop = Hop(tmp_path / "hop", stock_sshd.address)
    yield hop
    if hop.running:
        hop.kill()


@pytest.fixture
def small_disk(hop: Hop) -> Iterator[Path]:
    """A file system of a few megabytes under the hop's home."""
    hop.home.mkdir(mode=0o700)
    options = f"size={SMALL},mode=700"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "jumpseat-test", str(hop.home)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"cannot mount a small file system here: {done.stderr.strip()}")
    yield hop.home
    if hop.running:
        hop.kill()
    # Lazily: the analysis of a hop that was killed may still have its log open there.
    subprocess.run(["umount", "--lazy", str(hop.home)], check=True)


def candidate(hop: Hop, account: Account, directory: Path) -> SshClient:
    return SshClient(
        directory=directory, port=hop.port, user=account.name, passwords=(account.password,)
    )


def stops_with(hop: Hop, words: str) -> str:
    """Wait for the end of serve; return what it said to the interviewer."""
    wait_for(lambda: not hop.running, "end of serve", timeout=60)
    said = hop.err.read_text()
    assert words in said
    assert hop.process.returncode == 1, said
    hop.assert_no_traceback()
    return said


def assert_it_ends_as_failed(hop: Hop, session: Path, words: str) -> None:
    last = journal(session)[-1]
    assert (last["event"], last["reason"], last["detail"]) == ("session-closed", "failed", words)
    # Every line of the cast can be read: no half of one is left.
    assert sum(1 for _ in cast_events(session / "c1-1.cast")) > 10
    verify(hop.home, session)
    done = hop.jumpseat("session", "verify", session.name, "--json")
    assert json.loads(done.stdout)["verdict"] == "failed", done.stderr
    assert done.returncode == 0
    states = {each["id"]: each["state"] for each in hop.json("session", "list")}
    assert states[session.name] == "failed"


def test_a_full_disk_stops_the_session_and_says_so(
    hop: Hop, small_disk: Path, account: Account, tmp_path: Path
) -> None:
    hop.start()
    session = hop.session
    with receiving(candidate(hop, account, tmp_path), FLOOD) as got:
        stops_with(hop, "No space left on device")
    assert shutil.disk_usage(small_disk).free < 1 << 20
    assert_it_ends_as_failed(hop, session, "No space left on device")
    assert "free space" in hop.err.read_text()
    # Nothing that the candidate saw went unrecorded for longer than a flush takes.
    recorded = sum(len(d) for _, code, d in cast_events(session / "c1-1.cast") if code == "o")
    first_missing = got.since(recorded)
    assert first_missing is None or got.times[-1][0] - first_missing < 2.0

    subprocess.run(["mount", "-o", f"remount,size={ROOMY}", str(hop.home)], check=True)
    hop.start()
    done = candidate(hop, account, tmp_path).run("echo there is room again")
    assert (done.returncode, done.stdout) == (0, b"there is room again\n")
    hop.stop()
    verify(hop.home, session)


def _file_too_large(hop: Hop, session: Path) -> None:
    limit = (session / "c1-1.cast").stat().st_size + 20_000
    resource.prlimit(writer_of(session), resource.RLIMIT_FSIZE, (limit, limit))


def test_a_write_error_stops_the_session_and_says_so(
    hop: Hop, account: Account, tmp_path: Path
) -> None:
    hop.start()
    session = hop.session
    with receiving(candidate(hop, account, tmp_path), FLOOD) as got:
        wait_for(lambda: len(got.data) > 1000, "output")
        wait_for((session / "c1-1.cast").exists, "cast")
        _file_too_large(hop, session)
        stops_with(hop, "File too large")
    assert_it_ends_as_failed(hop, session, "File too large")


def _remove_cast(session: Path) -> None:
    (session / "c1-1.cast").unlink()


@pytest.mark.parametrize("remove", [_remove_cast, shutil.rmtree], ids=["a file", "all of it"])
def test_a_recording_that_is_removed_stops_the_session_and_says_so(
    hop: Hop, account: Account, tmp_path: Path, remove: Callable[[Path], None]
) -> None:
    hop.start()
    session = hop.session
    with receiving(candidate(hop, account, tmp_path), FLOOD) as got:
        wait_for(lambda: len(got.data) > 1000, "output")
        wait_for((session / "c1-1.cast").exists, "cast")
        remove(session)
        said = stops_with(hop, "was removed")
    assert "could not be written" in said
