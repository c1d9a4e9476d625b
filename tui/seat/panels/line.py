"""The desk in one line, for terminals where the candidate's screen needs all else.

The clock, and the most important of what must not be missed; where there is nothing of that, the
task that is worked on.
"""

from __future__ import annotations

from rich.text import Text

from tui.seat.desk.values import Clock, Desk
from tui.seat.look import ACCENT, FAINT, INK, LINE
from tui.seat.panels.clock import HURRY, alarm_words
from tui.seat.panels.paper import Times, row, span_words, words


def draw_line(desk: Desk, width: int, times: Times) -> Text:
    """Return exactly so many cells."""
    line = Text.assemble(" ", _clock(desk.clock), (" │ ", LINE))
    alarm = desk.alarms[0] if desk.alarms else None
    if alarm is not None:
        style = "bold reverse $caution" if alarm.loud else "bold $bad"
        sign = " " if alarm.loud else "! "
        line.append(f"{sign}{alarm_words(alarm, times)}{' ' if alarm.loud else ''}", style)
        others = len(desk.alarms) - 1
        return row(width, line, words(f" +{others} ", "bold $bad") if others else None)
    current = next((task for task in desk.tasks if task.current), None)
    if current is not None:
        line.append(f"{current.number} ", FAINT)
        line.append(current.title, INK)
    untouched = sum(task.touched is None and task.ticked is None for task in desk.tasks)
    right = words(f"{untouched} untouched ", FAINT) if desk.tasks else None
    return row(width, line, right)


def _clock(clock: Clock) -> Text:
    if clock.started is None:
        return Text.assemble(("clock not started", INK), (" S ", ACCENT))
    if clock.ended is not None:
        return words("over", FAINT)
    left = clock.left or 0.0
    style = f"bold {INK if left > HURRY else '$caution'}"
    phase = clock.phase
    if phase is None or phase.until <= clock.now:
        return words(
            f"{span_words(left)} left" if left >= 0 else f"time is up {span_words(left)}", style
        )
    return Text.assemble(
        (f"{phase.title} {span_words(phase.until - clock.now)}", style),
        (f" of {span_words(left)} left", FAINT),
    )
