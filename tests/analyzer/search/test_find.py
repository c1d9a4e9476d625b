"""What was on a screen is found, with its times; what was not, is not; whatever is asked."""

from __future__ import annotations

import gc
import random
import sqlite3
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.search import sink as sink_module
from analyzer.search.find import Finder, SearchCancelledError
from analyzer.search.joined import join
from analyzer.search.lines import LineRecorder
from analyzer.search.query import Matcher, Query, QueryError
from analyzer.search.sink import SearchSink
from analyzer.search.text import fold, normal
from analyzer.terminal import Terminal
from recorder.recording.events import Logged
from recorder.recording.journal import ChannelClosed
from tests.analyzer.search.support import (
    PLACE,
    Step,
    found,
    hits,
    indexed,
    matched,
    opened,
    show,
    written,
)


def test_a_line_that_stands_for_long_is_one_hit() -> None:
    index = indexed([(1.0, b"the needle\r\n"), *((float(n), b".") for n in range(2, 9))])
    (hit,) = hits(index, "needle")
    assert (hit.t, hit.until, hit.connection, hit.channel) == (1.0, None, 1, 1)
    assert (hit.row, hit.column, hit.alternate) == (0, 4, False)
    assert matched(hit) == ["needle"]


def test_a_line_that_is_typed_on_is_one_hit_from_the_moment_it_matched() -> None:
    typed = [(1 + n / 4, b"%c" % letter) for n, letter in enumerate(b"$ nginx -t")]
    index = indexed([*typed, (9.0, b"\x1b[2J")])
    (hit,) = hits(index, "nginx")
    assert (hit.t, hit.until, hit.text) == (1 + 6 / 4, 9.0, "$ nginx -t")


def test_text_that_was_erased_and_came_again_is_two_hits() -> None:
    index = indexed([(1.0, b"abc"), (2.0, b"\x1b[2J"), (3.0, b"\rabc")])
    assert [(hit.t, hit.until) for hit in hits(index, "abc")] == [(1.0, 2.0), (3.0, None)]


def test_a_line_with_many_matches_is_one_hit() -> None:
    (hit,) = hits(indexed([(1.0, b"foo bar foo FOO")]), "foo")
    assert matched(hit) == ["foo", "foo", "FOO"]


def test_every_line_of_a_long_listing_is_found() -> None:
    data = b"".join(b"line-%04d of five thousand\r\n" % n for n in range(5000))
    index = indexed([(1.0, b"$ cat long\r\n"), (2.0, data), (3.0, b"$ ")])
    assert len(hits(index, "of five thousand")) == 5000
    for number in (0, 1, 999, 1000, 2500, 4998, 4999):
        (hit,) = hits(index, f"line-{number:04}")
        assert hit.t == 2.0
        assert hit.until == (None if number > 4976 else 2.0)


def test_hits_are_by_time_and_can_be_limited() -> None:
    index = indexed([(float(n), b"row %d\r\n" % n) for n in range(1, 200)])
    everything = found(index, "row")
    assert len(everything.hits) == 199
    assert not everything.more
    assert [hit.t for hit in everything.hits] == sorted(hit.t for hit in everything.hits)
    first = found(index, "row", limit=10)
    assert (first.hits, first.more) == (everything.hits[:10], True)
    assert not found(index, "row", limit=199).more


def test_terminals_are_told_apart() -> None:
    sink = SearchSink()
    opened(sink)
    opened(sink, channel=2)
    show(sink, [(1.0, b"same")])
    show(sink, [(0.5, b"same")], channel=2)
    index = written(sink)
    assert [(hit.t, hit.channel) for hit in hits(index, "same")] == [(0.5, 2), (1.0, 1)]
    only = Finder(index, Matcher(Query(text="same"))).find((1, 2))
    assert [hit.channel for hit in only.hits] == [2]


def test_capitals_count_only_if_there_are_some() -> None:
    index = indexed([(1.0, b"Error error ERROR")])
    assert matched(hits(index, "error")[0]) == ["Error", "error", "ERROR"]
    assert matched(hits(index, "Error")[0]) == ["Error"]
    assert matched(hits(index, "error", case=True)[0]) == ["error"]
    assert len(matched(hits(index, "ERROR", case=False)[0])) == 3
    assert len(matched(hits(index, r"\S{5}", regex=True)[0])) == 3
    assert matched(hits(index, r"\berror\S*", regex=True, case=True)[0]) == ["error"]


def test_words_are_whole_in_any_script() -> None:
    index = indexed([(1.0, "cat concat cat_ über cat. überall (cat)".encode())])
    assert [span[0] for span in hits(index, "cat", word=True)[0].spans] == [0, 21, 35]
    assert len(hits(index, "über", word=True)[0].spans) == 1
    assert hits(index, "conca", word=True) == []
    assert matched(hits(index, "c.t|conc.t", word=True, regex=True)[0]) == [
        "cat",
        "concat",
        "cat",
        "cat",
    ]


def test_a_regular_expression_stays_within_its_line() -> None:
    index = indexed([(1.0, b"one two\r\nthree\r\n")])
    assert hits(index, r"two\s+three", regex=True) == []
    assert hits(index, r"(?s)two.*three", regex=True) == []
    assert matched(hits(index, r"[^x]+$", regex=True)[1]) == ["three"]
    assert matched(hits(index, r"^t\w+", regex=True)[0]) == ["three"]
    assert matched(hits(index, r"\Athree\z", regex=True)[0]) == ["three"]
    assert hits(index, "x*", regex=True) == []


def test_a_word_broken_over_two_rows_is_found_where_it_begins() -> None:
    index = indexed([(1.0, b"12345678 needle")], 10, 4)
    (hit,) = hits(index, "needle")
    assert (hit.row, hit.column, hit.text) == (0, 9, "12345678 needle")
    (second,) = hits(index, "edle")
    assert (second.row, second.column) == (1, 1)


@pytest.mark.parametrize(
    "text",
    [
        '"',
        '"quoted"',
        "a NEAR b",
        "NEAR(a b)",
        "AND OR NOT",
        "pre*",
        "-dash",
        "col:umn",
        "^start",
        "(paren",
        "[brack",
        "back\\slash",
        "100%",
        "under_score",
        "'; DROP TABLE search_lines; --",
        "👍🏽",
        "漢字",
        "é",
        "ß",
        "x",
        "{{{",
    ],
)
def test_queries_are_words_and_never_a_language(text: str) -> None:
    index = indexed([(1.0, f"before {text} after".encode()), (2.0, b"\r\nnothing here")])
    assert matched(hits(index, text)[0]) == [text]
    assert hits(index, text + "~") == []


def test_a_letter_and_its_accent_are_one_letter() -> None:
    index = indexed([(1.0, "cafe\u0301 cafés".encode())])
    assert len(hits(index, "café")[0].spans) == 2
    assert len(hits(index, "cafe\u0301")[0].spans) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a(b", "at its end: missing )"),
        ("a)b", "at character 1"),
        ("ab[c", "at character 3, '[c': missing ]"),
        ("x**", "at character 2, '**': bad repetition"),
        ("ab*\\q", r"at character 4, '\\q': invalid escape"),
        ("(?=x)y", "looks around or back at character 1"),
        (r"(a)\1", "looks around or back at character 4"),
        ("a{2000}", "at character 2, '{2000}'"),
        ("(?:(?:a{90}){90}){9}", "invalid repetition"),
        ("\\", "trailing"),
    ],
)
def test_a_wrong_pattern_is_told_with_place_and_reason(text: str, words: str) -> None:
    with pytest.raises(QueryError) as raised:
        Matcher(Query(text=text, regex=True))
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)
    Matcher(Query(text=text))


@pytest.mark.parametrize(
    "text", ["", "  ", "\t", "x" * 1001, "two\nlines", "\udc80", "a\0bc", "\x1b[m"]
)
def test_what_cannot_be_looked_for_is_refused(text: str) -> None:
    for regex in (False, True):
        with pytest.raises(QueryError):
            Matcher(Query(text=text, regex=regex))


@pytest.mark.parametrize("pattern", ["(x+x+)+y", "(a|aa)+$", "(.*){1,30}[^a]b", "(?:a?){99}a{99}"])
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    index = indexed([(1.0, (b"a" * 4000 + b"x" * 4000 + b"\r\n") * 5)], 200, 50)
    began = time.process_time()
    found(index, pattern, regex=True)
    assert time.process_time() - began < 5


def test_a_search_can_be_given_up() -> None:
    index = indexed([(1.0, b"x")])
    with pytest.raises(SearchCancelledError):
        Finder(index, Matcher(Query(text="x")), cancelled=lambda: True).find()


def test_without_trigrams_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[Step] = [(float(n), b"word%d and\r\n" % n) for n in range(1, 900)]
    with_them = indexed(steps)
    monkeypatch.setattr(sink_module, "has_trigrams", lambda: False)
    without = indexed(steps)
    for text in ("word77", "and", "none such"):
        assert hits(with_them, text) == hits(without, text)
    tables = without.execute("SELECT name FROM sqlite_master").fetchall()
    assert ("search_trigrams",) not in tables


def test_what_stood_when_it_was_written_gets_its_end_later() -> None:
    sink = SearchSink()
    opened(sink)
    show(sink, [(1.0, b"needle")])
    index = written(sink)
    assert [(hit.t, hit.until) for hit in hits(index, "needle")] == [(1.0, None)]
    show(sink, [(2.0, b"s"), (3.0, b"\x1b[2J"), (4.0, b" ")])
    written(sink, index)
    assert [(hit.t, hit.until) for hit in hits(index, "needle")] == [(1.0, 3.0)]
    assert [(hit.t, hit.until) for hit in hits(index, "needles")] == [(2.0, 3.0)]


def test_a_terminal_that_is_closed_is_let_go_of_and_all_of_it_is_found() -> None:
    def held() -> int:
        gc.collect()
        return sum(isinstance(each, LineRecorder) for each in gc.get_objects())

    before = held()
    sink = SearchSink()
    opened(sink)
    show(sink, [(1.0, b"needle one\r\n"), (2.0, b"needle two")])
    assert held() == before + 1
    entry = ChannelClosed(t=3.0, connection=1, channel=1)
    sink.observe(Logged(t=3.0, place=PLACE, entry=entry), None)
    assert held() == before
    assert [(hit.t, hit.until) for hit in hits(written(sink), "needle")] == [
        (1.0, None),
        (2.0, None),
    ]


def test_folding_agrees_with_the_engine_on_all_letters() -> None:
    for code in range(0x20, 0x20000):
        letter = chr(code)
        if 0xD800 <= code < 0xE000 or not letter.isalpha():
            continue
        for other in {letter.lower(), letter.upper(), letter.title(), letter.casefold()}:
            if len(other) != 1 or other == letter or normal(other) != other:
                continue
            if normal(letter) != letter or fold(letter) == fold(other):
                continue
            matcher = Matcher(Query(text=letter, case=False))
            assert not list(matcher.spans(other.encode())), (letter, other)


texts = (
    st.text(st.sampled_from('ab c"*-漢é👍'), min_size=1, max_size=25).map(str.strip).filter(bool)
)
pieces = st.one_of(
    texts.map(str.encode),
    st.binary(min_size=1, max_size=12),
    st.sampled_from(
        [
            b"\r\n",
            b"\r\n\r\n\r\n",
            b"\x1b[2J\x1b[H",
            b"\x1b[H",
            b"\x1b[?1049h",
            b"\x1b[?1049l",
            b"\x1b[M",
        ]
    ),
)
sessions = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.01, 0.5]), pieces | st.tuples(st.integers(2, 20), st.integers(1, 6))
    ),
    min_size=1,
    max_size=25,
)


@given(gaps=sessions, pick=st.randoms(use_true_random=False), size=st.integers(3, 40))
@settings(deadline=None, max_examples=200)
def test_whatever_stood_at_a_quiet_moment_is_found_there(
    gaps: list[tuple[float, bytes | tuple[int, int]]], pick: random.Random, size: int
) -> None:
    now, steps, expected = 1.0, [], []
    terminal = Terminal(12, 4)
    for index, (gap, what) in enumerate(gaps):
        now = round(now + gap, 6)
        steps.append((now, what))
        if isinstance(what, bytes):
            terminal.feed(what)
        else:
            terminal.resize(*what)
        quiet = index + 1 == len(gaps) or gaps[index + 1][0] >= 0.05
        if quiet:
            wraps = [terminal.wrapped(y) for y in range(terminal.lines)]
            expected.append((now, terminal.alternate, join(terminal.display, wraps)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sink_module, "BLOCK_BYTES", size)
        index = indexed(steps, 12, 4)
    for t, alternate, lines in expected:
        for _, text in lines:
            start = pick.randrange(len(text))
            part = text[start : start + pick.randrange(1, 9)]
            if not part.strip():
                continue
            there = [
                hit
                for hit in hits(index, part, case=True)
                if hit.t <= t and (hit.until is None or hit.until > t)
            ]
            assert any(hit.alternate == alternate for hit in there), (t, part)
    shown = {line for _, _, lines in expected for _, line in lines}
    for hit in hits(index, "a"):
        # A hit that stood is a line that stood.
        if hit.until is None:
            assert hit.text in shown


def test_a_damaged_index_raises_what_sqlite_says() -> None:
    index = indexed([(1.0, b"text")])
    index.execute("DROP TABLE search_blocks")
    with pytest.raises(sqlite3.Error):
        hits(index, "text")
