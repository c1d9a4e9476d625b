"""One pattern that was found: what a signal's rule is worked out with. Only values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from analyzer.records import Evidence
from analyzer.signals.logins import Login
from analyzer.signals.patterns import Outcome
from recorder.recording.redaction import redact

TEXT_MOST = 300
"""Characters of a text that evidence cites."""
KEPT_MOST = 4096
"""Characters that are kept of it until all secrets are hidden: half of one is not known as such."""
DOUBT = 0.7
"""What is left of the confidence where the outcome was not seen."""
INFERRED = 0.9
"""What is left of the confidence where a login is only known by what its client printed."""

RANK: dict[Outcome, int] = {"ok": 0, "unknown": 1, "failed": 2}
"""Which outcome says more for the thing having happened: the smaller one."""


@lru_cache(maxsize=256)
def cited(text: str) -> str:
    """Return a text for evidence, with the usual secrets hidden.

    Several patterns, one after the other, cite the same command.
    """
    return redact(text)[:KEPT_MOST]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a pattern found.

    Attributes:
        t: When it was established, in seconds since the session's start.
        start: When it began.
        place: Where it stands in the recording; the same however often it is looked at.
        index: Which command of its line it is, from 0.
        outcome: How it went.
        confidence: 0 to 1.
        evidence: What it rests on.
        text: What it was, for telling whether two are alike.
        program: What ran, likewise.
        until: When it ended, where it lasts.
        inferred: It rests on a login that nobody but the client saw.
        certain: What it rests on was observed whole; else its tag is undetermined.
        freely: It counts also where no `after` was seen.
        beside: For a login: what stayed open beside it.

    """

    t: float
    start: float
    place: str
    outcome: Outcome
    confidence: float
    evidence: tuple[Evidence, ...]
    index: int = 0
    text: str = ""
    program: str = ""
    until: float | None = None
    inferred: bool = False
    certain: bool = True
    freely: bool = False
    beside: Login | None = None


def better(first: Match | None, second: Match) -> Match:
    """Return the match that says more; the first of equals."""
    if first is None or RANK[second.outcome] < RANK[first.outcome]:
        return second
    return first
