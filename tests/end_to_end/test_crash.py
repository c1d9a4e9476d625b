"""Killed at any moment, a recording opens, lacks no more than a flush, and is named as cut off."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.recording.events import Output
from recorder.recording.reader import RecordingReader
from recorder.recording.verify import Verification, verify_recording
from recorder.signers import read_signers
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.crash import (
    Received,
    Starvation,
    kill_all,
    receiving,
    with_descendants,
    writer_of,
)
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import journal, verify
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for

WHOLE = 100
FACTOR = 20
"""`make soak` kills a hundred times, `make test` a twentieth of that, half of it each way."""

FLUSH = 0.1
"""Seconds that a kill may lose."""

PACED = "while :; do echo $EPOCHREALTIME; sleep 0.004; done"
FLOOD = "while :; do echo $EPOCHREALTIME; done"

Victims = Callable[[Hop, Path], list[int]]


def _recorder(hop: Hop, session: Path) -> list[int]:
    """Return the one process that writes the recording."""
    return [writer_of(session)]


def _host(hop: Hop, _session: Path) -> list[int]:
    """Return `serve` and all that it started."""
    return with_descendants(hop.process.pid)


def _recorded(session: Path) -> bytes:
    """Return what the recording shows of the terminal; nothing but a last line may be torn."""
    with RecordingReader(session, abandoned=True) as reader:
        shown = b"".join(event.data for event in reader.read() if isinstance(event, Output))
        assert {problem.words for problem in reader.problems} <= {"torn last line dropped"}
    return shown


def _assert_cut_is_named_before_the_next_start(hop: Hop, session: Path) -> None:
    signers = read_signers(hop.home / "keys" / "allowed_signers")

    def ended() -> Verification | None:
        found = verify_recording(session, signers.check)
        return found if found.verdict != "live" else None

    # The session's process goes down with its host, a moment later.
    found = wait_for(ended, "end of the session's process")
    if journal(session)[-1]["event"] != "session-closed":
        assert found.verdict == "unsigned"
        assert found.findings[0].kind == "not-closed"


def _assert_cut_is_named(hop: Hop, session: Path, killed_at: float) -> None:
    first, last = journal(session)[0], journal(session)[-1]
    assert (last["event"], last["reason"]) == ("session-closed", "cut-off")
    assert 0 < last["t"] <= killed_at - first["monotonic"]
    verify(hop.home, session)
    done = hop.jumpseat("session", "verify", session.name, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert (found["verdict"], found["late"], found["findings"]) == ("cut-off", True, [])
    assert found["ended"]["t"] == last["t"]


def _lost(got: Received, session: Path, killed_at: float) -> float:
    """Return for how many seconds before the kill the recording lacks what the client got."""
    recorded = _recorded(session)
    both = min(len(recorded), len(got.data))
    assert recorded[:both] == bytes(got.data[:both])
    first_missing = got.since(len(recorded))
    return 0.0 if first_missing is None else max(0.0, killed_at - first_missing)


def _one_kill(hop: Hop, client: SshClient, command: str, victims: Victims, wait: float) -> float:
    """Kill under output; return the seconds that were lost beyond what the machine is to blame for.

    The hop is not running afterwards.
    """
    session = hop.session
    with receiving(client, command) as got:
        wait_for(lambda: len(got.data) > 100, "output")
        starvation = Starvation(writer_of(session))
        # Looking for them takes longer than a flush.
        doomed = victims(hop, session)
        starvation.sleep(wait)
        kill_all(doomed)
        killed_at = time.monotonic()
    wait_for(lambda: not hop.running, "end of serve")
    _assert_cut_is_named_before_the_next_start(hop, session)
    lost = _lost(got, session, killed_at)
    starved = starvation.before(killed_at)
    assert lost <= FLUSH + starved, f"lost {lost:.3f} s, of which starved {starved:.3f} s"
    return max(0.0, lost - starved)


def _kills(
    times: int, victims: Victims, directory: Path, stock_sshd: StockSshd, account: Account
) -> None:
    chosen = random.Random()
    hop = Hop(directory / "hop", stock_sshd.address)
    previous: tuple[Path, float] | None = None
    lost = []
    place = directory / "candidate"
    place.mkdir()
    try:
        for number in range(times + 1):
            hop.start()
            if previous is not None:
                _assert_cut_is_named(hop, *previous)
            if number == times:
                break
            client = SshClient(
                directory=place, port=hop.port, user=account.name, passwords=(account.password,)
            )
            session = hop.session
            command = FLOOD if number % 2 else PACED
            lost.append(_one_kill(hop, client, command, victims, chosen.uniform(0.0, 1.5)))
            previous = (session, time.monotonic())
        hop.stop()
    finally:
        if hop.running:
            hop.kill()
    figures = f"at most {max(lost) * 1000:.0f} ms, {sum(lost) / times * 1000:.1f} ms on average"
    print(f"{times} kills: lost {figures}")  # noqa: T201 - the figure that `make soak` shows


@pytest.mark.parametrize("victims", [_recorder, _host])
def test_kills_at_random_moments_lose_no_more_than_a_flush(
    tmp_path: Path, stock_sshd: StockSshd, account: Account, victims: Victims
) -> None:
    _kills(WHOLE // FACTOR // 2 + 1, victims, tmp_path, stock_sshd, account)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("victims", [_recorder, _host])
def test_a_hundred_kills_at_random_moments_lose_no_more_than_a_flush(
    tmp_path: Path, stock_sshd: StockSshd, account: Account, victims: Victims
) -> None:
    _kills(WHOLE, victims, tmp_path, stock_sshd, account)


@pytest.mark.parametrize("wait", [0.0, 0.02, 0.1])
def test_killed_while_it_ends_a_recording_is_whole_or_cut_off_and_signed_at_the_next_start(
    tmp_path: Path, stock_sshd: StockSshd, account: Account, wait: float
) -> None:
    hop = Hop(tmp_path / "hop", stock_sshd.address)
    hop.start()
    try:
        session = hop.session
        client = SshClient(
            directory=tmp_path, port=hop.port, user=account.name, passwords=(account.password,)
        )
        with receiving(client, PACED) as got:
            wait_for(lambda: len(got.data) > 100, "output")
            family = with_descendants(hop.process.pid)
            os.kill(hop.process.pid, signal.SIGTERM)
            time.sleep(wait)
            kill_all(family)
        wait_for(lambda: not hop.running, "end of serve")
        _recorded(session)
        hop.start()
        assert journal(session)[-1]["event"] == "session-closed"
        verify(hop.home, session)
        hop.stop()
    finally:
        if hop.running:
            hop.kill()
