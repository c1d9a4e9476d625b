"""The place for one look: private, and gone afterwards, however that came."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from recorder.formats.temporary import private_place

_LOOK = """
import signal, time
# Whoever runs the tests in the background has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from recorder.formats.temporary import private_place
with private_place() as place:
    (place / "file").write_text("x")
    print(place, flush=True)
    # One long wait could begin between a signal and the look for its handler, and miss it.
    while True:
        time.sleep(0.02)
"""


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_it_is_private_and_goes(tmp_path: Path) -> None:
    with private_place() as place:
        assert place.stat().st_mode & 0o777 == 0o700
        (place / "file").write_text("x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_it_goes_with_any_error(tmp_path: Path, error: type[BaseException]) -> None:
    def look() -> None:
        with private_place() as place:
            (place / "file").write_text("x")
            raise error

    with pytest.raises(error):
        look()
    assert list(tmp_path.iterdir()) == []


def _look(root: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", _LOOK], cwd=root, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        # Whoever runs the tests may ignore these.
        preexec_fn=lambda: [signal.signal(n, signal.SIG_DFL) for n in (1, 2, 15)],  # noqa: PLW1509
    )  # fmt: skip
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_goes_with_signals(root: Path, number: signal.Signals) -> None:
    process, place = _look(root)
    with process:
        assert place.is_dir()
        process.send_signal(number)
        assert process.wait(60) != 0
    assert not place.exists()


def test_what_a_killed_process_left_goes_with_the_next_look(root: Path) -> None:
    killed, left = _look(root)
    with killed:
        killed.kill()
        killed.wait(60)
    living, used = _look(root)
    with living:
        assert not left.exists()
        with private_place():
            assert used.is_dir()
        os.kill(living.pid, signal.SIGTERM)


@pytest.mark.parametrize("sweeper", ["holds", "has gone"])
def test_one_who_sweeps_before_the_place_is_locked_costs_only_that_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sweeper: str
) -> None:
    make, held = tempfile.mkdtemp, []

    def make_and_be_swept(**options: str) -> str:
        place = make(**options)
        if not held:
            held.append(os.open(place, os.O_RDONLY))
            fcntl.flock(held[0], fcntl.LOCK_EX)
            if sweeper == "has gone":
                os.rmdir(place)  # noqa: PTH106 - as the sweeper does
        return place

    monkeypatch.setattr(tempfile, "mkdtemp", make_and_be_swept)
    with private_place() as place:
        assert place.is_dir()
    os.close(held[0])
    with private_place():
        pass
    assert list(tmp_path.iterdir()) == []


def test_signals_are_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with private_place():
        pass
    assert signal.getsignal(signal.SIGTERM) is before
