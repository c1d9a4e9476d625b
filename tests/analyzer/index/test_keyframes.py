"""Where keyframes stand, whatever somebody sends to be a nuisance."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from analyzer.index import keyframes
from analyzer.index.build import build, index_path
from analyzer.index.file import UnusableIndexError
from analyzer.index.keyframes import KEYFRAME_EVERY, OVERDUE, unpack_snapshot
from analyzer.index.reader import IndexReader
from analyzer.index.times import Chunk, Times, micros
from analyzer.playback import Playback
from tests.support.recorded import Recorded, What, played

KEYFRAME = KEYFRAME_EVERY / 1024


def never_ends() -> list[What]:
    """A string that no terminal shows, begun and not ended."""
    return [b"seen \x1b]2;", *[b"x" * 1000] * 300, b"\x07", b"and gone on"]


def somebody_drags_the_window() -> list[What]:
    return [b"text\r\n" * 20, *[(20 + n % 30, 5 + n % 9) for n in range(400)]]


def a_key_at_a_time() -> list[What]:
    return [b"k"] * 5000


def all_at_once() -> list[What]:
    return [b"y" * 300_000, b"\r\nlast"]


def ordinary() -> list[What]:
    return [b"\x1b[3%dmline %d\x1b[m\r\n" % (n % 8, n) + b"z" * 200 for n in range(1000)]


@pytest.mark.parametrize(
    ("make", "least", "most"),
    [
        (never_ends, 300 / KEYFRAME / OVERDUE - 2, 300 / KEYFRAME),
        (somebody_drags_the_window, 400 / KEYFRAME - 2, 400 / KEYFRAME + 2),
        (a_key_at_a_time, 4, 8),
        (all_at_once, 0, 1),
        (ordinary, 200 / KEYFRAME - 1, 220 / KEYFRAME + 2),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_keyframes_are_neither_rare_nor_many(
    tmp_path: Path, make: Callable[[], list[What]], least: float, most: float
) -> None:
    directory = tmp_path / "recordings" / "s"
    directory.mkdir(parents=True)
    recorded = Recorded(directory)
    recorded.open(0, 1)
    done = [(1 + n / 100, what) for n, what in enumerate(make())]
    for t, what in done:
        if isinstance(what, bytes):
            recorded.add(t, 1, "o", what)
        else:
            recorded.add(t, 1, "r", b"%dx%d" % what)
    recorded.close(100)
    path = index_path(directory)
    assert path is not None
    assert build(directory, path)
    with closing(IndexReader(directory, path)) as index:
        places = index.places[0]
        assert least <= len(places.steps) - 1 <= most
        assert sorted(set(places.steps)) == places.steps
    assert path.stat().st_size < 400_000
    with closing(Playback(directory)) as playback:
        assert playback.indexed
        for look in (2.005, 1.5, 3.2, 100, 0):
            assert playback.at(look) == played(done, look)


def test_a_huge_screen_makes_no_index_that_is_larger_than_its_recording(tmp_path: Path) -> None:
    directory = tmp_path / "recordings" / "s"
    directory.mkdir(parents=True)
    recorded = Recorded(directory)
    recorded.open(0, 1, 900, 300)
    source = random.Random(1)
    filling = "".join(source.choices(string.ascii_letters, k=900 * 300)).encode()
    outputs = [filling, *[b"\x1b[Hkey by key, line by line" * 10] * 2500]
    for number, data in enumerate(outputs):
        recorded.add(1 + number / 100, 1, "o", data)
    recorded.close(100)
    path = index_path(directory)
    assert path is not None
    assert build(directory, path)
    with closing(IndexReader(directory, path)) as index:
        assert 2 <= len(index.places[0].steps) <= 6
    assert path.stat().st_size < 2 * sum(map(len, outputs))


def test_only_input_makes_no_keyframes(tmp_path: Path) -> None:
    directory = tmp_path / "recordings" / "s"
    directory.mkdir(parents=True)
    recorded = Recorded(directory)
    recorded.open(0, 1)
    recorded.add(1, 1, "o", b"prompt")
    for number in range(3000):
        recorded.add(2 + number / 100, 1, "i", b"k")
    recorded.close(100)
    path = index_path(directory)
    assert path is not None
    assert build(directory, path)
    with closing(IndexReader(directory, path)) as index:
        assert len(index.places[0].steps) <= 2
        assert len(index.times[0].inputs) == 3000
        assert index.last == 100


def test_times_are_kept_to_the_microsecond_or_refused() -> None:
    chunk = Chunk()
    for t in (0.0, 0.1, 0.1, 1234.567891, 1e9):
        chunk.steps.append(micros(t))
    chunk.resizes.append(2)
    chunk.inputs.append(micros(7.000001))
    times = Times([chunk.packed(), chunk.packed()], 10)
    assert list(times.steps) == [0.0, 0.1, 0.1, 1234.567891, 1e9] * 2
    assert list(times.outputs) == [0.0, 0.1, 1234.567891, 1e9] * 2
    assert list(times.inputs) == [7.000001] * 2
    times.resize(2e9)
    times.output(3e9)
    assert list(times.steps[-2:]) == [2e9, 3e9]
    assert times.outputs[-1] == 3e9
    for wrong in (0.1234567, -1.0, 1e17):
        with pytest.raises(UnusableIndexError):
            micros(wrong)


def test_what_was_packed_is_believed_only_whole() -> None:
    packed = Chunk().packed()[0]
    for wrong in (packed[:-1], packed[:-4] + b"1234", b"", "text", None):
        with pytest.raises(UnusableIndexError):
            _ = Times([(wrong, packed, packed)], 0).steps
        with pytest.raises(UnusableIndexError):
            unpack_snapshot(wrong, 0, 1)
    with pytest.raises(UnusableIndexError, match="missing"):
        _ = Times([(packed, packed, packed)], 1).steps
    right = keyframes.pack(b"0 7\nsnapshot")
    assert unpack_snapshot(right, 0, 7) == b"snapshot"
    for number, step in ((1, 7), (0, 8)):
        with pytest.raises(UnusableIndexError, match="not the one"):
            unpack_snapshot(right, number, step)
