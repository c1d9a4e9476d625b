"""What was spoken is found by the queries that find what was shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.search.query import Matcher, Query
from analyzer.search.spoken import find_spoken, heard_in
from recorder.transcripts.values import SpokenLine


def spoken(*texts: str, start: float | None = 10.0) -> list[SpokenLine]:
    return [
        SpokenLine(
            transcript=1,
            number=number,
            t=None if start is None else start * number,
            until=None,
            speaker="Anna",
            text=text,
        )
        for number, text in enumerate(texts, start=1)
    ]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (Query(text="disk"), [1, 3]),
        (Query(text="Disk"), [3]),
        (Query(text="disk", word=True), [3]),
        (Query(text=r"\d+ per", regex=True), [2]),
        (Query(text="anna"), []),
    ],
)
def test_words_parts_of_words_and_expressions_are_found(query: Query, numbers: list[int]) -> None:
    lines = spoken("the disks fill up", "at 7 percent", "Disk is full")
    hits, more = find_spoken(lines, Matcher(query))
    assert ([hit.line.number for hit in hits], more) == (numbers, False)


def test_there_are_more_only_where_another_line_matches() -> None:
    lines = spoken("full", "full", "empty")
    matcher = Matcher(Query(text="full"))
    for limit, count, more in ((1, 1, True), (2, 2, False), (0, 0, True), (None, 2, False)):
        found = find_spoken(lines, matcher, limit)
        assert (len(found[0]), found[1]) == (count, more)


_WORDS = st.text("ab\u00e9\u4e16", min_size=1, max_size=3)


@given(st.lists(st.text(max_size=30), max_size=6), _WORDS)
def test_every_span_holds_what_was_looked_for(texts: list[str], words: str) -> None:
    hits, _ = find_spoken(spoken(*texts, f"x{words}x"), Matcher(Query(text=words, case=True)))
    assert hits
    for hit in hits:
        assert hit.spans
        assert {hit.text[start:end] for start, end in hit.spans} == {words}


def test_a_hit_can_be_gone_to_where_it_has_a_time_within_the_session() -> None:
    lines = [*spoken("full", start=-5.0), *spoken("full", "full"), *spoken("full", start=None)]
    hits, _ = find_spoken(lines, Matcher(Query(text="full")))
    assert [each.t for each in heard_in(hits, 15.0)] == [0.0, 10.0, 15.0]
