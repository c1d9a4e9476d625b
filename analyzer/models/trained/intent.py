"""Intents: what a single command is for, whatever its program; two kinds of models.

One for programs of which a table knows the family, one for those of which nothing is known but
their words: it is right much less often, and has thresholds and figures of its own. Both learn
only from features that occur with more than one program: what programs have in common.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from analyzer.models.artifact import Row
from analyzer.models.intents import Intent
from analyzer.models.line_features import (
    NAME,
    PART,
    fields_of,
    has_family,
    line_features,
    without_family,
)
from analyzer.models.trained.kinds import Examples, Kind, Sources, Tell, shared
from analyzer.models.trained.store import Estimator

LEAST_PROGRAMS = 2
"""Programs that a feature must occur with to be learnt from."""

_STRENGTH = 1.0
_STEPS = 400

_FIELDS: dict[str, Intent] = {
    "containers": "container-work",
    "database": "database-work",
    "editing": "edit-file",
    "files": "file-management",
    "logins": "keys-and-login",
    "machine": "look-at-system",
    "manual": "help",
    "network": "network-check",
    "packages": "install-package",
    "people": "user-and-rights",
    "processes": "process-control",
    "programs": "script-and-build",
    "services": "manage-service",
    "shell": "shell-session",
    "text": "read-file",
    "transfer": "archive-and-transfer",
    "version control": "version-control",
}
"""What each field of the table is for most likely: what can be said without a model."""


def _examples(sources: Sources, tell: Tell | None, row_of: Callable[[Row], Row | None]) -> Examples:
    """Return the labelled lines that ship; judgements of sessions say nothing of single lines."""
    lines = tuple(sources.lines())
    rows, kept = [], []
    for place, line in enumerate(lines):
        row = row_of(line_features(line.text))
        if row:
            rows.append(row)
            kept.append(line)
        if tell is not None:
            tell((place + 1) / len(lines))
    return Examples(
        rows=rows,
        words=[line.intent for line in kept],
        groups={"program": [line.program for line in kept]},
    )


def by_family(sources: Sources, tell: Tell | None) -> Examples:
    """Return the lines of programs whose family is known; their names' parts only mislead."""
    return _examples(
        sources, tell, lambda row: _less(row, (NAME, PART)) if has_family(row) else None
    )


def by_words(sources: Sources, tell: Tell | None) -> Examples:
    """Return all lines as if no program's family were known."""
    return _examples(sources, tell, lambda row: _less(without_family(row), (NAME,)))


def _less(row: Row, beginnings: tuple[str, ...]) -> Row:
    return {name: value for name, value in row.items() if not name.startswith(beginnings)}


def fit(found: Examples, seed: int) -> Estimator:
    """Train on lines."""
    rows = shared(found.rows, found.groups["program"], LEAST_PROGRAMS)
    model = make_pipeline(
        DictVectorizer(dtype=numpy.float32),
        LogisticRegression(C=_STRENGTH, max_iter=_STEPS, random_state=seed),
    )
    fitted: Estimator = model.fit(rows, list(found.words))
    return fitted


def _by_field(row: Row) -> str | None:
    return next((_FIELDS[field] for field in fields_of(row) if field in _FIELDS), None)


def _nothing(_row: Row) -> str | None:
    return None


FAMILY_KIND = Kind(
    examples=by_family,
    fit=fit,
    split_by=("program",),
    judged=False,
    by_rules=_by_field,
    good_at="programs that it never saw, if the table of families holds them",
    bad_at="programs that do many things, and commands that run others (find -exec, xargs)",
)

WORDS_KIND = Kind(
    examples=by_words,
    fit=fit,
    split_by=("program",),
    judged=False,
    by_rules=_nothing,
    good_at="words that say what they do: --help, install, restart, a path, a URL",
    bad_at="nearly all else: a name by itself tells little, and it is mostly silent",
)
