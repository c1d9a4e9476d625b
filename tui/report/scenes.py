"""Which moments are worth a picture: those that people pointed at first, then what stands out.

A picture is for readers who have no replay, on paper or without the player. Drawing belongs
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.report.screens import Screens
from tui.report.values import Command, Judged, Scene, Topic

MOST = 12
"""Pictures in one report."""

_SAME = 15.0
"""Seconds within which two moments of one terminal are one scene."""

_LONGEST = 10.0
"""Seconds of a command that are waited for until it is looked at."""

_DRAWN = 0.05
"""Seconds after a moment: what it caused is drawn by then."""


@dataclass(frozen=True, slots=True)
class _Found:
    rank: int
    scene: Scene


def scenes_of(topics: Sequence[Topic], judged: Judged, screens: Screens) -> tuple[Scene, ...]:
    """Return the scenes of a team's report, in order of time."""
    found = [*_pointed_at(judged), *_standing_out(topics)]
    chosen: list[Scene] = []
    for each in sorted(found, key=lambda one: (one.rank, one.scene.t)):
        scene = each.scene
        known = scene.terminal in screens.names
        if known and not any(_is_same(scene, other) for other in chosen):
            chosen.append(scene)
        if len(chosen) == MOST:
            break
    return tuple(sorted(chosen, key=lambda scene: scene.t))


def spread_scenes(commands: Sequence[Command]) -> tuple[Scene, ...]:
    """Return as many scenes as there may be, spread evenly over what was run."""
    if not commands:
        return ()
    count = min(MOST, len(commands))
    picked = [commands[(2 * n + 1) * len(commands) // (2 * count)] for n in range(count)]
    return tuple(
        Scene(t=just_after(each), terminal=each.terminal, caption=each.text, why="command")
        for each in picked
    )


def just_after(command: Command) -> float:
    """Return when to look at what a command did, in seconds since the session's start."""
    return command.t + min(command.duration or 1.0, _LONGEST)


def _pointed_at(judged: Judged) -> Iterator[_Found]:
    for competency in judged.competencies:
        for rating in competency.ratings:
            for piece in rating.evidence:
                if piece.terminal is not None:
                    caption = piece.text or competency.title
                    why = f"{competency.title}: {rating.who}"
                    # Where raters differ most is looked at first.
                    rank = -(competency.spread or 0) - 1
                    scene = Scene(
                        t=piece.t + _DRAWN, terminal=piece.terminal, caption=caption, why=why
                    )
                    yield _Found(rank, scene)


def _standing_out(topics: Sequence[Topic]) -> Iterator[_Found]:
    for topic in topics:
        for number, seen in enumerate(topic.seen):
            if seen.terminal is None:
                continue
            # One of each topic, then failures, then the others.
            rank = 1 if number == 0 else 2 if seen.outcome == "failed" else 3
            scene = Scene(
                t=seen.t + _DRAWN, terminal=seen.terminal, caption=seen.title, why=topic.title
            )
            yield _Found(rank, scene)


def _is_same(one: Scene, other: Scene) -> bool:
    return one.terminal == other.terminal and abs(one.t - other.t) < _SAME
