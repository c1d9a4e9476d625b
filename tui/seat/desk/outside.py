"""What probes saw, in an interviewer's words, and whether it is an alarm.

A probe that looks for words on a page means that the page must stay up: anything else is an alarm.
Of the others only that something stopped answering is one; most of them are watched out of
curiosity. Nothing of drawing belongs here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analyzer.visible import plain
from recorder.exercise.schema import Exercise, HttpProbe
from recorder.recording.journal import Probe as ProbeEntry
from recorder.recording.journal import ProbingStopped
from tui.seat.desk.history import History
from tui.seat.desk.values import Probe

_SUCCESS = range(200, 300)
_REDIRECTS = range(300, 400)
_UNAUTHORIZED = 401
_ERRORS = range(500, 600)
_LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look told, since when it is so; whether anything answers, or ever did."""

    words: str
    since: float
    good: bool
    answers: bool
    ever: bool
    detail: str = ""


def seen_of(entry: ProbeEntry, before: Seen | None) -> Seen:
    """Return what a look tells; ``since`` is that of the look before where it told the same."""
    ever = entry.outcome == "answered" or (before is not None and before.ever)
    if entry.outcome != "answered":
        words, good = _silent(entry, ever=ever), False
    else:
        words, good = _http(entry) if entry.kind == "http" else _logins(entry)
    same = before is not None and (before.words, before.good) == (words, good)
    return Seen(
        words=words,
        since=before.since if before is not None and same else entry.t,
        good=good,
        answers=entry.outcome == "answered",
        ever=ever,
        detail=_detail(entry),
    )


def _detail(entry: ProbeEntry) -> str:
    why = None if entry.outcome == "answered" else _SILENT.get(entry.outcome, entry.outcome)
    parts = [entry.place, entry.server and f"by {entry.server}", why, entry.cause]
    return plain(" · ".join(part for part in parts if part))[:_LONGEST]


def _http(entry: ProbeEntry) -> tuple[str, bool]:
    """Return what to call it, and whether the page is there as it should be."""
    status = entry.status or 0
    if status == _UNAUTHORIZED:
        asked = plain(", ".join(entry.auth or ()))[:_LONGEST]
        return f"asks for a password ({asked})" if asked else "asks for a password", False
    if status in _REDIRECTS:
        return f"leads to {plain(entry.location or 'elsewhere')[:_LONGEST]}", False
    if status in _ERRORS:
        return f"error {status}", False
    if entry.contains is False:
        return "another page" if status in _SUCCESS else f"another page ({status})", False
    return ("answers" if status in _SUCCESS else f"answers {status}"), status in _SUCCESS


def _silent(entry: ProbeEntry, *, ever: bool) -> str:
    """Return what to call it that nothing answers: what never did is not down."""
    if ever and entry.outcome != "broken":
        return "down"
    return _SILENT.get(entry.outcome, entry.outcome)


_SILENT = {
    "refused": "nothing listens",
    "timeout": "no answer",
    "unreachable": "unreachable",
    "broken": "broken answer",
}


def _logins(entry: ProbeEntry) -> tuple[str, bool]:
    offered = plain(", ".join(entry.methods or ()))[:_LONGEST]
    return f"offers {offered}" if offered else "offers no login", True


def probes_at(
    plan: Exercise | None,
    histories: Mapping[str, History[Seen]],
    stopped: ProbingStopped | None,
    t: float,
) -> tuple[Probe, ...]:
    """Return how the target looked at ``t``: the exercise's probes, then others that looked."""
    planned = {each.id: each for each in (() if plan is None else plan.probe)}
    blind = stopped is not None and stopped.t <= t
    found = []
    for id_ in [*planned, *(each for each in histories if each not in planned)]:
        given = planned.get(id_)
        history = histories.get(id_)
        seen = None if history is None else history.at(t)
        if given is None and seen is None:
            continue
        must_hold = isinstance(given, HttpProbe) and given.contains is not None
        found.append(
            _probe(id_, given.title if given else id_, seen, must_hold=must_hold, blind=blind)
        )
    return tuple(found)


def _probe(id_: str, title: str, seen: Seen | None, *, must_hold: bool, blind: bool) -> Probe:
    name, heading = plain(id_), plain(title)
    if seen is None:
        return Probe(id=name, title=heading, words="not looked at" if blind else "no look yet")
    gone = seen.ever and not seen.answers
    return Probe(
        id=name,
        title=heading,
        words=f"{seen.words}, last seen" if blind else seen.words,
        since=seen.since,
        answers=seen.answers and not blind,
        alarm=not blind and (gone or (must_hold and not seen.good)),
        detail=seen.detail,
    )
