"""How failures hang together: one act again and again, one program, one try after the other.

A failure alone is everyday; that tries go on tells trouble. Single commands are `glance`'s to tell
of, and when a task last got further is `windows`' to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analyzer.models.glance import Glance, alike

MIDDLE = 360.0
"""Seconds in which what led to a moment lies."""
_LIKE = 16
"""Earlier commands that one is compared with."""
_LONGEST = 15.0
"""Minutes that a stretch counts at most."""

Likes = Sequence[Glance | None]
"""For each command the last of those before it that was nearly the same."""


def likes_of(glances: tuple[Glance, ...]) -> list[Glance | None]:
    """Return for each command the last of those before it that was nearly the same."""
    found: list[Glance | None] = []
    for index, each in enumerate(glances):
        before = glances[max(0, index - _LIKE) : index]
        like = (other for other in reversed(before) if alike(each, other)) if each.work else ()
        found.append(next(iter(like), None))
    return found


def struggles(
    t: float, glances: tuple[Glance, ...], likes: Likes, progress: float
) -> dict[str, float]:
    """Return the facts.

    Args:
        t: The moment of the look, in seconds since the session's start, as all times here.
        glances: The commands up to it, in order.
        likes: Those that are like them.
        progress: When something last got further.

    """
    failed = [each for each in glances if each.failed and each.work and not each.slip]
    repeats = [
        each
        for each, like in zip(glances, likes, strict=True)
        if like is not None and each.work and each.t > t - MIDDLE
    ]
    return {
        "failed-age": min(_LONGEST, (t - failed[-1].t) / 60) if failed else _LONGEST,
        "repeats": len(repeats),
        "repeats-failed": sum(each.failed for each in repeats),
        **_of_one_program(failed),
        **_tries([each for each in failed if each.t > progress]),
    }


def _of_one_program(failed: Sequence[Glance]) -> dict[str, float]:
    programs = Counter(each.program for each in failed)
    worst, times = programs.most_common(1)[0] if programs else ("", 0)
    mine = [each.t for each in failed if each.program == worst]
    return {"program-failed": times, "program-failed-span": _span(mine)}


def _tries(failed: Sequence[Glance]) -> dict[str, float]:
    """Tell of tries that failed since the last progress: how many, how many that differ."""
    return {
        "failing-span": _span([each.t for each in failed]),
        "failed-since-progress": len(failed),
        "tries-since-progress": len({each.text for each in failed}),
    }


def _span(moments: Sequence[float]) -> float:
    """Return the minutes from the first to the last moment."""
    return min(_LONGEST, (moments[-1] - moments[0]) / 60) if moments else 0.0
