"""What the candidate asked, as interviewers noted it."""

from __future__ import annotations

from rich.text import Text

from tui.seat.desk.values import Desk
from tui.seat.look import FAINT, INK
from tui.seat.panels.paper import Times, filled, row, words


def draw_asked(desk: Desk, width: int, rows: int, times: Times) -> list[Text]:
    """Return the questions, the newest first."""
    lines = [
        row(width, Text.assemble((f"{times.at(each.t)} ", FAINT), (each.text, INK)))
        for each in desk.asked
    ]
    if not lines:
        lines = [row(width, words("nothing yet; o notes a question", FAINT))]
    return filled(lines, width, rows)
