"""Searching recordings: with an index, without one, with one that is spoilt, while it grows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from analyzer.index.build import build
from analyzer.index.writer import IndexWriter
from analyzer.search import sessions
from analyzer.search.find import SearchCancelledError
from analyzer.search.query import Matcher, Query
from analyzer.search.sessions import SessionSearch, is_indexed, search_session
from recorder.errors import SessionNotFoundError
from recorder.home import Home
from recorder.recording.reader import RecordingReader
from tests.tui.seat.recordings import RecordingBuilder

NEEDLE = Matcher(Query(text="needle"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def record(directory: Path, count: int = 50) -> Path:
    with RecordingBuilder(directory) as recording:
        recording.terminal(0.0)
        for number in range(1, count):
            recording.output(float(number), b"needle %d\r\n" % number)
        recording.close(float(count))
    return directory


def test_the_first_search_makes_the_index_and_tells_how_far_it_is(home: Home) -> None:
    directory = record(home.recording("s2222222"), 1000)
    assert not is_indexed(directory)
    told: list[float] = []
    found = search_session(directory, NEEDLE, progress=told.append)
    assert len(found.hits) == 999
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert is_indexed(directory)
    told.clear()
    assert search_session(directory, NEEDLE, progress=told.append) == found
    assert told == []


def test_a_recording_outside_any_home_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = record(tmp_path / "elsewhere")
    search = SessionSearch(directory)
    found = search.find(NEEDLE)
    assert len(found.hits) == 49
    monkeypatch.setattr(sessions, "RecordingReader", None)
    assert search.find(NEEDLE) == found
    search.close()
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]


def test_what_is_found_does_not_depend_on_where_the_index_is(home: Home, tmp_path: Path) -> None:
    inside = record(home.recording("s2222222"))
    outside = record(tmp_path / "s2222222")
    assert search_session(inside, NEEDLE) == search_session(outside, NEEDLE)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE search_blocks SET data = 'needle'",
        "UPDATE search_blocks SET data = x'ff0a00'",
        "DROP TABLE search_lines",
        "DROP TABLE search_blocks",
        "UPDATE search_lines SET columns = 0",
        "UPDATE search_lines SET t = 'soon'",
        "DELETE FROM index_about",
        "UPDATE index_about SET value = 'older' WHERE key = 'made_by'",
        "UPDATE index_files SET name = 'a' || CHAR(0) WHERE name = 'session.jsonl'",
    ],
)
def test_a_spoilt_index_hides_nothing_or_is_made_anew(home: Home, damage: str) -> None:
    directory = record(home.recording("s2222222"))
    expected = search_session(directory, NEEDLE)
    with sqlite3.connect(home.index("s2222222")) as connection:
        connection.execute(damage)
    connection.close()
    found = search_session(directory, NEEDLE)
    if "x'ff" not in damage:
        assert found == expected


def test_a_live_session_is_searched_as_far_as_its_writer_is(home: Home) -> None:
    directory = home.recording("s2222222")
    with RecordingBuilder(directory) as recording:
        recording.terminal(0.0)
        recording.output(1.0, b"needle one\r\n")
        assert [hit.t for hit in search_session(directory, NEEDLE).hits] == [1.0]
        writer = IndexWriter(directory, home.index("s2222222"))
        with RecordingReader(directory) as reader:
            for event in reader.read():
                writer.observe(event, None)
            writer.flush()
            assert [hit.t for hit in search_session(directory, NEEDLE).hits] == [1.0]
            recording.output(2.0, b"needle two\r\n")
            assert [hit.t for hit in search_session(directory, NEEDLE).hits] == [1.0]
            for event in reader.read():
                writer.observe(event, None)
            writer.flush()
            assert [hit.t for hit in search_session(directory, NEEDLE).hits] == [1.0, 2.0]
        writer.close()
        recording.close(3.0)
    assert [hit.t for hit in search_session(directory, NEEDLE).hits] == [1.0, 2.0]
    assert is_indexed(directory)


def test_a_search_that_is_given_up_while_indexing_leaves_nothing_half(home: Home) -> None:
    directory = record(home.recording("s2222222"), 500)
    with pytest.raises(SearchCancelledError):
        search_session(directory, NEEDLE, cancelled=lambda: True)
    assert len(search_session(directory, NEEDLE).hits) == 499


def test_two_that_make_the_index_at_once_both_find(home: Home) -> None:
    directory = record(home.recording("s2222222"))
    build(directory, home.index("s2222222"))
    home.index("s2222222").unlink()
    writer = IndexWriter(directory, home.index("s2222222"))
    writer.flush()
    assert len(search_session(directory, NEEDLE).hits) == 49
    writer.close()


def test_where_there_is_no_recording_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(SessionNotFoundError):
        search_session(tmp_path, NEEDLE)
