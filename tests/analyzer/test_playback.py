from __future__ import annotations

import fcntl
import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer import track as track_module
from analyzer.playback import Playback, TerminalInfo
from analyzer.terminal import Terminal
from recorder.errors import RecordingError, SessionNotFoundError
from recorder.recording.journal import JOURNAL_NAME, ChannelClosed
from tests.support.recorded import Recorded, What, played, shown, steps


@pytest.fixture
def two(tmp_path: Path) -> Playback:
    recorded = Recorded(tmp_path)
    recorded.open(1, 1)
    recorded.add(2, 1, "o", b"first")
    recorded.open(3, 2)
    recorded.add(4, 2, "o", b"second")
    recorded.add(5, 1, "i", b"x")
    recorded.add(6, 1, "o", b"\r\nmore")
    recorded.add(6.5, 2, "r", b"30x7")
    recorded.log(ChannelClosed(t=7, connection=1, channel=2))
    recorded.close(9)
    return Playback(tmp_path)


def test_terminals_are_told_with_their_times(two: Playback) -> None:
    first, second = two.terminals
    assert (first.channel, first.opened, first.closed, first.user) == (1, 1, None, "u")
    assert (second.channel, second.opened, second.closed) == (2, 3, 7)
    assert two.opened is not None
    assert not two.live
    assert two.duration == 9
    two.close()


def test_the_active_terminal_is_the_one_last_written_or_typed_in(two: Playback) -> None:
    channels = [getattr(two.active(t), "channel", None) for t in (0, 2.5, 4.5, 5.5, 8)]
    assert channels == [1, 1, 2, 1, 1]
    two.close()


def test_the_screen_includes_the_moment_itself(two: Playback) -> None:
    assert shown(two.at(0))[0] == ""
    assert shown(two.at(1.999))[0] == ""
    assert shown(two.at(2.0))[0] == "first"
    assert shown(two.at(4.5))[0] == "second"
    assert shown(two.at(8))[:2] == ["first", "more"]
    second = two.terminals[1]
    assert shown(two.at(2, second))[0] == ""
    frame = two.at(8, second)
    assert frame is not None
    assert (frame.columns, frame.lines) == (30, 7)
    before = two.at(6.4, second)
    assert before is not None
    assert (before.columns, before.lines) == (20, 5)
    two.close()


def test_output_is_found_before_and_after_a_moment(two: Playback) -> None:
    second = two.terminals[1]
    assert two.next_output(0) == 2
    assert two.next_output(2) == 4
    assert two.next_output(4.5, second) is None
    assert two.previous_output(6) == 4
    assert two.previous_output(4, second) is None
    assert two.previous_output(2) is None
    assert (
        two.next_output(
            0, TerminalInfo(connection=9, channel=9, opened=0, closed=None, command=None, user=None)
        )
        is None
    )
    two.close()


def test_a_session_without_a_terminal_has_no_screen(tmp_path: Path) -> None:
    Recorded(tmp_path).close(2)
    played = Playback(tmp_path)
    assert played.at(1) is None
    assert played.active(1) is None
    assert played.terminals == ()
    played.close()


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionNotFoundError):
        Playback(tmp_path)
    (tmp_path / JOURNAL_NAME).write_bytes(b"\xff\xfe\n")
    with pytest.raises(RecordingError, match="no readable beginning"):
        Playback(tmp_path)


@given(
    steps=steps, looks=st.lists(st.floats(0, 25), min_size=1, max_size=10), every=st.integers(1, 60)
)
@settings(deadline=None, max_examples=150)
def test_jumping_about_shows_what_playing_from_the_start_shows(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[float, bytes | tuple[int, int]]],
    looks: list[float],
    every: int,
) -> None:
    directory = tmp_path_factory.mktemp("r")
    recorded = Recorded(directory)
    recorded.open(0, 1)
    now, done = 1.0, list[tuple[float, What]]()
    for step, what in steps:
        now += step
        done.append((now, what))
        if isinstance(what, bytes):
            recorded.add(now, 1, "o", what)
        else:
            recorded.add(now, 1, "r", b"%dx%d" % what)
    recorded.close(30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(track_module, "KEYFRAME_EVERY", every)
        patch.setattr(track_module, "RESIZE_KEYFRAME_AFTER", every)
        playback = Playback(directory)
        for look in [*looks, 30.0, 0.0, *reversed(looks)]:
            assert playback.at(look) == played(done, look)
        playback.close()


def test_a_live_session_is_followed_until_it_ends(tmp_path: Path) -> None:
    recorded = Recorded(tmp_path, started=time.monotonic() - 100)
    recorded.open(1, 1)
    recorded.add(2, 1, "o", b"one")
    descriptor = os.open(tmp_path / JOURNAL_NAME, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    played = Playback(tmp_path)
    assert played.live
    assert played.duration >= 100
    assert shown(played.at(50))[0] == "one"
    assert not played.refresh()
    recorded.add(3, 1, "o", b" two")
    assert played.refresh()
    assert shown(played.at(50))[0] == "one two"
    recorded.add(99.5, 1, "o", b" three")
    recorded.close(100)
    while played.refresh() or played.live:
        pass
    os.close(descriptor)
    assert not played.live
    assert played.duration == 100
    assert shown(played.at(100))[0] == "one two three"
    assert not played.refresh()
    played.close()


def test_seeking_in_a_long_session_is_quick_and_its_keyframes_are_few(tmp_path: Path) -> None:
    source = random.Random(7)
    recorded = Recorded(tmp_path)
    recorded.open(0, 1, 120, 40)
    for number in range(2000):
        words = b" ".join(b"%x" % source.randrange(1 << 30) for _ in range(60))
        recorded.add(
            1 + number / 10, 1, "o", b"\x1b[3%dm%d\x1b[m %s\r\n" % (number % 8, number, words)
        )
    recorded.close(500)
    played = Playback(tmp_path)
    played.at(500)
    track = next(iter(played._tracks.values()))
    expected = len(track._data) / track_module.KEYFRAME_EVERY
    assert expected * 0.8 < len(track._keyframes) < expected * 1.2 + 2
    assert sum(map(len, track._keyframes)) < len(track._data)
    fed: list[int] = []

    class Counting(Terminal):
        def feed(self, data: bytes) -> None:
            fed.append(len(data))
            super().feed(data)

    track._terminal.__class__ = Counting
    for _ in range(50):
        t = source.uniform(0, 200)
        fed.clear()
        frame = played.at(t)
        assert sum(fed) <= 2 * track_module.KEYFRAME_EVERY
        assert frame is not None
    played.close()
