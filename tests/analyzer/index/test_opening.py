"""Opening a finished session reads next to nothing, and a look at it only a slice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from analyzer import playback as playback_module
from analyzer.index import keyframes
from analyzer.index.build import build, ensure_indexed, index_path, is_indexed
from analyzer.playback import Playback
from analyzer.terminal import Terminal
from recorder.recording.journal import JOURNAL_NAME
from tests.support.recorded import Recorded, shown


class Fed:
    """Counts the bytes that emulators are fed."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.bytes = 0
        feed = Terminal.feed

        def counting(terminal: Terminal, data: bytes) -> None:
            self.bytes += len(data)
            feed(terminal, data)

        patch.setattr(Terminal, "feed", counting)


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """Half a megabyte of output in 2000 events, with resizes on the way."""
    directory = tmp_path / "recordings" / "s"
    directory.mkdir(parents=True)
    recorded = Recorded(directory)
    recorded.open(0, 1, 120, 40)
    source = random.Random(7)
    for number in range(2000):
        words = b" ".join(b"%x" % source.randrange(1 << 30) for _ in range(30))
        recorded.add(
            1 + number / 10, 1, "o", b"\x1b[3%dm%d\x1b[m %s\r\n" % (number % 8, number, words)
        )
        if number % 400 == 399:
            recorded.add(1.05 + number / 10, 1, "r", b"%dx30" % (80 + number % 7))
    recorded.close(300)
    return directory


def place(directory: Path) -> Path:
    path = index_path(directory)
    assert path is not None
    return path


def test_opening_feeds_no_emulator_and_reads_no_cast(
    long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build(long, place(long))
    fed = Fed(monkeypatch)
    monkeypatch.delattr(playback_module, "RecordingReader")
    playback = Playback(long)
    assert (fed.bytes, playback.bytes_read) == (0, 0)
    assert playback.indexed
    assert not playback.live
    assert playback.opened is not None
    assert playback.opened.session == "s"
    assert playback.duration == 300
    assert playback.next_output(100.05) == 100.1
    assert playback.previous_output(100.05) == 100.0
    assert playback.active(100.0) == playback.terminals[0]
    assert not playback.refresh()
    assert (fed.bytes, playback.bytes_read) == (0, 0)
    playback.close()


def test_a_look_anywhere_reads_and_feeds_no_more_than_a_keyframe_is_far(
    long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build(long, place(long))
    fed = Fed(monkeypatch)
    source = random.Random(1)
    for _ in range(40):
        playback = Playback(long)
        fed.bytes = 0
        playback.at(source.uniform(0, 201))
        longest = 400
        assert fed.bytes <= keyframes.KEYFRAME_EVERY + longest
        # JSON and times around the output, of lines that are some 250 bytes long.
        assert playback.bytes_read <= 1.5 * keyframes.KEYFRAME_EVERY
        playback.close()


def test_stepping_back_reads_a_stretch_once(long: Path) -> None:
    assert build(long, place(long))
    playback = Playback(long)
    t: float | None = 150.0
    playback.at(150.0)
    for _ in range(50):
        t = playback.previous_output(t or 0.0)
        assert t is not None
        playback.at(t)
    assert playback.bytes_read <= 4 * keyframes.KEYFRAME_EVERY
    playback.close()


def test_the_screen_has_the_size_that_it_had(long: Path) -> None:
    assert build(long, place(long))
    playback = Playback(long)
    for t, size in ((40.9, (120, 40)), (41.0, (80 + 399 % 7, 30)), (200.0, (80 + 1599 % 7, 30))):
        frame = playback.at(t)
        assert frame is not None
        assert (frame.columns, frame.lines) == size
    assert any(row.startswith("1999 ") for row in shown(playback.at(300)))
    playback.close()


@pytest.mark.parametrize("change", ["appended", "cut", "edited", "another", "journal"])
def test_an_index_of_another_recording_is_not_used_but_made_anew(long: Path, change: str) -> None:
    assert build(long, place(long))
    cast = long / "c1-1.cast"
    data = cast.read_bytes()
    match change:
        case "appended":
            cast.write_bytes(data + b'[1.0,"o","\\u001b[2J\\u001b[Hbehind"]\n')
        case "cut":
            cast.write_bytes(data[: data.rindex(b"\n", 0, -1) + 1])
        case "edited":
            cast.write_bytes(data.replace(b"1999", b"1998"))
        case "another":
            cast.rename(long / "old.cast")
            cast.write_bytes(data.replace(b"1999", b"1998"))
        case "journal":
            (long / JOURNAL_NAME).write_bytes((long / JOURNAL_NAME).read_bytes() + b"\n")
    assert not is_indexed(long)
    playback = Playback(long)
    assert not playback.indexed
    expected = shown(playback.at(400))
    playback.close()
    assert ensure_indexed(long)
    playback = Playback(long)
    assert playback.indexed
    assert shown(playback.at(400)) == expected
    playback.close()


def test_one_that_is_there_is_not_made_again(long: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    assert ensure_indexed(long, progress=told.append)
    assert told[-1] > 300_000
    assert told == sorted(told)
    fed = Fed(monkeypatch)
    assert ensure_indexed(long, progress=told.append)
    assert fed.bytes == 0


def test_making_it_can_be_given_up(long: Path) -> None:
    assert not ensure_indexed(long, cancelled=lambda: True)
    assert not is_indexed(long)


def test_a_recording_outside_a_home_needs_none(tmp_path: Path) -> None:
    directory = tmp_path / "elsewhere" / "s"
    directory.mkdir(parents=True)
    recorded = Recorded(directory)
    recorded.open(0, 1)
    recorded.add(1, 1, "o", b"here")
    recorded.close(2)
    assert index_path(directory) is None
    assert is_indexed(directory)
    assert not ensure_indexed(directory)
    playback = Playback(directory)
    assert shown(playback.at(2))[0] == "here"
    playback.close()
    assert [each.name for each in tmp_path.iterdir()] == ["elsewhere"]
