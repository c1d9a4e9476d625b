"""The list of sessions: `jumpseat` without a verb. Choosing one ends the app with that row.

It is told the rows by a function and opens nothing itself: `tui.seat.run_sessions` does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import Worker, WorkerState

from recorder.errors import JumpseatError
from tui.seat import SessionSummary
from tui.seat.keys import Action
from tui.seat.look import ACCENT, FAINT, SESSIONS_STYLE_SHEET
from tui.seat.sessions_table import draw_header, draw_session, in_order, widths_for
from tui.seat.themed import ThemedApp

REFRESH_INTERVAL = 1.0
"""Seconds between two looks at the list."""

_MARGIN = 2

ACTIONS = (
    Action(name="choose", keys=("enter",), shown="enter", words="Open", footer="open"),
    Action(name="up", keys=("up", "k"), shown="↑↓", words="Move", footer="move"),
    Action(name="down", keys=("down", "j"), shown="↓", words="Move down"),
    Action(name="first", keys=("home", "g"), shown="home", words="First"),
    Action(name="last", keys=("end", "G"), shown="end", words="Last"),
    Action(name="next_theme", keys=("T",), shown="T", words="Next colour theme"),
    Action(name="quit", keys=("q", "escape", "ctrl+c"), shown="q", words="Leave", footer="leave"),
)

EMPTY = (
    "No session was recorded yet.\n\n"
    "jumpseat demo                  shows everything in about a minute\n"
    "jumpseat serve --target HOST   records a candidate on a server of yours"
)


class Rows(Message):
    """The sessions as they are now."""

    def __init__(self, rows: tuple[SessionSummary, ...]) -> None:
        super().__init__()
        self.rows = rows


class Unlisted(Message):
    """The sessions cannot be listed."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error


class SessionsApp(ThemedApp[SessionSummary]):
    """Shows the rows; its result is the one chosen, None where somebody left.

    Attributes:
        failure: Why the app has ended by itself: the sessions could not be listed, or the thread
            failed in a way that nobody foresaw.

    """

    CSS = SESSIONS_STYLE_SHEET
    TITLE = "jumpseat"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(each.keys), each.name, each.words, show=False, priority=True)
        for each in ACTIONS
    ]

    def __init__(
        self, list_rows: Callable[[], Sequence[SessionSummary]], *, selected: str | None = None
    ) -> None:
        """Take where the rows come from, and the id of the session to begin on."""
        super().__init__()
        self.failure: BaseException | None = None
        self.rows: tuple[SessionSummary, ...] = ()
        self._list_rows = list_rows
        self._selected = selected
        self._stopped = threading.Event()
        self._heading = Static(Text("jumpseat  sessions", f"bold {ACCENT}"), id="heading")
        self._header = Static(id="header")
        self._table = OptionList(id="table", markup=False)
        self._notice = Static("Reading …", id="notice", markup=False)

    def compose(self) -> ComposeResult:
        """Heading, names of columns, rows, keys."""
        yield self._heading
        yield self._header
        with Container(id="list"):
            yield self._table
            yield self._notice
        hints = Text(no_wrap=True)
        for each in ACTIONS:
            if each.footer:
                hints.append(f"{each.shown} ", ACCENT)
                hints.append(f"{each.footer}   ", FAINT)
        yield Static(hints, id="hints")

    def on_mount(self) -> None:
        """Start to read."""
        self._table.display = False
        self.run_worker(self._read, name="sessions", thread=True, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Leave when the thread failed: the caller says it in a line, and logs the rest."""
        if event.state is WorkerState.ERROR and self.failure is None:
            self.failure = event.worker.error
            self.exit()

    def on_unmount(self) -> None:
        """Let the thread end; the event loop joins it."""
        self._stopped.set()

    def _read(self) -> None:
        known: tuple[SessionSummary, ...] | None = None
        while not self._stopped.is_set():
            try:
                rows = in_order(self._list_rows())
            except JumpseatError as error:
                self.post_message(Unlisted(error))
                return
            if rows != known:
                self.post_message(Rows(rows))
                known = rows
            self._stopped.wait(REFRESH_INTERVAL)

    def on_rows(self, message: Rows) -> None:
        """Show the rows, and stay on the one that was marked."""
        marked = self.marked
        self.rows = message.rows
        self._draw(self._selected if marked is None else marked.id)

    def on_unlisted(self, message: Unlisted) -> None:
        """Leave; the caller says why."""
        self.failure = message.error
        self.exit()

    def on_resize(self) -> None:
        """Share the room anew."""
        self.call_after_refresh(self._redraw)

    def _redraw(self) -> None:
        if self.rows:
            marked = self.marked
            self._draw(None if marked is None else marked.id)

    def _draw(self, marked: str | None) -> None:
        widths = widths_for(self.rows, self.size.width - 2 * _MARGIN)
        self._header.update(draw_header(widths) if self.rows else "")
        self._table.display = bool(self.rows)
        self._notice.display = not self.rows
        self._notice.update(EMPTY)
        self._table.clear_options()
        self._table.add_options([Option(draw_session(row, widths)) for row in self.rows])
        if self.rows:
            ids = [row.id for row in self.rows]
            self._table.highlighted = ids.index(marked) if marked in ids else 0
            self._table.focus()

    @property
    def marked(self) -> SessionSummary | None:
        """The row that is marked."""
        index = self._table.highlighted
        return None if index is None or index >= len(self.rows) else self.rows[index]

    def action_choose(self) -> None:
        """Open the marked session."""
        if self.marked is not None:
            self.exit(self.marked)

    def action_up(self) -> None:
        """Mark the row above."""
        self._table.action_cursor_up()

    def action_down(self) -> None:
        """Mark the row below."""
        self._table.action_cursor_down()

    def action_first(self) -> None:
        """Mark the first row."""
        self._table.action_first()

    def action_last(self) -> None:
        """Mark the last row."""
        self._table.action_last()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open what was clicked."""
        self.exit(self.rows[event.option_index])
