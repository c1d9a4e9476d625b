"""What signals are called and which questions they suggest, without reading what they look for.

A seat needs only that, and needs it soon: checking the shipped rules takes a quarter of a second,
and they were checked when they were shipped. A team's file is checked all the same.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field

from analyzer.signals.places import rules_path, team_path


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalWords:
    """Titles and questions by the ids of the signals that hold here."""

    titles: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)


def signal_words() -> SignalWords:
    """Return what the signals that hold here are called, and what they suggest to ask.

    Raises:
        RulesError: A team's file cannot be read, or something in it is wrong.

    """
    if team_path() is None:
        with rules_path().open("rb") as file:
            signals = tomllib.load(file)["signal"]
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
