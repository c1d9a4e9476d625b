"""Nothing that a target or a candidate sends makes the detector raise or grow without bound."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from analyzer.commands.detector import Detector
from analyzer.commands.output import HEAD, TAIL, WIDTH, OutputText
from recorder.recording.events import Input, Logged, Output, Place, Resized
from recorder.recording.journal import ChannelClosed, ChannelOpened, PtyRequest

_OUTPUT = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            *(b"\x1b[?2004h", b"\x1b[?2004l\r", b"root@h:~# ", b"u@h:~$ ls", b"\r\n", b"> "),
            *(b">>> ", b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[H\x1b[2J", b"^C", b"logout\r\n"),
            b"\x1b[?20",
        ]
    ),
)
_INPUT = st.one_of(
    st.binary(max_size=10),
    st.sampled_from([b"\r", b"\x03", b"\x04", b"ls", b"\t", b"\x1b[A", b"\x1b[200~a\nb\x1b[201~"]),
)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("o"), _OUTPUT),
        st.tuples(st.just("i"), _INPUT),
        st.tuples(st.just("r"), st.tuples(st.integers(1, 120), st.integers(1, 50))),
    ),
    max_size=60,
)


@given(_STEPS)
def test_no_terminal_makes_it_raise(steps: list[tuple[str, bytes | tuple[int, int]]]) -> None:
    detector = Detector()
    place = Place(file="c1-1.cast", offset=0)
    pty = PtyRequest(term="xterm", columns=80, lines=24)
    opened = ChannelOpened(t=0, connection=1, channel=1, kind="shell", pty=pty, file="c1-1.cast")
    detector.observe(Logged(t=0.0, place=place, entry=opened))
    for t, (kind, data) in enumerate(steps):
        place = Place(file="c1-1.cast", offset=t)
        common = {"t": t / 7, "place": place, "connection": 1, "channel": 1}
        if isinstance(data, tuple):
            event: Output | Input | Resized = Resized(columns=data[0], lines=data[1], **common)
        elif kind == "o":
            event = Output(data=data, **common)
        else:
            event = Input(data=data, **common)
        for run in detector.observe(event):
            assert run.command.text.strip()
            assert 0 <= run.command.confidence <= 1
    closed = ChannelClosed(t=100.0, connection=1, channel=1)
    detector.observe(Logged(t=100.0, place=place, entry=closed))
    assert detector.finish() == []


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_lines_are_the_same_however_the_bytes_are_cut(data: bytes, cuts: list[int]) -> None:
    whole, parts = OutputText(), OutputText()
    whole.feed(data)
    places = sorted({0, *(min(cut, len(data)) for cut in cuts), len(data)})
    for start, end in pairwise(places):
        parts.feed(data[start:end])
    assert parts.lines == whole.lines


def test_what_is_kept_of_a_long_output_is_bounded() -> None:
    text = OutputText()
    for number in range(5000):
        text.feed(b"%d " % number + b"x" * 2000 + b"\n")
    assert len(text.lines) == HEAD + TAIL
    assert max(map(len, text.lines)) <= WIDTH
    assert text.lines[0].startswith("0 ")
    assert text.lines[-1].startswith("4999 ")
