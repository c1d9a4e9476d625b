"""What signals are called and which questions they suggest, without reading what they look for.

A seat needs only that, and needs it soon: checking the shipped rules takes a quarter of a second,
and they were checked when they were shipped; of their file even the parser is given nothing else,
as the whole takes it 40 ms and these lines one. A team's file is checked all the same.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from analyzer.signals.places import rules_path, team_path


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalWords:
    """Titles and questions by the ids of the signals that hold here."""

    titles: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)


_TABLE = "[[signal]]"
_KEYS = ("id = ", "title = ", "question = ")


def _about_words(lines: Iterable[str]) -> Iterator[str]:
    """Yield the heads of signals and the lines below them that hold words, each on one line."""
    in_signal = False
    for line in lines:
        if line.startswith("["):
            in_signal = line.rstrip() == _TABLE
        if in_signal and line.startswith((_TABLE, *_KEYS)):
            yield line


def signal_words() -> SignalWords:
    """Return what the signals that hold here are called, and what they suggest to ask.

    Raises:
        RulesError: A team's file cannot be read, or something in it is wrong.

    """
    if team_path() is None:
        with rules_path().open(encoding="utf-8") as file:
            signals = tomllib.loads("".join(_about_words(file)))["signal"]
        return SignalWords(
            titles={each["id"]: each["title"] for each in signals},
            questions={each["id"]: each["question"] for each in signals},
        )
    from analyzer.signals.loader import active_rules  # noqa: PLC0415 - only a team's is checked

    rules = active_rules().signal
    return SignalWords(
        titles={each.id: each.title for each in rules},
        questions={each.id: each.question for each in rules},
    )
