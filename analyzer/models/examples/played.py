"""Sessions that somebody played on a real server, with what a careful observer wrote of them.

A folder holds the terminals' recordings (``PANE.timing``, ``.in``, ``.out``, ``.start``) and a
``truth.json`` with ``phases`` and ``signals``, in epoch seconds. What is idle there gets the topic
of the phase before it, as in made-up sessions; what kind of work a phase was, the observer of the
shipped format's folders did not say: only an ``activity`` that is named counts, see `UNSAID`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast, get_args

from analyzer.models.labels import LabelledPhase, LabelledSession, LabelledTrouble
from analyzer.models.words import ACTIVITIES, TOPICS, Activity, Topic, Trouble
from recorder.errors import RecordingError
from recorder.formats.flaws import Flaws
from recorder.formats.recorded import Wishes, looked_at
from recorder.recording.reader import RecordingReader

WORDS: dict[str, Topic] = {
    **{topic: topic for topic in TOPICS},
    "password": "credentials",
    "node": "ghost",
    "apache": "web",
    "nginx": "web",
    "debugging": "diagnosis",
    "off-task": "other",
}
"""Words of a truth.json, and the topic that each means; a word that is not here is an error."""

IDLE = "idle"

UNSAID: Activity = "looking-around"
"""Stands as the activity of phases whose observer named none: such phases have no truth there."""


def read_truth(directory: Path) -> LabelledSession:
    """Return a played session with its truth; times are seconds since its earliest terminal began.

    Raises:
        RecordingError: The folder holds no such session, or its truth.json is not as it should be.

    """
    try:
        truth = json.loads((directory / "truth.json").read_text("utf-8"))
        zero = _zero(directory)
    except (OSError, ValueError, RecursionError) as error:
        raise _unusable(directory, str(error)) from error
    try:
        phases = _gapless(_phases(truth, zero))
        troubles = tuple(_troubles(truth, zero, sure=True))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unusable(directory, f"truth.json: {error!r}") from error
    with looked_at(directory, Flaws(), Wishes()) as recording:
        reader = RecordingReader(recording)
        with reader:
            happenings = tuple(reader.read())
    return LabelledSession(
        name=directory.name,
        groups={"persona": str(truth.get("candidate", directory.name)), "family": directory.name},
        origin="played",
        happenings=happenings,
        phases=phases,
        troubles=troubles,
    )


def has_activities(directory: Path) -> bool:
    """Whether a folder's observer named the activity of every phase that is not idle."""
    truth = json.loads((directory / "truth.json").read_text("utf-8"))
    return all("activity" in each for each in truth["phases"] if each["task"] != IDLE)


def doubtful(directory: Path) -> tuple[LabelledTrouble, ...]:
    """Return the stretches that the observer marked without being sure: not to be scored."""
    truth = json.loads((directory / "truth.json").read_text("utf-8"))
    zero = _zero(directory)
    return tuple(_troubles(truth, zero, sure=False))


def _zero(directory: Path) -> float:
    return min(float(each.read_text()) for each in directory.glob("*.start"))


def _phases(truth: dict[str, Any], zero: float) -> Iterator[LabelledPhase]:
    before: Topic | None = None
    entries = sorted(truth["phases"], key=lambda each: float(each["from"]))
    topics = [WORDS[each["task"]] for each in entries if each["task"] != IDLE]
    first: Topic = topics[0] if topics else "other"
    for each in entries:
        word = each["task"]
        topic: Topic = (before or first) if word == IDLE else WORDS[word]
        said = "idle" if word == IDLE else each.get("activity", UNSAID)
        if said not in ACTIVITIES:
            raise ValueError(f"{said!r} is no activity")
        yield LabelledPhase(
            start=max(0.0, float(each["from"]) - zero),
            until=float(each["to"]) - zero,
            topic=topic,
            activity=cast("Activity", said),
        )
        before = topic


def _gapless(phases: Iterator[LabelledPhase]) -> tuple[LabelledPhase, ...]:
    """Let each phase last until the next begins, and the first begin with the session."""
    found = list(phases)
    for number, phase in enumerate(found):
        until = found[number + 1].start if number + 1 < len(found) else phase.until
        start = 0.0 if number == 0 else phase.start
        found[number] = LabelledPhase(
            start=start, until=until, topic=phase.topic, activity=phase.activity
        )
    return tuple(each for each in found if each.until > each.start)


def _troubles(truth: dict[str, Any], zero: float, *, sure: bool) -> Iterator[LabelledTrouble]:
    known: tuple[str, ...] = get_args(Trouble)
    for each in sorted(truth.get("signals") or (), key=lambda each: float(each["at"])):
        if each["id"] not in known or _is_sure(each) is not sure:
            continue
        if (span := _span(each)) is not None:
            yield LabelledTrouble(
                kind=cast("Trouble", each["id"]), start=span[0] - zero, until=span[1] - zero
            )


def _is_sure(entry: dict[str, Any]) -> bool:
    """Whether the observer was sure; one says so in a flag, another in words."""
    flags = any(entry.get(key) for key in ("optional", "borderline", "ambiguous"))
    return not flags and "debatable" not in str(entry.get("confidence", ""))


def _span(entry: dict[str, Any]) -> tuple[float, float] | None:
    if "from" in entry:
        return float(entry["from"]), float(entry["to"])
    if "span" in entry:
        first, last = entry["span"]
        return float(first), float(last)
    return None


def _unusable(directory: Path, why: str) -> RecordingError:
    return RecordingError(
        f"{directory} is no played session ({why})",
        "it needs terminals with PANE.start beside them, and a truth.json with phases",
    )
