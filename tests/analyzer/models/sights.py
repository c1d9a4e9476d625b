"""Sessions as models see them, put together by hand."""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.models.linear import Linear
from analyzer.models.observed import Observed, Ran
from analyzer.records import Command, Outcome
from analyzer.shell import parse


def ran(
    t: float,
    text: str,
    outcome: Outcome = "ok",
    *said: str,
    duration: float | None = 1.0,
) -> Ran:
    """Return a command that ran."""
    command = Command(
        id=f"c1-1-{t:09.3f}-{text[:8]}",
        kind="command",
        connection=1,
        channel=1,
        t=t,
        duration=duration,
        user="candidate",
        host="web01",
        cwd="~",
        text=text,
        source="typed",
        confidence=1.0,
        outcome=outcome,
        exit_status=None,
        depth=0,
    )
    return Ran(command=command, simple=parse(text), said=said, opened=False)


def observed(commands: Iterable[Ran]) -> Observed:
    """Return what is known where these commands ran."""
    found = Observed()
    for each in commands:
        found.ran[each.command.id] = each
        found.now = max(found.now, each.command.t)
    return found


def by_failures(high: float = 0.6, low: float = 0.3) -> Linear:
    """Return a model that believes in a stuck from the failures of six minutes on."""
    return Linear(
        names=("failed-6", "edits-6", "progress-age", "reads-6"),
        means=(0.0, 0.5, 2.0, 0.0),
        scales=(1.0, 1.0, 4.0, 1.0),
        weights=(4.0, -1.0, 0.5, 0.2),
        intercept=-4.5,
        high=high,
        low=low,
    )
