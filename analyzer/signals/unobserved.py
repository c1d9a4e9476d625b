"""What a recording could not show: signals that rest only on things of which it holds none.

Logins and probes are seen by a jump host; another tool's recording may have neither. That a signal
did not fire says nothing then, so it is told as undetermined.
"""

from __future__ import annotations

from analyzer.signals.found import Match
from analyzer.signals.kinds.moments import stretch_searched
from analyzer.signals.schema import Rules, Signal, expanded

_BY_OTHERS = frozenset({"login", "probe"})
"""Kinds that only somebody beside the terminal can see."""


def needed(rules: Rules, signal: Signal) -> frozenset[str]:
    """Return the kinds of a signal's `when`, where all are such as may be unseen; else none."""
    kinds = frozenset(each.kinds()[0] for each in expanded(rules, signal.when))
    return kinds if kinds <= _BY_OTHERS else frozenset()


def undetermined(kinds: frozenset[str], end: float) -> Match:
    """Return what stands for all that was not seen, up to the end of the recording."""
    words = f"nobody looked for what it rests on ({' and '.join(sorted(kinds))})"
    return Match(
        t=end,
        start=0.0,
        place="unobserved",
        outcome="unknown",
        confidence=0.5,
        evidence=(stretch_searched(words, 0.0, end),),
        certain=False,
    )
