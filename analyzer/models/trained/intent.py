"""Intents: what a single command is for, whatever its program; for those that no rule knows.

Logistic regression over features that occur with more than one program, so that what is learnt is
what programs have in common. Features are `analyzer.models.line_features`'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from analyzer.models.artifact import Row
from analyzer.models.line_features import line_features
from analyzer.models.trained.kinds import Examples, Kind, Sources, Tell
from analyzer.models.trained.store import Estimator

LEAST_PROGRAMS = 2
"""Programs that a feature must occur with to be learnt from."""

_STRENGTH = 1.0
_STEPS = 400


def examples(sources: Sources, tell: Tell | None = None) -> Examples:
    """Return the labelled lines that ship; a session's judgements say nothing of single lines."""
    lines = tuple(sources.lines())
    rows = []
    for place, line in enumerate(lines):
        rows.append(line_features(line.text))
        if tell is not None:
            tell((place + 1) / len(lines))
    return Examples(
        rows=rows,
        words=[line.intent for line in lines],
        groups={"program": [line.program for line in lines]},
    )


def fit(found: Examples, seed: int) -> Estimator:
    """Train on lines."""
    rows = _shared(found.rows, found.groups["program"])
    model = make_pipeline(
        DictVectorizer(dtype=numpy.float32),
        LogisticRegression(C=_STRENGTH, max_iter=_STEPS, random_state=seed),
    )
    fitted: Estimator = model.fit(rows, list(found.words))
    return fitted


def _shared(rows: Sequence[Row], programs: Sequence[str]) -> list[Row]:
    """Return the rows without features that occur with too few programs."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for row, program in zip(rows, programs, strict=True):
        for name in row:
            seen[name].add(program)
    kept = {name for name, others in seen.items() if len(others) >= LEAST_PROGRAMS}
    return [{name: value for name, value in row.items() if name in kept} for row in rows]


def by_rules(_row: Row) -> str | None:
    """Return None: this is about commands of which rules know nothing."""
    return None


KIND = Kind(
    examples=examples,
    fit=fit,
    split_by=("program",),
    by_rules=by_rules,
    good_at="commands whose words say what they do: install, restart, --version, a path, a URL",
    bad_at="names that tell nothing without arguments, and programs that do many things",
)
