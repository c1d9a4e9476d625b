"""What a command line is for: a word and how sure it is, or nothing, where no model is sure.

For people and programs that ask for it; no tag rests on it. Features and models lie elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.models.line_features import has_family, line_features
from analyzer.models.loading import load


@dataclass(frozen=True, slots=True)
class Offered:
    """An intent that a model offers, with its probability."""

    intent: str
    confidence: float


def intents_of(texts: Iterable[str]) -> list[Offered | None]:
    """Return for each command line what it is for; None where the model abstains or is missing."""
    rows = [line_features(text) for text in texts]
    found: list[Offered | None] = [None] * len(rows)
    for kind, wanted in (("intent", True), ("intent-by-words", False)):
        places = [i for i, row in enumerate(rows) if row and has_family(row) is wanted]
        model = load(kind) if places else None
        if model is None:
            continue
        answers = model.answers([rows[place] for place in places])
        for place, answer in zip(places, answers, strict=True):
            if answer is not None:
                found[place] = Offered(*answer)
    return found
