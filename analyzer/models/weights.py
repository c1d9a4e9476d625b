"""A logistic regression over several words as plain numbers: scored without scikit-learn.

Whoever tells phases does so every few seconds, in a process beside each session; a library of
100 MB and two seconds would cost more than the analysis. Training is `trained/`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Row = Mapping[str, float]
"""Features by name; what is missing is 0."""


class Weights(BaseModel):
    """What each feature says for each word, as a logarithm.

    Attributes:
        words: What is told apart.
        intercepts: What speaks for each word beforehand.
        weights: By feature, what one of it adds for each word.

    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    words: tuple[str, ...] = Field(min_length=1)
    intercepts: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        lengths = {len(self.intercepts), *(len(each) for each in self.weights.values())}
        if lengths != {len(self.words)}:
            raise ValueError("there are not as many weights as words")
        return self

    def scores(self, row: Row) -> dict[str, float]:
        """Return the probability of each word."""
        sums = list(self.intercepts)
        for name, value in row.items():
            for place, weight in enumerate(self.weights.get(name, ())):
                sums[place] += weight * value
        highest = max(sums)
        shares = [exp(each - highest) for each in sums]
        total = sum(shares)
        return {word: share / total for word, share in zip(self.words, shares, strict=True)}
