"""Real programs and real recordings: what they showed is found, and stood where the hits say."""

from __future__ import annotations

import os
import pty
import shutil
import struct
import subprocess
import termios
import time
from fcntl import ioctl
from pathlib import Path
from select import select

import pytest

from analyzer.playback import Playback
from analyzer.search.find import Hit
from analyzer.search.query import Matcher, Query
from analyzer.search.sessions import search_session
from recorder.home import Home
from tests.tui.seat.recordings import RecordingBuilder

pytestmark = pytest.mark.end_to_end

CORPUS = Path(__file__).resolve().parents[3] / ".." / "shared" / "corpus"
COLUMNS, LINES = 80, 24
QUIET = 0.3
PATIENCE = 40.0


class Recorded:
    """A program in a pty, its output recorded with its times."""

    def __init__(self, directory: Path, *command: str) -> None:
        self.directory = directory
        self._began = time.monotonic()
        self._recording = RecordingBuilder(directory)
        self._recording.terminal(0.0, columns=COLUMNS, lines=LINES)
        self._master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._program = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8"},
        )
        os.close(slave)

    def shown(self, until: bytes) -> None:
        """Read until some bytes have come, and nothing more follows."""
        seen, deadline = b"", time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            ready, _, _ = select([self._master], [], [], QUIET)
            if not ready:
                if until in seen:
                    return
                continue
            try:
                data = os.read(self._master, 65536)
            except OSError:
                break
            seen += data
            t = round(time.monotonic() - self._began, 6)
            self._recording.output(t, data)
        assert until in seen, seen[-500:]

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def end(self) -> None:
        os.close(self._master)
        self._program.wait(PATIENCE)
        self._recording.close(round(time.monotonic() - self._began, 6))


def found(directory: Path, text: str, **how: bool) -> list[Hit]:
    return list(search_session(directory, Matcher(Query(text=text, **how))).hits)


def rows_at(playback: Playback, hit: Hit, t: float) -> list[str]:
    info = next(each for each in playback.terminals if each.connection == hit.connection)
    frame = playback.at(t, info)
    assert frame is not None
    return ["".join(run.text for run in row) for row in frame.rows]


def stands(playback: Playback, hit: Hit, text: str) -> bool:
    """Whether the screen shows a hit at its first moment in the very place that it names."""
    if hit.until == hit.t:
        return hit.row is None or hit.row >= 0
    rows = rows_at(playback, hit, hit.t)
    everything = "".join(rows).casefold()
    if not everything.isascii():
        return text in everything
    assert hit.row is not None
    place = hit.row * len(rows[0]) + hit.column
    return everything[place : place + len(text)] == text


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def test_a_long_file_that_scrolled_by_is_found_line_by_line(home: Home, tmp_path: Path) -> None:
    text = tmp_path / "long"
    text.write_text("".join(f"entry {n:05} of the log\n" for n in range(5000)))
    program = Recorded(home.recording("cats2222"), "sh", "-c", f"cat {text}; echo all-done; cat")
    program.shown(b"all-done")
    program.end()
    hits = found(program.directory, "of the log")
    assert len(hits) == 5000
    assert [hit.text for hit in hits] == [f"entry {n:05} of the log" for n in range(5000)]
    playback = Playback(program.directory)
    standing = [hit for hit in hits if hit.until != hit.t]
    assert all(
        stands(playback, hit, "of the log") for hit in standing[:: max(1, len(standing) // 40)]
    )
    playback.close()


@pytest.mark.skipif(shutil.which("less") is None, reason="needs less")
def test_what_was_paged_through_is_found_and_what_was_not_is_not(
    home: Home, tmp_path: Path
) -> None:
    text = tmp_path / "paged"
    text.write_text("".join(f"page line {n:04}\n" for n in range(1000)))
    program = Recorded(home.recording("less2222"), "less", str(text))
    program.shown(b"0022")
    program.type(" ")
    program.shown(b"0045")
    program.type("G")
    program.shown(b"0999")
    program.type("q")
    program.end()
    playback = Playback(program.directory)
    for number in (0, 22, 30, 45, 980, 999):
        hits = found(program.directory, f"page line {number:04}")
        assert hits
        assert all(
            hit.alternate and stands(playback, hit, f"page line {number:04}") for hit in hits
        )
    for number in (100, 500, 900):
        assert found(program.directory, f"page line {number:04}") == []
    playback.close()


@pytest.mark.skipif(shutil.which("vi") is None, reason="needs vi")
def test_what_was_edited_is_found_also_after_it_was_deleted(home: Home, tmp_path: Path) -> None:
    text = tmp_path / "edited"
    text.write_text("first line\nsecond line\n")
    program = Recorded(home.recording("vims2222"), "vi", "-u", "NONE", "-N", str(text))
    program.shown(b"second line")
    program.type("oPermitRootLogin no\x1b")
    program.shown(b"no")
    program.type("dd")
    program.shown(b"\x1b[")
    program.type(":q!\r")
    program.end()
    playback = Playback(program.directory)
    (hit,) = found(program.directory, "permitrootlogin no")
    assert hit.alternate
    assert hit.until is not None
    assert stands(playback, hit, "permitrootlogin no")
    assert "PermitRootLogin" not in "".join(rows_at(playback, hit, hit.until))
    playback.close()


def corpus_steps(base: Path) -> list[tuple[float, bytes]]:
    """Return the output of a recording that `script` made, classic timing."""
    data = base.with_suffix(".out").read_bytes()
    place, now, steps = data.find(b"\n") + 1, 0.0, []
    for line in base.with_suffix(".timing").read_text().splitlines():
        kind, *numbers = line.split() if line[:1].isalpha() else ("O", *line.split())
        if kind not in {"I", "O"} or len(numbers) != 2:
            now += float(numbers[0]) if numbers else 0.0
            continue
        now += float(numbers[0])
        if kind == "O":
            steps.append((round(now, 6), data[place : place + int(numbers[1])]))
            place += int(numbers[1])
    return steps


@pytest.mark.parametrize("name", ["p2/p2a", "p4/p4b", "p5/p5a"])
def test_a_real_session_is_searched_and_its_hits_stand(name: str, home: Home) -> None:
    base = CORPUS / name
    if not base.with_suffix(".timing").exists():
        pytest.skip("the played sessions (../shared/corpus) are not here")
    recording = RecordingBuilder(home.recording("real2222"))
    recording.terminal(0.0, columns=120, lines=40)
    steps = corpus_steps(base)
    for t, data in steps:
        recording.output(t, data)
    recording.close(steps[-1][0] + 1)
    playback = Playback(recording.directory)
    for text in ("root", "apache", "error", "install", "nginx", "password"):
        hits = found(recording.directory, text)
        assert all(stands(playback, hit, text) for hit in hits[:: max(1, len(hits) // 25)])
        again = {hit.t for hit in found(recording.directory, f"(?i){text}", regex=True)}
        assert again == {hit.t for hit in hits}
    assert found(recording.directory, "no such words were ever there") == []
    playback.close()


def test_an_index_is_private(home: Home) -> None:
    recording = RecordingBuilder(home.recording("mode2222"))
    recording.terminal(0.0)
    recording.output(1.0, b"text")
    recording.close(2.0)
    assert found(recording.directory, "text")
    listing = subprocess.run(
        ["find", str(home.cache), "-type", "f", "-perm", "/077"],
        capture_output=True,
        check=True,
    )
    assert listing.stdout == b""
    assert home.index("mode2222").is_file()
