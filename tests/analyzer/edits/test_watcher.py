"""The watcher by itself: packets cut anywhere, hostile screens, what it keeps."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.analysis import Pipeline
from analyzer.edits.record import FileEdit
from analyzer.edits.typed import KeyLog
from analyzer.signals.loader import shipped_rules
from recorder.recording.events import Input, Logged, Output, Place
from recorder.recording.journal import ChannelOpened, PtyRequest

PROMPT = b"jo@web01:~$ "
NANO = (
    b"\x1b[?1049h\x1b[2J\x1b[1;1H  GNU nano 7.2        notes        \x1b[2;1Hone"
    b"\x1b[23;1H^G Help\x1b[24;1H^X Exit\x1b[2;1H"
)
LEFT = b"\x1b[?1049l" + PROMPT


class Played:
    """A terminal that shows and gets what it is told, a second apart."""

    def __init__(self) -> None:
        self.pipeline = Pipeline(shipped_rules())
        self.edits: dict[str, FileEdit] = {}
        self._t = 0.0
        size = PtyRequest(term="xterm", columns=80, lines=24)
        opened = ChannelOpened(
            t=0.0, connection=1, channel=1, kind="shell", pty=size, file="c1-1.cast"
        )
        place = Place(file="session.jsonl", offset=0)
        self._take(Logged(t=0.0, place=place, entry=opened))
        self.shows(PROMPT)

    def shows(self, data: bytes, later: float = 1.0) -> None:
        self._t += later
        place = Place(file="c1-1.cast", offset=int(self._t * 1000))
        self._take(Output(t=self._t, place=place, connection=1, channel=1, data=data))

    def gets(self, data: bytes) -> None:
        self._t += 1
        place = Place(file="c1-1.cast", offset=int(self._t * 1000))
        self._take(Input(t=self._t, place=place, connection=1, channel=1, data=data))

    def enters(self, line: bytes) -> None:
        self.gets(line)
        self.shows(line, later=0.1)
        self.gets(b"\r")

    def _take(self, event: Logged | Output | Input) -> None:
        self.edits |= {edit.id: edit for edit in self.pipeline.observe(event).edits}


def test_an_editor_that_comes_in_one_packet_with_the_end_of_the_line_is_seen() -> None:
    played = Played()
    played.enters(b"nano notes")
    played.shows(b"\r\n" + NANO, later=0.01)
    played.gets(b"x")
    played.shows(b"\x1b[2;1Hxone")
    played.gets(b"\x18")
    played.shows(b"\x1b[22;1HSave modified buffer?")
    played.gets(b"y")
    played.shows(b"\x1b[22;1H\x1b[KFile Name to Write: notes")
    played.gets(b"\r")
    played.shows(LEFT)
    (edit,) = played.edits.values()
    assert (edit.saved, edit.added, edit.removed) == ("yes", ("xone",), ("one",))


def test_text_that_says_that_it_was_written_does_not_save() -> None:
    played = Played()
    played.enters(b"nano notes")
    played.shows(b"\r\n" + NANO, later=0.01)
    played.gets(b"x")
    played.shows(b"\x1b[2;1Hx[ Wrote 3 lines ]\x1b[22;1H[ Wrote 9 lines ]")
    played.gets(b"\x18")
    played.shows(b"\x1b[22;1H\x1b[KSave modified buffer?")
    played.gets(b"n")
    played.shows(LEFT)
    assert [edit.saved for edit in played.edits.values()] == ["no"]


def test_a_picture_of_an_editor_that_was_printed_is_none() -> None:
    played = Played()
    played.enters(b"cat picture")
    played.shows(b"\r\n" + NANO + b"\x1b[22;1H[ Wrote 3 lines ]" + LEFT, later=0.01)
    assert played.edits == {}


@given(
    st.sampled_from([b"nano notes", b"vim notes", b"sudoedit /etc/x", b"crontab -e"]),
    st.lists(
        st.tuples(
            st.booleans(),
            st.one_of(
                st.binary(max_size=40),
                st.sampled_from(
                    [
                        NANO,
                        LEFT,
                        PROMPT,
                        b"~\r\n",
                        b"\x1b[24;1H:wq",
                        b'\x1b[24;1H"notes" 1L, 2B written',
                        b"\x1b[22;1H[ Wrote 1 line ]",
                        b"\x1b[22;1HSave modified buffer?",
                        b"\x18",
                        b"\x0f",
                        b":wq\r",
                        b"y",
                        b"\r",
                        b"\x1b",
                        b"ZZ",
                        b"\x1a",
                        b"\x1b[200~a\rb\x1b[201~",
                    ]
                ),
            ),
        ),
        max_size=14,
    ),
)
def test_whatever_is_shown_and_typed_is_survived(
    line: bytes, story: list[tuple[bool, bytes]]
) -> None:
    played = Played()
    played.enters(line)
    played.shows(b"\r\n", later=0.01)
    for shown, data in story:
        if shown:
            played.shows(data)
        elif data:
            played.gets(data)
    played.pipeline.finish()
    assert all(edit.path and 0 < edit.confidence <= 1 for edit in played.edits.values())


def test_a_vi_command_of_any_number_of_bars_is_survived() -> None:
    played = Played()
    played.enters(b"vim notes")
    played.shows(b'\r\n\x1b[?1049h\x1b[2Jone\r\n~\r\n~\x1b[24;1H"notes" 1L, 4B\x1b[1;1H')
    played.gets(b":w" + b"|w" * 5000)
    played.gets(b"\r")
    played.shows(b'\x1b[24;1H"notes" 1L, 4B written')
    played.shows(LEFT)
    assert [edit.saved for edit in played.edits.values()] == ["yes"]


def test_a_paste_costs_what_it_is_long() -> None:
    keys = KeyLog()
    start = time.process_time()
    assert list(keys.read(b"\x1b[200~" + b"a\r" * 100_000 + b"\x1b[201~")) == []
    # It takes a hundredth of this; what grows with the square of the length, hours.
    assert time.process_time() - start < 10
    assert set(keys.take_pasted()) == {"a", ""}


@pytest.mark.parametrize("cut", range(1, 6))
def test_the_end_of_a_paste_may_come_in_two_packets(cut: int) -> None:
    keys = KeyLog()
    packets = [b"\x1b[200~one\rtwo\x1b[201~"[: cut - 6], b"\x1b[201~"[cut:] + b"x"]
    tokens = [token for packet in packets for token in keys.read(packet)]
    assert keys.take_pasted() == ("one", "two")
    assert [token.text for token in tokens] == ["x"]
