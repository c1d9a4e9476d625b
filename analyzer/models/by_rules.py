"""What turns of work are about, by tables and order alone: no trained model is needed.

Each turn gets weights for topics and for activities; the chain makes stretches of them. What time
without keys means is `pace.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analyzer.models.evidence import Told, mentioned, tables
from analyzer.models.turns import Turn
from analyzer.models.words import Activity, Topic

_KIND = 2.0
"""What a program, a written file or a tag says for an activity."""

_AGAIN = 1.0
"""What the second failure in a row of one program says for debugging."""

_AT_FIRST = 1.0
"""What it says for orientation that somebody has just come."""

_LINES = 40
"""Changed lines of a file that are read."""

_UPDATES_ARE_WORK = 0.5
"""Who brings the system up to date has not begun with the tasks, but no longer only looks."""

_SCOPE: tuple[Topic, ...] = ("orientation", "diagnosis")
"""Topics that are told by when they are, not by their programs alone."""

_CHANGING: tuple[Activity, ...] = ("installing", "configuring")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What speaks for a topic and for an activity in one turn, as logarithms."""

    topics: dict[Topic, float]
    activities: dict[Activity, float]


def weighed(turns: Sequence[Turn]) -> list[Weighed]:
    """Return what the rules say of each turn."""
    found: list[Weighed] = []
    done = 0.0
    failed: str | None = None
    begun: set[Topic] = set()
    for turn in turns:
        topics, activity = _topics(turn), _activity(turn)
        _lend(topics, begun)
        if activity in _CHANGING:
            done += _progress(topics)
        activity = _before_work(topics, activity, done)
        activities: dict[Activity, float] = {activity: _KIND} if activity else {}
        program = _program(turn)
        if turn.ran.command.outcome == "failed" and program:
            if failed == program:
                activities["debugging"] = activities.get("debugging", 0.0) + _AGAIN
            failed = program
        elif program == failed:
            failed = None
        if not found:
            topics["orientation"] = topics.get("orientation", 0.0) + _AT_FIRST
        found.append(Weighed(topics=topics, activities=activities))
    return found


def _topics(turn: Turn) -> dict[Topic, float]:
    """Return what words, program, files and tags of a turn say, the strongest of each topic."""
    known = tables()
    told = [turn.told, *([turn.within] if turn.within else [])]
    weights: dict[Topic, float] = {}
    for each in told:
        _raise_to(weights, each.weights.items())
    for edit in turn.edits:
        lines = "\n".join((edit.path, *edit.added[:_LINES], *edit.removed[:_LINES]))
        _raise_to(weights, mentioned(lines).items())
    for tag in turn.tags:
        topic = known.tag_topics.get(tag.topic)
        if topic is not None:
            _raise_to(weights, [(topic, known.tag_weight)])
    return weights


def _lend(topics: dict[Topic, float], begun: set[Topic]) -> None:
    """Let work on one topic count for those it serves as well, more so once these were begun."""
    known = tables()
    own = dict(topics)
    for topic, lent in known.lends.items():
        for other, share in lent.items():
            part = share if other in begun else share * known.lends_before
            _raise_to(topics, [(other, own.get(topic, 0.0) * part)])
    begun.update(topic for topic, weight in own.items() if weight >= _KIND)


def _raise_to(weights: dict[Topic, float], more: Iterable[tuple[Topic, float]]) -> None:
    for topic, weight in more:
        weights[topic] = max(weight, weights.get(topic, 0.0))


def _activity(turn: Turn) -> Activity | None:
    known = tables()
    if any(edit.via == "editor" or edit.saved == "yes" for edit in turn.edits):
        return "configuring"
    for tag in turn.tags:
        if (activity := known.tag_activities.get(tag.signal)) is not None:
            return activity
    told: Told = turn.told
    if told.activity is None and turn.within is not None:
        return turn.within.activity
    return told.activity


def _progress(topics: dict[Topic, float]) -> float:
    """Return how much of a beginning a turn makes that changes something."""
    strongest = max(topics.values(), default=0.0)
    if strongest < _KIND:
        return 0.0
    return _UPDATES_ARE_WORK if topics.get("updates", 0.0) == strongest else 1.0


def _before_work(
    topics: dict[Topic, float], activity: Activity | None, done: float
) -> Activity | None:
    """Weigh looking round by how much was done before; return the activity that it is then.

    Whoever looks at a service before anything was changed does not work on it yet, and what was
    not changed cannot be verified.
    """
    early = 1.0 / (1.0 + done)
    if done == 0 and activity in {"verifying", "debugging"}:
        activity = "looking-around"
    if activity == "looking-around":
        others = max((topics[t] for t in topics if t not in _SCOPE), default=0.0)
        for topic in topics:
            if topic not in _SCOPE:
                topics[topic] *= 1.0 - 0.6 * early
        topics["orientation"] = max(topics.get("orientation", 0.0), others + 0.8)
    if "orientation" in topics:
        topics["orientation"] *= early
    return activity


def _program(turn: Turn) -> str | None:
    simple = turn.ran.simple
    return simple[0].argv[0] if simple and simple[0].argv else None
