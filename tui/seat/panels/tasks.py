"""The tasks: which are ticked, which one is worked on, which nobody has touched."""

from __future__ import annotations

from rich.text import Text

from tui.seat.desk.values import Desk, Task
from tui.seat.look import FAINT, INK
from tui.seat.panels.paper import ROOMY, Times, filled, row, words

TICKED, CURRENT, TOUCHED, UNTOUCHED = "✓", "▸", "●", "○"


def draw_tasks(desk: Desk, width: int, rows: int, times: Times) -> list[Text]:
    """Return a line a task; where there are too few rows, ticked ones go first, then the last."""
    tasks = list(desk.tasks)
    while len(tasks) > rows > 0:
        done = next((each for each in tasks if each.ticked is not None), tasks[-1])
        tasks.remove(done)
    return filled([_line(each, width, times) for each in tasks], width, rows)


def _line(task: Task, width: int, times: Times) -> Text:
    mark, style, word, t = _state(task)
    state = word if t is None else times.at(t)
    if task.current and width < ROOMY:
        state = "now"
    elif t is not None and width >= ROOMY:
        state = f"{word} {state}"
    left = Text.assemble((f"{task.number} ", FAINT), (f"{mark} ", style), (task.title, style))
    return row(width, left, words(state, FAINT if not task.current else f"bold {INK}"))


def _state(task: Task) -> tuple[str, str, str, float | None]:
    """Return mark, style, word and time: never told by colour alone."""
    if task.ticked is not None:
        return TICKED, FAINT, "ticked", task.ticked
    if task.current:
        return CURRENT, f"bold {INK}", "now, since", task.touched
    if task.touched is not None:
        return TOUCHED, INK, "since", task.touched
    return UNTOUCHED, FAINT, "untouched", None
