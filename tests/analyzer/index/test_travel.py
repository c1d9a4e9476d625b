"""Whatever became of the index, the screens are those that playing from the start shows."""

from __future__ import annotations

import fcntl
import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer import track
from analyzer.index import keyframes, writer
from analyzer.index.build import Terminals, build, index_path
from analyzer.index.file import Lock
from analyzer.index.writer import IndexWriter
from analyzer.playback import Playback
from recorder.recording.journal import JOURNAL_NAME
from recorder.recording.reader import RecordingReader
from tests.support.recorded import Recorded, What, played, steps

pytestmark = pytest.mark.filterwarnings("error")


def place(directory: Path) -> Path:
    path = index_path(directory)
    assert path is not None
    return path


def delete(directory: Path, _: random.Random) -> None:
    place(directory).unlink(missing_ok=True)


def flip(directory: Path, source: random.Random) -> None:
    """Spoil some bytes anywhere, SQLite's own header included."""
    path = place(directory)
    if not path.exists() or not path.stat().st_size:
        return
    data = bytearray(path.read_bytes())
    for _ in range(source.randrange(1, 20)):
        data[source.randrange(len(data))] ^= 1 << source.randrange(8)
    path.write_bytes(data)


def cut(directory: Path, source: random.Random) -> None:
    path = place(directory)
    if path.exists():
        os.truncate(path, source.randrange(path.stat().st_size + 1))


def rubbish(directory: Path, source: random.Random) -> None:
    place(directory).parent.mkdir(parents=True, exist_ok=True)
    place(directory).write_bytes(source.randbytes(source.randrange(9000)))


def another_version(directory: Path, _: random.Random) -> None:
    """Pretend that another emulator made it; its keyframes would show nonsense."""
    path = place(directory)
    if not path.exists():
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "VERSION", 10**6)
        patch.setattr(keyframes, "_pack_snapshot", lambda *_: b"nonsense")
        assert build(directory, path)


def killed(directory: Path, source: random.Random) -> None:
    """Begin a pass that writes after each event, and lose it somewhere."""
    left = source.randrange(30)
    terminals = Terminals()
    index = IndexWriter(directory, place(directory), clock=iter(range(10**9)).__next__)
    with RecordingReader(directory) as reader:
        for number, event in enumerate(reader.read()):
            if number == left:
                break
            index.observe(event, terminals.observe(event))
    index.close()


def made(directory: Path, _: random.Random) -> None:
    assert build(directory, place(directory))


def held(directory: Path, _: random.Random) -> None:
    """Try to make it while somebody else does."""
    with Lock(place(directory)):
        assert not build(directory, place(directory))


TROUBLE: list[Callable[[Path, random.Random], None]] = [
    delete,
    flip,
    cut,
    rubbish,
    another_version,
    killed,
    made,
    held,
]


def write(directory: Path, made_up: list[tuple[float, What]]) -> list[tuple[float, What]]:
    """Record what Hypothesis made up; return it with its times."""
    directory.mkdir(parents=True)
    recorded = Recorded(directory)
    recorded.open(0, 1)
    now, done = 1.0, list[tuple[float, What]]()
    for step, what in made_up:
        now += step
        done.append((now, what))
        if isinstance(what, bytes):
            recorded.add(now, 1, "o", what)
            recorded.add(now, 1, "i", what[:1])
        else:
            recorded.add(now, 1, "r", b"%dx%d" % what)
    recorded.close(30)
    return done


@given(
    steps=steps,
    looks=st.lists(
        st.tuples(st.floats(0, 31), st.sampled_from(TROUBLE), st.booleans()),
        min_size=1,
        max_size=8,
    ),
    every=st.integers(1, 60),
    seed=st.integers(0, 2**32),
)
@settings(deadline=None, max_examples=150)
def test_no_trouble_with_the_index_shows_in_the_screens(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[float, What]],
    looks: list[tuple[float, Callable[[Path, random.Random], None], bool]],
    every: int,
    seed: int,
) -> None:
    directory = tmp_path_factory.mktemp("h") / "recordings" / "s"
    done = write(directory, steps)
    source = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        for module in (keyframes, track):
            patch.setattr(module, "KEYFRAME_EVERY", every)
            patch.setattr(module, "RESIZE_KEYFRAME_AFTER", every)
        build(directory, place(directory))
        playback = Playback(directory)
        try:
            assert playback.indexed
            for look, trouble, reopened in looks:
                trouble(directory, source)
                if reopened:
                    playback.close()
                    playback = Playback(directory)
                look_about(playback, done, look)
            assert playback.duration == 30
        finally:
            playback.close()


def look_about(playback: Playback, done: list[tuple[float, What]], look: float) -> None:
    for t in (look, look / 2):
        assert playback.at(t) == played(done, t)
        outputs = [at for at, what in done if isinstance(what, bytes)]
        assert playback.next_output(t) == min((o for o in outputs if o > t), default=None)
        assert playback.previous_output(t) == max((o for o in outputs if o < t), default=None)


@given(steps=steps, begun=st.integers(0, 25), every=st.integers(1, 60))
@settings(deadline=None, max_examples=80)
def test_a_live_session_is_shown_from_the_index_so_far_and_its_tail(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[float, What]],
    begun: int,
    every: int,
) -> None:
    directory = tmp_path_factory.mktemp("h") / "recordings" / "s"
    with pytest.MonkeyPatch.context() as patch:
        for module in (keyframes, track):
            patch.setattr(module, "KEYFRAME_EVERY", every)
            patch.setattr(module, "RESIZE_KEYFRAME_AFTER", every)
        directory.mkdir(parents=True)
        recorded = Recorded(directory)
        recorded.open(0, 1)
        descriptor = os.open(directory / JOURNAL_NAME, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        index = IndexWriter(directory, place(directory), clock=iter(range(10**9)).__next__)
        terminals = Terminals()
        now, done, playback = 1.0, list[tuple[float, What]](), None
        with RecordingReader(directory) as reader:
            for number, (step, what) in enumerate(steps):
                now += step
                done.append((now, what))
                is_output = isinstance(what, bytes)
                data = what if isinstance(what, bytes) else b"%dx%d" % what
                recorded.add(now, 1, "o" if is_output else "r", data)
                for event in reader.poll():
                    index.observe(event, terminals.observe(event))
                if number == begun:
                    playback = Playback(directory)
                    assert playback.live
                if playback is not None:
                    playback.refresh()
        index.close()
        recorded.close(30)
        os.close(descriptor)
        playback = playback or Playback(directory)
        playback.refresh()
        assert not playback.live
        for look in (now, 0.0, now / 2, 30.0, now / 3):
            assert playback.at(look) == played(done, look)
        playback.close()


def test_an_index_that_changes_under_a_viewer_is_noticed(tmp_path: Path) -> None:
    directory = tmp_path / "recordings" / "s"
    done = write(directory, [(0.5, b"x" * 2000 + b"\r\n")] * 40)
    build(directory, place(directory))
    playback = Playback(directory)
    with sqlite3.connect(place(directory)) as connection:
        connection.execute("DELETE FROM keyframes")
    connection.close()
    for look in (20.0, 3.0, 11.0):
        assert playback.at(look) == played(done, look)
    assert not playback.indexed
    playback.close()
