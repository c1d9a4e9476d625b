"""Examples to learn from, out of what people said of an installation's own sessions.

A person judges tags and stretches, not whole sessions: outside of what they spoke of nothing is
known, and nothing is claimed. Read when a person asks for training, and never else. No feature and
no model belongs here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from sqlalchemy import Engine

from analyzer.judgements import Judgement, judgements_of, sessions_judged, standing
from analyzer.models.labels import LabelledPhase, LabelledSession, LabelledTrouble
from analyzer.models.words import ACTIVITIES, TOPICS, Trouble
from recorder.home import Home
from recorder.recording.events import AnyEvent
from recorder.recording.reader import RecordingReader, is_locked

BEFORE = 120.0
"""Seconds before a tag's moment that it is about: the window in which trouble is looked for."""

_TROUBLES = frozenset(("stuck", "rabbit-hole"))


def confirmed_examples(engine: Engine, home: Home) -> Iterator[LabelledSession]:
    """Yield the sessions of which people said something that models learn from, by their ids.

    A tag's stretch is from `BEFORE` the moment at which it was established to its end. Confirmed,
    it is the trouble that it says; rejected, it is refuted; called another trouble, it is both. A
    stretch that a person named is what they called it. Judgements whose tag is gone count like all
    others. Sessions that are live, or whose recording is gone, are left out.

    Raises:
        StoreError: The store cannot be read.
        RecordingError: A recording cannot be read.

    """
    for session in sessions_judged(engine):
        directory = home.recording(session)
        if not directory.is_dir() or is_locked(directory):
            continue
        said = standing(judgements_of(engine, session))
        troubles, refuted, phases = _troubles(said), _refuted(said), _phases(said)
        if troubles or refuted or phases:
            yield LabelledSession(
                name=session,
                groups={"session": session},
                origin="confirmed",
                happenings=_events(directory),
                phases=phases,
                troubles=troubles,
                refuted=refuted,
                whole=False,
            )


def _events(directory: Path) -> tuple[AnyEvent, ...]:
    with RecordingReader(directory) as reader:
        return tuple(reader.read())


def _troubles(said: Iterable[Judgement]) -> tuple[LabelledTrouble, ...]:
    found = []
    for each in said:
        named = each.signal if each.verdict == "confirmed" else each.label
        if named in _TROUBLES:
            found.append(_trouble(cast("Trouble", named), each))
    return tuple(sorted(found, key=_start))


def _refuted(said: Iterable[Judgement]) -> tuple[LabelledTrouble, ...]:
    found = [
        _trouble(cast("Trouble", each.signal), each)
        for each in said
        if each.signal in _TROUBLES and each.verdict in {"rejected", "relabelled"}
    ]
    return tuple(sorted(found, key=_start))


def _trouble(kind: Trouble, judgement: Judgement) -> LabelledTrouble:
    until = judgement.start if judgement.until is None else judgement.until
    # What a tag says of its moment it says of what came before; a stretch is as somebody named it.
    start = judgement.start - (0.0 if judgement.tag is None else BEFORE)
    return LabelledTrouble(kind=kind, start=max(0.0, start), until=until)


def _phases(said: Iterable[Judgement]) -> tuple[LabelledPhase, ...]:
    """Return the stretches that were named; where they overlap, what was said later counts."""
    found: list[LabelledPhase] = []
    for each in sorted(said, key=lambda judgement: judgement.number):
        topic, _, activity = (each.label or "").partition("/")
        if each.tag is not None or each.until is None:
            continue
        if topic in TOPICS and activity in ACTIVITIES:
            named = LabelledPhase(
                start=each.start,
                until=each.until,
                topic=topic,
                activity=activity,
            )
            found = [*_without(found, each.start, each.until), named]
    return tuple(sorted(found, key=_start))


def _without(phases: Iterable[LabelledPhase], start: float, until: float) -> list[LabelledPhase]:
    """Return phases with a stretch cut out of them."""
    left = []
    for each in phases:
        for begins, ends in (
            (each.start, min(each.until, start)),
            (max(each.start, until), each.until),
        ):
            if begins < ends:
                left.append(
                    LabelledPhase(
                        start=begins, until=ends, topic=each.topic, activity=each.activity
                    )
                )
    return left


def _start(stretch: LabelledTrouble | LabelledPhase) -> float:
    return stretch.start
