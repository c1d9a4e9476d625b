from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.playback import Playback
from analyzer.skim import SKIM_FROM, TAIL, skimmed, tail_of
from analyzer.terminal import Terminal
from tests.tui.seat.recordings import RecordingBuilder


def lines(first: int, last: int) -> bytes:
    return b"".join(b"%d\r\n" % number for number in range(first, last))


def test_what_only_scrolls_is_drawn_exactly_by_its_end(tmp_path: Path) -> None:
    whole = Terminal(80, 24)
    start = whole.snapshot()
    whole.feed(lines(0, 200_000))
    tail = lines(150_000, 200_000)[-TAIL:]
    assert skimmed(start, [tail]).rows == whole.frame().rows


def test_a_sequence_that_the_end_cuts_into_does_not_swallow_what_follows() -> None:
    terminal = Terminal(40, 4)
    terminal.feed(b"\x1b]0;a title that never ends")
    assert skimmed(terminal.snapshot(), [b"shown"]).rows[0][0].text.startswith("shown")


def test_sizes_in_the_end_of_a_cast_are_kept(tmp_path: Path) -> None:
    with RecordingBuilder(tmp_path / "s1") as builder:
        builder.terminal(1.0)
        builder.output(2.0, b"one")
        builder.resize(3.0, 100, 30)
        builder.output(4.0, b"two")
        assert tail_of(tmp_path / "s1" / "c1-1.cast") == [b"one", (100, 30), b"two"]


@given(st.binary(max_size=400))
def test_a_cast_of_garbage_is_skimmed_without_an_error(garbage: bytes) -> None:
    import tempfile  # noqa: PLC0415 - Hypothesis wants no fixture

    with tempfile.TemporaryDirectory() as place:
        cast = Path(place) / "c1-1.cast"
        cast.write_bytes(b"\n" + garbage + b"\n")
        skimmed(Terminal(80, 24).snapshot(), tail_of(cast))


def test_the_newest_screen_is_shown_while_output_floods_and_the_exact_one_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RecordingBuilder(tmp_path / "s1") as builder:
        builder.terminal(1.0)
        builder.output(2.0, b"first")
        playback = Playback(tmp_path / "s1")
        monkeypatch.setattr("recorder.recording.reader.time.monotonic", lambda: 10.0)
        for part in range(40):
            builder.output(3.0 + part / 100, lines(part * 10_000, part * 10_000 + 10_000))
        flood = builder.directory.joinpath("c1-1.cast").stat().st_size
        assert flood > 2 * SKIM_FROM
        shown = playback.at(playback.duration)
        assert shown is not None
        assert "399999" in shown.rows[-2][0].text  # nothing of the flood was read
        looks = 0
        while playback.holding:
            playback.refresh()
            playback.at(playback.duration)
            looks += 1
            assert looks < 10_000
        whole = Terminal(80, 24)
        whole.feed(b"first" + lines(0, 400_000))
        exact = playback.at(playback.duration)
        assert exact is not None
        assert exact.rows == whole.frame().rows
        early = playback.at(2.5)
        assert early is not None
        assert early.rows[0][0].text.startswith("first")
        playback.close()
