from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import SessionNotFoundError
from recorder.recording.journal import JOURNAL_NAME, ClockEnded, JournalEntry, encode_entry
from recorder.recording.tail import MOST_AT_ONCE, JournalTail


def written(count: int) -> list[JournalEntry]:
    return [ClockEnded(t=float(number)) for number in range(count)]


@given(st.integers(0, 12), st.lists(st.integers(1, 60), max_size=8))
def test_each_line_is_told_once_and_in_order_however_it_was_written(
    count: int, pieces: list[int]
) -> None:
    data = b"".join(map(encode_entry, written(count)))
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / JOURNAL_NAME
        path.write_bytes(b"")
        tail = JournalTail(Path(directory))
        told: list[JournalEntry] = []
        with path.open("ab", buffering=0) as file:
            for piece in [*pieces, len(data)]:
                file.write(data[:piece])
                data = data[piece:]
                told += tail.take()
        tail.close()
    assert told == written(count)


def test_damaged_and_unknown_lines_are_left_out(tmp_path: Path) -> None:
    line = encode_entry(ClockEnded(t=1.0))
    (tmp_path / JOURNAL_NAME).write_bytes(b'garbage\n{"event":"new","t":1}\n' + line + b'{"torn')
    tail = JournalTail(tmp_path)
    assert tail.take() == (ClockEnded(t=1.0),)
    tail.close()


def test_a_long_journal_is_told_in_portions(tmp_path: Path) -> None:
    entries = written(MOST_AT_ONCE + 3)
    (tmp_path / JOURNAL_NAME).write_bytes(b"".join(map(encode_entry, entries)))
    tail = JournalTail(tmp_path)
    assert (len(tail.take()), len(tail.take()), len(tail.take())) == (MOST_AT_ONCE, 3, 0)
    tail.close()


def test_where_nothing_lies_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(SessionNotFoundError):
        JournalTail(tmp_path)
