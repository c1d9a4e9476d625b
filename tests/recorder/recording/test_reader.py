from __future__ import annotations

import fcntl
import os
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recorder.errors import SessionNotFoundError
from recorder.recording import cast_file
from recorder.recording.cast import (
    MASK,
    CastEncoder,
    CastEvent,
    CastHeader,
    Utf8Splitter,
    encode_exact,
    encode_header,
)
from recorder.recording.events import AnyEvent, Exited, Input, Logged, Output, Resized
from recorder.recording.journal import (
    JOURNAL_NAME,
    ChannelOpened,
    PtyRequest,
    SessionClosed,
    SessionOpened,
    encode_entry,
)
from recorder.recording.reader import RecordingReader

Step = tuple[float, int, str, bytes]
"""Seconds since the one before, channel, code, bytes."""

LONG_AGO = -1e6
"""Start, on the monotonic clock, of a session whose events are too old to be held back."""


def opening(monotonic: float) -> bytes:
    return encode_entry(
        SessionOpened(
            t=0,
            program="test",
            session="s",
            started="2026-01-01T00:00:00Z",
            monotonic=monotonic,
            boot="b",
            target="t:22",
        )
    )


class Writing:
    """What a recorder would write for some steps: the appends, in order, as (file, bytes)."""

    def __init__(self, steps: list[Step], monotonic: float) -> None:
        self.appends: list[tuple[str, bytes]] = [(JOURNAL_NAME, opening(monotonic))]
        self._encoders: dict[int, tuple[float, CastEncoder, Utf8Splitter]] = {}
        now = 0.0
        for step, channel, code, data in steps:
            now += step
            self._step(now, channel, code, data)

    def _open(self, now: float, channel: int) -> None:
        name = f"c1-{channel}.cast"
        opened = ChannelOpened(
            t=round(now, 6),
            connection=1,
            channel=channel,
            kind="shell",
            pty=PtyRequest(term="xterm", columns=80, lines=24),
            file=name,
        )
        self.appends.append((name, encode_header(CastHeader(columns=80, lines=24))))
        self.appends.append((JOURNAL_NAME, encode_entry(opened)))
        self._encoders[channel] = (round(now, 6), CastEncoder(), Utf8Splitter())

    def _step(self, now: float, channel: int, code: str, data: bytes) -> None:
        if channel not in self._encoders:
            self._open(now, channel)
        start, encoder, splitter = self._encoders[channel]
        t, exact, name = now - start, None, f"c1-{channel}.cast"
        if code == "o":
            text, exact = splitter.feed(data)
            if not text and exact is None:
                return
        elif code == "s":
            text = MASK * len(data)
        else:
            text = {"r": "90x30", "x": "0"}.get(code, data.decode("utf-8", "replace"))
        line = encoder.encode(CastEvent(t=t, code="i" if code == "s" else code, data=text))  # type: ignore[arg-type]
        if exact is not None:
            line += encoder.encode(CastEvent(t=t, code="b", data=encode_exact(exact)))
        if code == "s":
            line += encoder.encode(CastEvent(t=t, code="s", data=str(len(data))))
        self.appends.append((name, line))

    def close(self, t: float) -> None:
        self.appends.append((JOURNAL_NAME, encode_entry(SessionClosed(t=t, reason="closed"))))

    def write(self, directory: Path) -> None:
        for name, data in self.appends:
            with (directory / name).open("ab") as file:
                file.write(data)


steps = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.000001, 0.01, 1.0]),
        st.integers(1, 3),
        st.sampled_from(["o", "o", "o", "i", "r", "x", "s"]),
        st.binary(min_size=1, max_size=12) | st.just("é\N{REPLACEMENT CHARACTER}".encode()),
    ),
    max_size=12,
)


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    descriptor = os.open(directory / JOURNAL_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read_all(directory: Path) -> list[AnyEvent]:
    with RecordingReader(directory) as reader:
        return list(reader.read())


@given(steps=steps, data=st.data())
@settings(deadline=None)
def test_following_a_growing_recording_gives_what_reading_it_later_gives(
    steps: list[Step], data: st.DataObject
) -> None:
    writing = Writing(steps, LONG_AGO)
    pieces = []
    for name, line in writing.appends:
        # A cut between an event and its exact bytes is for young events only: see below.
        places = [at for at in range(len(line) + 1) if line[at - 1 : at] != b"\n"]
        cut = data.draw(st.sampled_from(places))
        pieces += [(name, line[:cut]), (name, line[cut:])]
    with TemporaryDirectory() as place:
        directory = Path(place)
        with locked(directory), RecordingReader(directory) as reader:
            live: list[AnyEvent] = []
            for name, part in pieces:
                with (directory / name).open("ab") as file:
                    file.write(part)
                if data.draw(st.booleans()):
                    live += reader.poll()
            live += reader.poll()
            writing.close(2000.0)
            with (directory / JOURNAL_NAME).open("ab") as file:
                file.write(writing.appends[-1][1])
            while reader.is_live or reader.pending:
                live += reader.poll()
            live += reader.poll()
            assert not reader.problems
            late = reader.late
        later = read_all(directory)
    order = [(event.t, event.place.file, event.place.offset) for event in later]
    assert order == sorted(order)
    if late:
        # Everything here is older than what is held back: only the order may differ.
        live.sort(key=lambda event: (event.t, event.place.file, event.place.offset))
    assert [e for e in live if not isinstance(e, Logged)] == [
        e for e in later if not isinstance(e, Logged)
    ]
    assert live == later


@given(steps=steps)
@settings(deadline=None)
def test_output_comes_back_byte_by_byte(steps: list[Step]) -> None:
    with TemporaryDirectory() as place:
        Writing(steps, LONG_AGO).write(Path(place))
        events = read_all(Path(place))
    for channel in (1, 2, 3):
        sent = b"".join(data for _, on, code, data in steps if on == channel and code == "o")
        got = b"".join(e.data for e in events if isinstance(e, Output) and e.channel == channel)
        # A character that is not complete waits for its rest, at most three bytes.
        assert sent.startswith(got)
        assert len(sent) - len(got) <= 3
        hidden = [len(data) for _, on, code, data in steps if on == channel and code == "s"]
        masked = [e for e in events if isinstance(e, Input) and e.channel == channel and e.masked]
        assert [e.masked for e in masked] == hidden
        assert [e.data.decode() for e in masked] == [MASK * count for count in hidden]


def test_events_carry_their_channel_size_and_status(tmp_path: Path) -> None:
    Writing([(0.5, 1, "r", b"-"), (0.5, 1, "x", b"-")], LONG_AGO).write(tmp_path)
    _, _, resized, exited = read_all(tmp_path)
    assert isinstance(resized, Resized)
    assert (resized.t, resized.columns, resized.lines) == (0.500001, 90, 30)
    assert isinstance(exited, Exited)
    assert (exited.connection, exited.channel, exited.status) == (1, 1, "0")


SAMPLE: list[Step] = [
    (0.1, 1, "o", b"candidate@server:~$ "),
    (0.2, 1, "i", b"ls\r"),
    (0.2, 1, "o", b"\xff\xfe caf\xc3"),
    (0.0, 2, "o", b"second"),
    (0.3, 1, "s", b"secret"),
    (0.1, 1, "r", b"-"),
    (0.1, 2, "o", b"\xa9\r\n"),
]


@pytest.mark.parametrize("name", [JOURNAL_NAME, "c1-1.cast"])
def test_a_recording_torn_at_any_byte_gives_what_is_complete(tmp_path: Path, name: str) -> None:
    Writing(SAMPLE, LONG_AGO).write(tmp_path)
    whole = (tmp_path / name).read_bytes()
    complete = read_all(tmp_path)
    for cut in range(len(whole)):
        (tmp_path / name).write_bytes(whole[:cut])
        with RecordingReader(tmp_path) as reader:
            events = list(reader.read())
            problems = [problem.words for problem in reader.problems]
        torn = cut > 0 and whole[cut - 1 : cut] != b"\n"
        assert problems == (["torn last line dropped"] if torn else [])
        own = [event for event in events if event.place.file == name]
        ends = [event for event in complete if event.place.file == name]
        for event, expected in zip(own, ends, strict=False):
            assert event.place == expected.place
        lines = whole[:cut].count(b"\n")
        assert len(own) == sum(whole[: event.place.offset].count(b"\n") < lines for event in ends)


@given(junk=st.lists(st.binary(max_size=30), max_size=6), place=st.integers(0, 3))
@settings(deadline=None)
def test_damaged_lines_are_named_and_the_rest_is_read(junk: list[bytes], place: int) -> None:
    with TemporaryDirectory() as where:
        directory = Path(where)
        Writing(SAMPLE, LONG_AGO).write(directory)
        cast = directory / "c1-1.cast"
        lines = cast.read_bytes().splitlines(keepends=True)
        lines[place + 1 : place + 1] = [each.replace(b"\n", b"") + b"\n" for each in junk]
        cast.write_bytes(b"".join(lines))
        with RecordingReader(directory) as reader:
            events = list(reader.read())
            places = {problem.place.file for problem in reader.problems}
    assert places <= {"c1-1.cast"}
    assert any(isinstance(event, Output) and event.data == b"second" for event in events)
    assert any(isinstance(event, Resized) for event in events)


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "/etc/passwd", "a\0b", JOURNAL_NAME, "no"])
def test_a_cast_is_only_opened_inside_the_recording(tmp_path: Path, name: str) -> None:
    entry = ChannelOpened(t=1, connection=1, channel=1, kind="shell", file=name)
    (tmp_path / JOURNAL_NAME).write_bytes(opening(0) + encode_entry(entry))
    assert [event.t for event in read_all(tmp_path)] == [0, 1]


def test_without_a_recording_the_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(SessionNotFoundError, match="no recording in"):
        RecordingReader(tmp_path / "none")


def test_young_events_are_held_back_while_live(tmp_path: Path) -> None:
    writing = Writing([(0.1, 1, "o", b"old"), (100.0, 1, "o", b"young")], time.monotonic() - 50)
    with locked(tmp_path):
        writing.write(tmp_path)
        with RecordingReader(tmp_path) as reader:
            assert [e.data for e in reader.poll() if isinstance(e, Output)] == [b"old"]
            assert reader.pending
            assert [e.data for e in reader.read() if isinstance(e, Output)] == [b"young"]
            assert not reader.late


def test_exact_bytes_in_a_later_flush_are_waited_for(tmp_path: Path) -> None:
    writing = Writing([(5.0, 1, "o", b"a\xffb"), (0.0, 1, "s", b"pw")], time.monotonic() - 5)
    with locked(tmp_path):
        *before, (name, output), (_, masked) = writing.appends
        writing.appends = before
        writing.write(tmp_path)
        got: list[AnyEvent] = []
        with RecordingReader(tmp_path) as reader:
            for line in (output + masked).splitlines(keepends=True):
                with (tmp_path / name).open("ab") as file:
                    file.write(line)
                got += reader.read()
    assert [e.data for e in got if isinstance(e, Output)] == [b"a\xffb"]
    assert [e.masked for e in got if isinstance(e, Input)] == [2]


def test_a_long_recording_is_merged_in_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cast_file, "_READ_SIZE", 1 << 14)
    Writing([(0.001, 1 + n % 3, "o", b"x" * 400) for n in range(6000)], LONG_AGO).write(tmp_path)
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    tracemalloc.start()
    try:
        with RecordingReader(tmp_path) as reader:
            count = sum(isinstance(event, Output) for event in reader.read())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 6000
    assert peak < size / 4
