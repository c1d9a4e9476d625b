"""What `jumpseat commands|tags|phases --json` prints: the fields are a contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from analyzer.models.tasks import Tasks
from analyzer.records import Command, Phase, Tag, by_time


def commands_json(commands: Iterable[Command]) -> list[dict[str, Any]]:
    """Return what `jumpseat commands --json` prints; the fields are a contract."""
    return [
        {name: value for name, value in asdict(command).items() if name != "id"}
        for command in sorted(commands, key=by_time)
    ]


def tags_json(tags: Iterable[Tag], *, every: bool = False) -> list[dict[str, Any]]:
    """Return what `jumpseat tags --json` prints; with ``every`` it is what ``--all`` adds."""
    shown: list[dict[str, Any]] = []
    for tag in sorted(tags, key=by_time):
        if not every and tag.state != "established":
            continue
        fields = asdict(tag)
        fields["evidence"] = list(fields["evidence"])
        if not every:
            del fields["state"]
        shown.append(fields)
    return shown


def phases_json(phases: Iterable[Phase], tasks: Tasks | None) -> list[dict[str, Any]]:
    """Return what `jumpseat phases --json` prints.

    ``task`` is null where no tasks are known, ``activity`` where it is not told.
    """
    return [
        {
            "from": phase.start,
            "until": phase.until,
            "task": tasks.of(phase.topic) if tasks is not None else None,
            "activity": phase.activity or None,
            "confidence": phase.confidence,
        }
        for phase in phases
    ]
