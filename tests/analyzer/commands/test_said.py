"""A question to all lines of an output at once has the answer that one by one gives."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.commands import speech
from analyzer.commands.said import Said

_PATTERNS = sorted({*speech.FAILED.values(), *speech.OK.values()}, key=str)
_WORDS = (
    *(
        "E: ",
        "Abort.",
        "Failed to ",
        "dump process list",
        "passwd: ",
        "password updated",
        " failed!",
    ),
    *("npm ERR! ", "Traceback (most recent call last):", "up to date", "Syntax OK", "ERROR 1045"),
    *("curl: (6) ", "unchanged", " ", "...", ": ", "No such file", "x"),
)
_LINES = st.lists(st.lists(st.sampled_from(_WORDS), max_size=4).map("".join), max_size=6)


@given(_LINES, st.sampled_from(_PATTERNS))
def test_no_line_that_matches_is_missed(lines: list[str], pattern: re.Pattern[str]) -> None:
    said = Said(lines)

    assert said.without(pattern).lines == [line for line in lines if not pattern.search(line)]
    assert said.may_match(pattern) or not any(map(pattern.search, lines))


@pytest.mark.parametrize(("words", "held"), [(("b",), True), (("x", "c"), True), (("d",), False)])
def test_words_are_held_by_any_line(words: tuple[str, ...], held: bool) -> None:
    assert Said(["a b", "c"]).may_hold(words) is held
