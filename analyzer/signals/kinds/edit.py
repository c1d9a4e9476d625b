"""Whether a file that was written is what a pattern describes."""

from __future__ import annotations

from analyzer.edits.record import FileEdit
from analyzer.records import Evidence
from analyzer.signals.expressions import Expressions, compiled
from analyzer.signals.found import DOUBT, TEXT_MOST, Match
from analyzer.signals.patterns import EditPattern, Outcome, Pattern
from analyzer.signals.schema import Rules
from recorder.recording.redaction import redact

_VERDICTS: dict[str, Outcome] = {"yes": "ok", "no": "failed", "unknown": "unknown"}


class EditMatcher:
    """One prepared edit pattern."""

    def __init__(self, pattern: Pattern, edit: EditPattern, rules: Rules) -> None:
        self._outcomes = frozenset(pattern.outcomes)
        self._via = frozenset(edit.via)
        self._file = compiled(edit.file, rules)
        self._added = compiled(edit.added, rules)
        self._removed = compiled(edit.removed, rules)

    def match(self, edit: FileEdit) -> Match | None:
        """Return the edit if it is meant, and how it went."""
        outcome = _VERDICTS[edit.saved]
        if self.obstacle(edit) is not None or outcome not in self._outcomes:
            return None
        lines = [
            *(f"+{line}" for line in _meant(self._added, edit.added)),
            *(f"-{line}" for line in _meant(self._removed, edit.removed)),
        ]
        text = redact(" ".join([edit.path, *lines]))[:TEXT_MOST]
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

    def obstacle(self, edit: FileEdit) -> str | None:
        """Return the first key of the pattern that does not fit; None where all do."""
        if self._via and edit.via not in self._via:
            return "via"
        if self._file and not any(each.fullmatch(edit.path) for each in self._file):
            return "file"
        if not all(any(map(each.search, edit.added)) for each in self._added):
            return "added"
        if not all(any(map(each.search, edit.removed)) for each in self._removed):
            return "removed"
        return None


def _meant(patterns: Expressions, lines: tuple[str, ...]) -> list[str]:
    return [line for line in lines if any(each.search(line) for each in patterns)]
