"""What is looked for: words, a part of a word, or a regular expression, in time linear in the text.

RE2 runs all of them: a pattern is a user's and the text a candidate's, and neither may make a
search take for ever. Its syntax: https://github.com/google/re2/wiki/Syntax. Where lines are kept
does not belong here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import re2

from analyzer.search.text import fold, normal
from recorder.errors import UsageError

MOST_CHARACTERS = 1000
"""Characters of a query."""

_MEMORY = 2 << 20
"""Bytes for RE2's program and automaton: a pattern that needs more is refused."""

_TRIGRAM = 3
_NOT_LITERAL = re.compile(r"\\[pP](?:\{[^}]*\}|.)|\\x\{[^}]*\}|\\.|\(\?[^):]*[):]|\[\[:\^?\w+:\]")
_WHOLE_TEXT = re.compile(r"(?<!\\)(?:\\\\)*\\[AzC]|\(\?[a-zA-Z]*-[a-zA-Z]*m")


class QueryError(UsageError):
    """A query that cannot be understood; the words name the place and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody asked for.

    Attributes:
        text: The words, or the regular expression.
        regex: It is a regular expression.
        word: Only where no letter, digit or underscore stands beside it.
        case: Tell capitals from small letters; None does so only if ``text`` has a capital.

    """

    text: str
    regex: bool = False
    word: bool = False
    case: bool | None = None


class Matcher:
    """A query made ready: finds its matches in lines joined by line ends, UTF-8."""

    def __init__(self, query: Query) -> None:
        """Take a query.

        Raises:
            QueryError: It is empty, too long, or not a regular expression.

        """
        self.query = query
        _check(query.text)
        self._text = normal(query.text)
        pattern = self._text if query.regex else re2.escape(self._text)
        if query.regex:
            _compile(pattern, case=True)
        if query.regex and query.word:
            pattern = rf"\b(?:{pattern})\b"
        self._case = _has_capital(query) if query.case is None else query.case
        self._program = _compile(f"(?m){pattern}", case=self._case)
        self._by_line = query.regex and _WHOLE_TEXT.search(query.text) is not None

    @cached_property
    def trigrams(self) -> tuple[str, ...]:
        """All three characters in a row, folded, that every match contains; may be none."""
        if self.query.regex:
            return ()
        text = fold(self._text)
        return tuple(
            dict.fromkeys(text[start : start + _TRIGRAM] for start in range(len(text) - 2))
        )

    def spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Yield where matches start and end, in bytes; none is empty, none contains a line end."""
        if self._by_line:
            yield from self._spans_by_line(data)
            return
        place, literal_word = 0, self.query.word and not self.query.regex
        while (found := self._program.search(data, place)) is not None:
            start, end = found.span()
            whole = not (literal_word and _is_part(data, start, end))
            if end > start and whole:
                yield start, end
            place = end if end > start and whole else start + 1
            if place > len(data):
                return

    def _spans_by_line(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Yield matches of a pattern that speaks of the text's own beginning or end."""
        place = 0
        for line in data.split(b"\n"):
            for found in self._program.finditer(line):
                start, end = found.span()
                if end > start:
                    yield place + start, place + end
            place += len(line) + 1


def _check(text: str) -> None:
    if not text.strip():
        raise QueryError("there is nothing to search for", "give a word, or a pattern with --regex")
    if len(text) > MOST_CHARACTERS:
        raise QueryError(
            f"the query has {len(text)} characters, {MOST_CHARACTERS} are the most",
            "search for a part of it",
        )
    if "\n" in text or "\r" in text:
        raise QueryError(
            "the query has more than one line, and a match is within one", "search for one of them"
        )
    control = next((n for n, each in enumerate(text, 1) if unicodedata.category(each) == "Cc"), 0)
    if control:
        raise QueryError(
            f"character {control} of the query is a control character",
            "no screen shows any; leave it out",
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise QueryError(
            f"the query is not UTF-8 at character {error.start + 1}", "type it anew"
        ) from error


def _compile(pattern: str, *, case: bool) -> re2._Regexp:
    options = re2.Options()
    options.case_sensitive = case
    options.log_errors = False
    options.max_mem = _MEMORY
    options.never_capture = True
    options.never_nl = True
    try:
        return re2.compile(pattern.encode(), options)
    except re2.error as error:
        raise _explained(pattern, error) from error


def _explained(pattern: str, error: re2.error) -> QueryError:
    """Turn RE2's words, ``reason: fragment``, into a place and a reason."""
    told = error.args[0] if error.args else ""
    words = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    reason, _, fragment = words.partition(": ")
    if "too large" in reason:
        return QueryError("the pattern is too large", "repeat less in it, or search for a part")
    place = pattern.find(fragment) if fragment else -1
    where = f" at character {place + 1}, {fragment!r}" if place >= 0 else ""
    if reason == "missing )" or (reason == "missing ]" and not where):
        where = " at its end"
    if fragment.startswith(("(?=", "(?!", "(?<")) or re.fullmatch(r"\\[1-9]", fragment):
        return QueryError(
            f"the pattern looks around or back{where}",
            "such patterns can take for ever and are not supported; write it without",
        )
    return QueryError(
        f"not a regular expression{where}: {reason}",
        "correct it, or leave out --regex to search for these characters",
    )


def _has_capital(query: Query) -> bool:
    text = _NOT_LITERAL.sub("", query.text) if query.regex else query.text
    return any(unicodedata.category(each) in {"Lu", "Lt"} for each in text)


def _is_part(data: bytes, start: int, end: int) -> bool:
    """Tell whether a letter, digit or underscore stands beside a match."""
    before = data[max(0, start - 4) : start].decode("utf-8", "ignore")[-1:]
    after = data[end : end + 4].decode("utf-8", "ignore")[:1]
    return _is_word(before) or _is_word(after)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
