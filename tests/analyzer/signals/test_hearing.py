"""A line that an expression matches is never held back from it, however often it is asked."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from analyzer.signals.hearing import Hearing
from analyzer.signals.loader import active_rules

_SOURCES = sorted(
    {
        source
        for signal in active_rules().in_order()
        for pattern in signal.patterns("when")
        for source in (*pattern.ok, *pattern.failed, *pattern.settled)
        if not source.startswith("@")
    }
)
_HEARING = Hearing()
_NUMBERS = _HEARING.add(_SOURCES)
_WORDS = ("sudo: ", "Permission denied", "ok", "failed", "Syntax OK", "é", "0 upgraded", "ERROR: ")
_LINES = st.lists(st.sampled_from(_WORDS) | st.text(max_size=9), max_size=5).map(
    lambda words: "".join(words).replace("\n", " ")
)


@given(st.lists(_LINES, max_size=8))
def test_what_matches_is_heard(lines: list[str]) -> None:
    for line in (*lines, *lines):
        hits = _HEARING.of(line)
        for number, source in zip(_NUMBERS, _SOURCES, strict=True):
            assert number in hits or re.search(source, line) is None


def test_an_output_gives_what_may_decide_last_line_first() -> None:
    hearing = Hearing()
    done, broken = hearing.add(["^done", "^broken"])
    lines = ("broken pipe", "nothing", "sudo: unable to resolve host web", "x: not found", "done")

    heard = hearing.output(lines, frozenset({done}))

    assert [(each.line, set(each.hits), each.start) for each in heard] == [
        ("done", {done}, False),
        ("x: not found", set(), True),
        ("broken pipe", {broken}, False),
    ]
    assert not hearing.output(("nothing", "done"), frozenset({broken}))


def test_what_is_added_later_is_heard_in_lines_known_before() -> None:
    hearing = Hearing()
    (first,) = hearing.add(["a"])
    assert hearing.of("ab") == {first}

    second = hearing.add(["b", "a"])

    assert hearing.of("ab") == {first, second[0]}
    assert second[1] == first
