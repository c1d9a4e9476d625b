"""Says which of very many expressions may match a line: all are asked at once, in one automaton.

RE2 does not know all of Python's expressions. Where it lacks only a condition on what stands around
(``(?!...)`` and the like), it is asked without that, and Python then says the last word. What an
expression is for does not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import re2

from analyzer.signals.expressions import expression

_CLASS = re.compile(r"\\[wWsSdD]")
"""What RE2 takes for ASCII only, and Python for all letters."""
_ALSO_I = ("\u0130", "\u0131")
"""Without case, an i for Python and not for RE2; with a dot, and without one."""
_FOLDS = re.compile(r"\(\?[a-z-]*i")
_AROUND = ("(?=", "(?!", "(?<=", "(?<!")
_FOREIGN = re.compile(r"\(\?[a-zA-Z]*(?:x|-[a-z]*m)")
"""Flags with which an expression cannot be cut up, or would not be held against each line."""
_UP_TO = re.compile(r"\{,\d*\}")
"""From none on, for Python; for RE2 these characters."""
_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[=!]|.", re.DOTALL)
_QUANTIFIERS = ("*", "+", "?", "{")
_BEYOND = r"[\x{80}-\x{10ffff}]"


class Sieve:
    """Many expressions, each known by its position; what it says misses none that matches.

    Attributes:
        broad: Positions of those that it cannot tell for a line: they match nearly all of them, or
            RE2 knows nothing like them. Whoever asks for one has to try it.

    """

    def __init__(self, sources: Iterable[str]) -> None:
        self._set = re2.Set.SearchSet(_options())
        self._added: list[tuple[int, str, bool]] = []
        """Position, expression, and whether RE2 was given a wider one."""
        self._beyond = re2.Set.SearchSet(_options())
        """As ``_set``, for lines that are not all ASCII; Python has the last word on all of it."""
        self.broad: set[int] = set()
        for index, source in enumerate(sources):
            wider = widened(source)
            if wider is None:
                self.broad.add(index)
                continue
            self._set.Add(f"(?m:{wider})")
            self._added.append((index, source, wider != source))
            self._beyond.Add(f"(?m:{_beyond_ascii(wider)})")
        if self._added:
            self._set.Compile()
            self._beyond.Compile()

    def silent(self, lines: list[str]) -> bool:
        """Whether surely none matches in any of some lines, those that are broad apart."""
        return not self._asked("\n".join(lines))

    def sift(self, line: str) -> set[int]:
        """Return the positions of those that match a line, those that are broad apart."""
        found: set[int] = set()
        plain = line.isascii()
        for number in self._asked(line):
            index, source, is_wider = self._added[number]
            if (plain and not is_wider) or expression(source).search(line):
                found.add(index)
        return found

    def _asked(self, text: str) -> Sequence[int]:
        """Return what may match, by position in ``_added``."""
        if not self._added:
            return []
        if any(letter in text for letter in _ALSO_I):
            return range(len(self._added))
        # RE2 says None where nothing matches.
        return (self._set if text.isascii() else self._beyond).Match(text) or []


@lru_cache(maxsize=16_384)
def widened(source: str) -> str | None:
    """Return an expression of RE2's that matches, with ``m``, in any line that this one matches in.

    It is None where there is none, or none but such as match an empty line and so all others.
    """
    wider = _without_conditions(source)
    if wider is None:
        return None
    try:
        pattern = re2.compile(f"(?m:{wider})", _options())
    except re2.error:
        return None
    return wider if pattern.search("") is None else None


def _without_conditions(source: str) -> str | None:
    """Leave out all conditions on what stands around; None where that cannot be done."""
    if _FOREIGN.search(source) or _UP_TO.search(source):
        return None
    kept: list[str] = []
    left_out = 0
    for part in _PART.findall(source):
        if left_out:
            left_out += part.startswith("(") - (part == ")")
            if not left_out:
                kept.append("")
        elif part in _AROUND:
            left_out = 1
        elif kept and not kept[-1] and part in _QUANTIFIERS:
            return None
        else:
            kept.append({r"\A": "^", r"\Z": "$"}.get(part, part))
    return "".join(kept)


def _beyond_ascii(source: str) -> str:
    """Return an expression that takes what is not ASCII for a part of any class.

    RE2 takes it for a part of none; a border of words may then be anywhere.
    """
    if _FOLDS.search(source) and not source.isascii():
        # Which letters are one in both cases is not the same for both.
        return ""
    kept: list[str] = []
    for part in _PART.findall(source):
        if _CLASS.search(part):
            kept.append(f"(?:{part}|{_BEYOND})")
        else:
            kept.append("(?:)" if part in {r"\b", r"\B"} else part)
    return "".join(kept)


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options
