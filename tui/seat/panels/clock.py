"""The clock: which phase, what is left, what comes next, and what must be said now.

The panel that is looked at most: its number is large where there is room for it.
"""

from __future__ import annotations

from rich.text import Text

from recorder.control.permission import may_order
from tui.seat.desk.values import Alarm, Clock, Desk
from tui.seat.look import ACCENT, FAINT, INK, LINE
from tui.seat.panels.digits import big
from tui.seat.panels.paper import Times, filled, row, span_words, words, wrapped

_BIG_ROWS = 5
_BESIDE = 8
"""Cells beside the large number that are worth writing into."""

HURRY = 5 * 60.0
"""Seconds left from which the number is coloured."""


def draw_clock(desk: Desk, width: int, rows: int, times: Times) -> list[Text]:
    """Return the clock in so many rows: from one line to a large number with all beside it."""
    clock = desk.clock
    if clock.started is None:
        return filled(_waiting(desk, width), width, rows)
    large = rows >= _BIG_ROWS and clock.ended is None
    lines = _large(clock, width, times) if large else _small(clock, width)
    lines.append(draw_bar(clock, width))
    lines.append(_next(clock, width, times))
    return filled(lines, width, rows)


def _waiting(desk: Desk, width: int) -> list[Text]:
    """Say that it stands, and what starts it."""
    length = desk.clock.length
    left = Text.assemble(("Clock not started", f"bold {INK}"))
    right = None if length is None else words(f"{span_words(length)} in all", FAINT)
    lines = [row(width, left, right)]
    if desk.live and may_order():
        lines.append(row(width, Text.assemble(("S ", ACCENT), ("starts it", INK))))
        lines += wrapped("or: jumpseat session start", width, 1, FAINT)
    plan = " · ".join(
        f"{each.title} {round((each.until - each.start) / 60)}" for each in desk.clock.spans
    )
    return [*lines, *wrapped(plan, width, 2, FAINT)]


def _left(clock: Clock) -> tuple[str, float]:
    """Return the word for what is left, and its seconds: of the phase, or of all without one."""
    phase, left = clock.phase, clock.left or 0.0
    if phase is None or phase.until <= clock.now:
        return "of all", left
    return phase.title, phase.until - clock.now


def _urgent(clock: Clock) -> str:
    left = clock.left
    return "$caution" if left is not None and left <= HURRY else INK


def _small(clock: Clock, width: int) -> list[Text]:
    name, left = _left(clock)
    if clock.ended is not None:
        return [row(width, words("Over", f"bold {INK}"), words(_ran(clock), FAINT))]
    line = Text.assemble(
        (name, f"bold {INK}"), " ", (f"{span_words(left)} left", f"bold {_urgent(clock)}")
    )
    if left < 0:
        line = words(f"Time is up {span_words(left)}", "bold $bad")
    return [row(width, line, words(_in_all(clock), FAINT) if name != "of all" else None)]


def _ran(clock: Clock) -> str:
    return f"after {span_words((clock.ended or 0.0) - (clock.started or 0.0))}"


def _in_all(clock: Clock) -> str:
    return f"{span_words(clock.left or 0.0)} in all"


def _large(clock: Clock, width: int, times: Times) -> list[Text]:
    name, left = _left(clock)
    ends = "" if clock.ends is None else f"ends {times.at(clock.ends)}"
    in_all = _in_all(clock) if name != "of all" else ""
    beside = ((name if left >= 0 else "time is up", f"bold {INK}"), (in_all, FAINT), (ends, FAINT))
    style = f"bold {_urgent(clock)}" if left >= 0 else "bold $bad"
    lines = []
    for digits, (text, ink) in zip(big(span_words(left)), beside, strict=True):
        fits = width - len(digits) - 2 >= _BESIDE
        said = (f"  {text}", ink) if fits else ("", ink)
        lines.append(row(width, Text.assemble((digits, style), said)))
    return lines


def draw_bar(clock: Clock, width: int) -> Text:
    """Return the whole exercise as a line: what has passed, borders of phases, announcements.

    A border is a bar across, an announcement a triangle that is filled once it was made.
    """
    start, length = clock.started or 0.0, clock.length or 0.0
    if length <= 0 or width <= 2:  # noqa: PLR2004 - nothing to divide
        return words(" " * max(width, 0))

    def column(t: float) -> int:
        return min(max(int((t - start) / length * width), 0), width - 1)

    head = column(clock.now)
    signs = {column(span.start): "┃" for span in clock.spans[1:] if span.start < span.until}
    for each in clock.announcements:
        signs[column(each.t)] = "▲" if each.made is not None else "△"
    line = Text(no_wrap=True, end="")
    for x in range(width):
        passed = x < head or clock.now >= start + length
        line.append(
            signs.get(x, "━" if passed else "─"),
            ACCENT if passed else LINE if x not in signs else FAINT,
        )
    return line


def _next(clock: Clock, width: int, times: Times) -> Text:
    parts = []
    if clock.following is not None and clock.ended is None:
        parts.append(
            (clock.following.start, f"{clock.following.title} {times.at(clock.following.start)}")
        )
    if clock.coming is not None:
        parts.append((clock.coming.t, f"△ {clock.coming.left} min left {times.at(clock.coming.t)}"))
    then = " · ".join(text for _, text in sorted(parts))
    if not then and clock.ends is not None:
        then = (
            f"ends {times.at(clock.ends)}"
            if clock.ended is None
            else f"ended {times.at(clock.ended)}"
        )
        return row(width, words(then, FAINT))
    return row(width, words(then, FAINT))


def alarm_words(alarm: Alarm, times: Times) -> str:
    """Return an alarm with its time."""
    return f"{alarm.words} {alarm.joint} {times.at(alarm.t)}" if alarm.joint else alarm.words


def draw_alarms(desk: Desk, width: int, rows: int, times: Times) -> list[Text]:
    """Return what must not be missed; what waits for a keypress is loud, and stays until then."""
    lines: list[Text] = []
    for alarm in desk.alarms:
        if alarm.loud:
            lines += _banner(desk, alarm, width, rows)
        elif len(lines) < rows:
            lines.append(_alarm(alarm, width, times))
    if len(desk.alarms) > 1 and len(lines) > rows:
        lines = lines[:rows]
    return filled(lines, width, rows)


def _alarm(alarm: Alarm, width: int, times: Times) -> Text:
    """Return an alarm on a line; where that is tight the time stays and loses its preposition."""
    whole = f"! {alarm_words(alarm, times)}"
    if len(whole) <= width or not alarm.joint:
        return row(width, words(whole, "bold $bad"))
    return row(width, words(f"! {alarm.words}", "bold $bad"), words(times.at(alarm.t), "bold $bad"))


def _banner(desk: Desk, alarm: Alarm, width: int, rows: int) -> list[Text]:
    """Return the announcement that is due, reversed, and below it the words to read out."""
    lines = [
        row(width, words(f" {line}", "bold reverse $caution"))
        for line in _folded(alarm.words, width)
    ]
    due = desk.clock.due
    if due is not None and rows > len(lines):
        lines += wrapped(due.say, width, rows - len(lines), INK, indent="  ")
    return lines


def _folded(text: str, width: int) -> list[str]:
    """Return words on one line, or on two where they do not fit."""
    if len(text) + 1 <= width:
        return [text]
    first, _, second = text.partition(": ")
    return [f"{first}:", second]
