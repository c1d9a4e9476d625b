"""A line that an expression matches is never held back from it, whatever RE2 knows of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.signals.sieve import Sieve, widened

_SOURCES = (
    "^done$",
    r"\Aone\Z",
    "^curl: (?!\\(6\\)).*refused$",
    "(?<=sudo: )no",
    r"(?i)straße|kelvin|\bis\b",
    r"\bwas\b",
    r"\w+\s\d",
    r"[\w.-]+: [^\W]x",
    r"^[^\s]+$",
    r"^(?!#)",
    "(a)\\1",
    "x(?!y)?z",
    "(?x) a  b",
    "(?-m:^z$)",
    "xa{,2}z",
)
_SIEVE = Sieve(_SOURCES)
_WORDS = (
    *(
        "done",
        "one",
        "curl: (7) ",
        "refused",
        "sudo: no",
        "was",
        "kelvin",
        "\u212a",
        "\u0131s",
        "İs",
    ),
    *("Straße", "STRASSE", "é", "\u0661", "\u00a0", " ", "aa", "xz", "#", "ab", "z", ": ", "x"),
)
_LINES = st.lists(st.sampled_from(_WORDS), max_size=5).map("".join)


@given(st.lists(_LINES, min_size=1, max_size=5))
def test_no_expression_misses_a_line_that_it_matches(lines: list[str]) -> None:
    silent = _SIEVE.silent(lines)
    for line in lines:
        found = _SIEVE.sift(line)
        for number, source in enumerate(_SOURCES):
            if re.search(source, line):
                assert number in _SIEVE.broad or (number in found and not silent)
            elif line.isascii():
                assert number not in found


@pytest.mark.parametrize(
    "source", ["^(?!#)", "(a)\\1", "x(?!y)?z", "(?x) a  b", "(?-m:^z$)", "xa{,2}z"]
)
def test_what_cannot_be_sifted_is_said_to_be_broad(source: str) -> None:
    assert widened(source) is None
    assert Sieve([source]).broad == {0}


def test_lines_of_which_none_matches_are_told_at_once() -> None:
    assert Sieve(["^done", "(?<!not )failed$"]).silent(["undone", "failed to", "é"])
