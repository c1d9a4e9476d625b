"""The row in which a time is typed, and that says where it leads or why it does not."""

from __future__ import annotations

from tui.seat.entry_bar import EntryBar
from tui.seat.timeline.time_entry import MOST_CHARACTERS


class TimeBar(EntryBar):
    """Hidden unless somebody types a time."""

    def __init__(self) -> None:
        super().__init__(
            id="times",
            entry="time",
            label=":",
            placeholder="12:34, 754, +30, -1m, 50%, @14:05; Enter goes there, Esc leaves",
            most=MOST_CHARACTERS,
        )
