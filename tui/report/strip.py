"""The course of a session as strips over one axis of time: places in percent, and words.

Only arithmetic; the template and its style draw.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.cli.output import span
from tui.report.values import Report
from tui.report.words import stretch_words, time_of_day

_SHADES = 6
"""Colours that tasks are told apart by, beside their words."""

_TICKS = 8
"""Marks on the axis at most."""

_STEPS = (60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
"""Seconds between two marks."""

_LAST = 96.0
"""Percent behind which there is no room for a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing on a strip; ``left`` and ``width`` are percent, ``kind`` a class of the style."""

    left: float
    width: float
    t: float
    terminal: str | None
    words: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One row; ``points`` are moments, else stretches."""

    title: str
    points: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strips:
    """All rows, and the axis: percent and words."""

    axis: tuple[tuple[float, str], ...]
    rows: tuple[Strip, ...]


def strips_of(report: Report) -> Strips:
    """Return the rows of a report that have something on them."""
    whole = max(report.session.duration, 1.0)
    rows = (
        _clock(report, whole),
        _work(report, whole),
        _tags(report, whole),
        _notes(report, whole),
    )
    outside = tuple(_outside(report, whole))
    return Strips(
        axis=tuple(_axis(whole)),
        rows=tuple(each for each in (*rows, *outside) if each.parts),
    )


def _axis(whole: float) -> list[tuple[float, str]]:
    step = next((each for each in _STEPS if whole / each <= _TICKS), _STEPS[-1])
    count = int(whole // step)
    if count > 10 * _TICKS:
        return []
    ticks = [(_percent(n * step, whole), span(n * step)) for n in range(count + 1)]
    return [each for each in ticks if each[0] < _LAST]


def _percent(t: float, whole: float) -> float:
    return round(min(max(t / whole, 0.0), 1.0) * 100, 3)


def _part(start: float, until: float, whole: float, **rest: str | None) -> Part:
    left = _percent(start, whole)
    return Part(
        left=left,
        width=round(max(_percent(until, whole) - left, 0.15), 3),
        t=start,
        terminal=rest.get("terminal"),
        words=rest.get("words") or "",
        title=rest.get("title") or "",
        kind=rest.get("kind") or "",
    )


def _clock(report: Report, whole: float) -> Strip:
    parts = tuple(
        _part(e.start, e.until, whole, words=e.title, title=e.title, kind="clock")
        for e in report.periods
        if e.start < whole
    )
    return Strip(title="Clock", points=False, parts=parts)


def _work(report: Report, whole: float) -> Strip:
    order = list(dict.fromkeys(e.title for e in report.work if e.task is not None))
    parts = []
    for each in report.work:
        title = stretch_words(each)
        shade = "off" if each.task is None else f"shade{order.index(each.title) % _SHADES}"
        words = "" if each.task is None else each.title
        parts.append(_part(each.start, each.until, whole, words=words, title=title, kind=shade))
    return Strip(title="Work", points=False, parts=tuple(parts))


def _tags(report: Report, whole: float) -> Strip:
    parts = [
        _part(
            seen.t, seen.t, whole, title=f"{span(seen.t)} {seen.title}", terminal=seen.terminal,
            kind="failed" if seen.outcome == "failed" else "tag",
        )
        for topic in report.topics
        for seen in topic.seen
    ]  # fmt: skip
    parts.sort(key=lambda each: each.t)
    return Strip(title="Observed", points=True, parts=tuple(parts))


def _notes(report: Report, whole: float) -> Strip:
    noted = [e for e in report.timeline if e.kind in {"note", "mark", "question", "task"}]
    parts = tuple(
        _part(e.t, e.t, whole, title=f"{span(e.t)} {e.kind}: {e.text}", kind="note") for e in noted
    )
    return Strip(title="Noted", points=True, parts=parts)


def _outside(report: Report, whole: float) -> list[Strip]:
    return [
        Strip(
            title=probe.title,
            points=False,
            parts=tuple(
                _part(
                    look.start, look.until, whole, words=look.words,
                    title=f"{time_of_day(report.session, look.start)} to"
                    f" {time_of_day(report.session, look.until)} UTC: {look.words}",
                    kind="alarm" if probe.must_hold and not look.good else "outside",
                )
                for look in probe.looks
            ),
        )
        for probe in report.probes
    ]  # fmt: skip
