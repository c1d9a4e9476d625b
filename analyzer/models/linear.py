"""A calibrated logistic regression as plain numbers: scored without scikit-learn.

A follower scores two windows a minute; loading a library of 100 MB for that would cost more than
the analysis. Training is `analyzer.models.trained.trouble`'s, which writes these numbers down.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

NEVER = 1.1
"""A threshold that no probability reaches."""

Row = Mapping[str, float]
"""Features by name; what is missing is 0."""


class Linear(BaseModel):
    """A weight for each feature, and what makes a probability of their sum.

    Attributes:
        names: The features, in the order of the three lists that follow.
        means: What a feature usually is.
        scales: How far it usually lies from that; above 0.
        weights: What one scale more of it adds.
        intercept: The log odds where all is as usual.
        high: From this probability on something is said.
        low: Below this it is over. Between the two nothing new is said: the band of abstaining.

    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    names: tuple[str, ...] = Field(min_length=1)
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    high: float = Field(gt=0, le=NEVER)
    low: float = Field(gt=0, le=NEVER)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not len(self.names) == len(self.means) == len(self.scales) == len(self.weights):
            raise ValueError("there are not as many weights as names")
        if min(self.scales) <= 0:
            raise ValueError("a scale must be above 0")
        if self.low > self.high:
            raise ValueError("low must not be above high")
        return self

    def parts(self, row: Row) -> dict[str, float]:
        """Return what each feature adds to the log odds, compared with what it usually is."""
        return {
            name: weight * (row.get(name, 0.0) - mean) / scale
            for name, mean, scale, weight in zip(
                self.names, self.means, self.scales, self.weights, strict=True
            )
        }

    def probability(self, row: Row) -> float:
        """Return the calibrated probability of a row, 0 to 1."""
        odds = sum(self.parts(row).values()) + self.intercept
        return 1 / (1 + exp(-max(-40.0, min(40.0, odds))))
