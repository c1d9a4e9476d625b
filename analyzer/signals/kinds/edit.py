"""Whether a file that was written is what a pattern describes."""

from __future__ import annotations

import re

from analyzer.edits.record import FileEdit
from analyzer.records import Evidence
from analyzer.signals.expressions import Expressions, compiled
from analyzer.signals.found import DOUBT, KEPT_MOST, Match
from analyzer.signals.patterns import EditPattern, Outcome, Pattern
from analyzer.signals.schema import Rules
from recorder.recording.redaction import redact

_FROM_START = re.compile(r"(?:\(\?[a-z]+\))?\^")
"""Expressions that say what a line begins with, and so that it is no comment."""
_VERDICTS: dict[str, Outcome] = {"yes": "ok", "no": "failed", "unknown": "unknown"}


class EditMatcher:
    """One prepared edit pattern."""

    def __init__(self, pattern: Pattern, edit: EditPattern, rules: Rules) -> None:
        self._outcomes = frozenset(pattern.outcomes)
        self._via = frozenset(edit.via)
        self._file = compiled(edit.file, rules)
        self._added = compiled(edit.added, rules)
        self._removed = compiled(edit.removed, rules)
        self._from_start = [each for each in self._added if _FROM_START.match(each.pattern)]

    def match(self, edit: FileEdit) -> Match | None:
        """Return the edit if it is meant, and how it went."""
        outcome = self._outcome(edit)
        if self.obstacle(edit) is not None or outcome not in self._outcomes:
            return None
        lines = [
            *(f"+{line}" for line in _meant(self._added, _effective(edit))),
            *(f"-{line}" for line in _meant(self._removed, edit.removed)),
        ]
        text = redact(" ".join([edit.path, *lines]))[:KEPT_MOST]
        return Match(
            t=edit.t,
            start=edit.t,
            place=edit.id,
            outcome=outcome,
            confidence=edit.confidence * (DOUBT if outcome == "unknown" else 1.0),
            evidence=(
                Evidence(
                    kind="edit",
                    t=edit.t,
                    text=text,
                    connection=edit.connection,
                    channel=edit.channel,
                ),
            ),
            text=edit.path,
            program=edit.via,
        )

    def _outcome(self, edit: FileEdit) -> Outcome:
        """Return how it went; unknown where what is meant may have become part of a comment."""
        outcome = _VERDICTS[edit.saved]
        sure = set(edit.added).difference(edit.ends)
        told = all(any(map(each.search, sure)) for each in self._from_start)
        return outcome if told or outcome == "failed" else "unknown"

    def obstacle(self, edit: FileEdit) -> str | None:
        """Return the first key of the pattern that does not fit; None where all do."""
        if self._via and edit.via not in self._via:
            return "via"
        if self._file and not any(each.fullmatch(edit.path) for each in self._file):
            return "file"
        if not all(any(map(each.search, _effective(edit))) for each in self._added):
            return "added"
        if not all(any(map(each.search, edit.removed)) for each in self._removed):
            return "removed"
        return None


def _effective(edit: FileEdit) -> tuple[str, ...]:
    if not edit.idle:
        return edit.added
    return tuple(line for line in edit.added if line not in edit.idle)


def _meant(patterns: Expressions, lines: tuple[str, ...]) -> list[str]:
    return [line for line in lines if any(each.search(line) for each in patterns)]
