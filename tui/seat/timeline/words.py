"""What the mouse finds on the timeline: what is there, in words, and where a click goes.

Pure. Words of a candidate's come here as `analyzer.visible.plain` has left them.
"""

from __future__ import annotations

from tui.seat.timeline.course import segment_at
from tui.seat.timeline.scale import Scale
from tui.seat.timeline.values import Tick, TimelineData
from tui.seat.transport import clock_words, landing

_NAMED = 2
"""Ticks of one column that are named; of more there is their number."""


def ticks_at(data: TimelineData, scale: Scale, column: int) -> tuple[Tick, ...]:
    """Return the tags and notes of a column."""
    return tuple(tick for tick in data.ticks if scale.column(tick.t) == column)


def target_of(data: TimelineData, scale: Scale, column: int) -> float:
    """Return where a click on a column goes: shortly before its first tick, else to its moment."""
    ticks = ticks_at(data, scale, column)
    return landing(ticks[0].t) if ticks else scale.moment(column)


def words_at(data: TimelineData, scale: Scale, column: int) -> str:
    """Return what is to be found at a column: its time, and what happened then."""
    ticks = ticks_at(data, scale, column)
    t = ticks[0].t if ticks else scale.moment(column)
    words = [clock_words(t)]
    if t > data.duration:
        return f"{words[0]} · yet to come"
    piece = scale.piece(column)
    if piece.silent and not ticks:
        words = [f"{clock_words(piece.start)} to {clock_words(piece.until)}, no output"]
    words += [_tick_words(tick) for tick in ticks[:_NAMED]]
    if len(ticks) > _NAMED:
        words.append(f"{len(ticks) - _NAMED} more")
    words.append(_activity_words(data, t))
    segment = segment_at(data.segments, t)
    if segment is not None:
        words.append(" ".join([segment.sign, segment.title]))
        words.append(segment.activity(t))
    period = next((each for each in data.periods if each.start <= t < each.until), None)
    if period is not None:
        words.append(period.title)
    return " · ".join(filter(None, words))


def _activity_words(data: TimelineData, t: float) -> str:
    """Return whether somebody typed at about that moment."""
    step = int(t / data.activity.step)
    if not any(data.activity.inputs[max(step - 1, 0) : step + 2]):
        return ""
    return "typing"


def _tick_words(tick: Tick) -> str:
    return tick.words if tick.outcome == "ok" else f"{tick.words} ({tick.outcome})"
