"""A recording that a test writes by hand, and what Hypothesis fills one with."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from analyzer.cells import Frame
from analyzer.terminal import Terminal
from recorder.recording.cast import (
    CastEncoder,
    CastEvent,
    CastHeader,
    encode_exact,
    encode_header,
)
from recorder.recording.journal import (
    JOURNAL_NAME,
    ChannelOpened,
    JournalEntry,
    PtyRequest,
    SessionClosed,
    SessionOpened,
    encode_entry,
)

What = bytes | tuple[int, int]
"""Output, or a size in columns and lines."""


class Recorded:
    """A recording that a test writes by hand; times are seconds since the session's start."""

    def __init__(self, directory: Path, *, started: float = -1e6) -> None:
        self.directory = directory
        self.casts: dict[int, tuple[float, CastEncoder]] = {}
        self.log(
            SessionOpened(
                t=0,
                program="test",
                session="s",
                started="2026-01-01T00:00:00Z",
                monotonic=started,
                boot="b",
                target="t:22",
            )
        )

    def log(self, entry: JournalEntry) -> None:
        with (self.directory / JOURNAL_NAME).open("ab") as file:
            file.write(encode_entry(entry))

    def open(self, t: float, channel: int, columns: int = 20, lines: int = 5) -> None:
        name = f"c1-{channel}.cast"
        header = encode_header(CastHeader(columns=columns, lines=lines))
        (self.directory / name).write_bytes(header)
        self.casts[channel] = (t, CastEncoder())
        pty = PtyRequest(term="xterm", columns=columns, lines=lines)
        self.log(
            ChannelOpened(
                t=t, connection=1, channel=channel, kind="shell", user="u", pty=pty, file=name
            )
        )

    def add(self, t: float, channel: int, code: str, data: bytes) -> None:
        opened, encoder = self.casts[channel]
        text = data.decode("utf-8", "replace")
        lines = encoder.encode(CastEvent(t=t - opened, code=code, data=text))
        if text.encode() != data:
            lines += encoder.encode(CastEvent(t=t - opened, code="b", data=encode_exact(data)))
        with (self.directory / f"c1-{channel}.cast").open("ab") as file:
            file.write(lines)

    def close(self, t: float) -> None:
        self.log(SessionClosed(t=t, reason="closed"))


def shown(frame: Frame | None) -> list[str]:
    """Return a frame's rows as text."""
    assert frame is not None
    return ["".join(run.text for run in row).rstrip() for row in frame.rows]


def played(done: list[tuple[float, What]], look: float) -> Frame:
    """Return what a terminal of 20x5 shows that is fed from the start up to a moment."""
    fresh = Terminal(20, 5)
    for t, what in done:
        if t <= look:
            if isinstance(what, bytes):
                fresh.feed(what)
            else:
                fresh.resize(*what)
    return fresh.frame()


pieces = st.one_of(
    st.binary(min_size=1, max_size=30),
    st.sampled_from(
        [
            b"text ",
            b"\r\n",
            b"\x1b[2J\x1b[H",
            b"\x1b[31",
            b"mred",
            b"\x1b[?1049h",
            b"\x1b[?1049l",
            b"\xe6\xbc",
            b"\xa2",
            "漢字".encode(),
        ]
    ),
)
steps = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.5, 1.0]), pieces | st.tuples(st.integers(1, 30), st.integers(1, 9))
    ),
    min_size=1,
    max_size=25,
)
