"""Sessions that somebody played on a real server, with what a careful observer wrote of them.

A folder holds the terminals' recordings (``PANE.timing``, ``.in``, ``.out``, ``.start``) and a
``truth.json`` with ``phases`` (``from``, ``to``, ``task``) and ``signals``, in epoch seconds. What
is idle there gets the topic of the phase before it, as in made-up sessions. What kind of work it
was may stand in each phase (``activity``) or in a list of its own (``activities``); where it does
not, see `UNSAID`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, cast, get_args

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

IDLE: Activity = "idle"


class _Stretch(NamedTuple):
    start: float
    until: float
    word: str


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
        phases = _phases(truth, zero)
        troubles = tuple(_troubles(truth, zero, sure=True))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
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
    """Whether a folder's observer named the activity of everything that is not idle."""
    truth = json.loads((directory / "truth.json").read_text("utf-8"))
    if truth.get("activities"):
        return True
    return all("activity" in each for each in truth["phases"] if each["task"] != IDLE)


def doubtful(directory: Path) -> tuple[LabelledTrouble, ...]:
    """Return the stretches that the observer marked without being sure: not to be scored."""
    truth = json.loads((directory / "truth.json").read_text("utf-8"))
    zero = _zero(directory)
    return tuple(_troubles(truth, zero, sure=False))


def _zero(directory: Path) -> float:
    return min(float(each.read_text()) for each in directory.glob("*.start"))


def _phases(truth: dict[str, Any], zero: float) -> tuple[LabelledPhase, ...]:
    """Return topics and activities laid over each other, without gaps from the start on."""
    tasks = _stretches(truth["phases"], zero, "task")
    doings = _stretches(truth.get("activities") or truth["phases"], zero, "activity")
    times = sorted({0.0, *(each.start for each in (*tasks, *doings)), tasks[-1].until})
    found: list[LabelledPhase] = []
    before: Topic | None = None
    first: Topic = next((WORDS[each.word] for each in tasks if each.word != IDLE), "other")
    for start, until in pairwise(each for each in times if each <= tasks[-1].until):
        word = _word_at(tasks, start)
        topic = (before or first) if word == IDLE else WORDS[word]
        activity = IDLE if word == IDLE else _activity(_word_at(doings, start))
        before = topic
        begun = start
        if found and (found[-1].topic, found[-1].activity) == (topic, activity):
            begun = found.pop().start
        found.append(LabelledPhase(start=begun, until=until, topic=topic, activity=activity))
    return tuple(found)


def _stretches(entries: list[dict[str, Any]], zero: float, key: str) -> list[_Stretch]:
    """Return stretches in order; rounded, so that lists that change at one moment agree on it."""
    return sorted(
        _Stretch(
            max(0.0, round(float(each["from"]) - zero, 2)),
            round(float(each["to"]) - zero, 2),
            each.get(key, ""),
        )
        for each in entries
    )


def _word_at(stretches: list[_Stretch], t: float) -> str:
    """Return the word of the stretch that began last, or of the first."""
    begun = [each for each in stretches if each.start <= t]
    return (begun[-1] if begun else stretches[0]).word


def _activity(word: str) -> Activity:
    said = word.replace(" ", "-") or UNSAID
    if said not in ACTIVITIES:
        raise ValueError(f"{word!r} is no activity")
    return said


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
