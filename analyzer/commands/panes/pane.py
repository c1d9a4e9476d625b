"""One pane, followed by a tracker of its own as if it were a terminal by itself.

The tracker's terminal is a mirror of the pane (`mirror`): each look at the pane is told to it as
what a shell would have written. What only this can see is when a line is left, as the tracker
cannot see the bytes; what a command is, is the tracker's. Where panes lie is `layout`'s.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyzer.commands.panes import full_screen, left_line, moved
from analyzer.commands.panes.layout import Rect
from analyzer.commands.panes.mirror import Mirror
from analyzer.commands.panes.pasting import Pasting
from analyzer.commands.panes.typed import Owed
from analyzer.commands.run import Run
from recorder.recording.events import Input, Place

_ENTERED = re.compile(rb"[\r\n\x0f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A pane as it is drawn at a moment; ``cursor`` (x, y) is None where it is in another."""

    rows: tuple[str, ...]
    cursor: tuple[int, int] | None
    visible: bool
    settled: bool
    t: float
    place: Place


class Pane:
    """Follows one pane, shown or hidden.

    Attributes:
        rect: Where it lies, or lay when it was seen last.
        window: The number of its window, None where the screen does not tell.
        among: How many panes its window showed then.
        pasted: Whether the multiplexer was told to paste into it.
        seen: Its rows on the screen when they were looked at last.

    """

    def __init__(self, place: tuple[int, int], number: int, rect: Rect, window: int | None) -> None:
        connection, channel = place
        self._number = number
        self._mirror = Mirror(connection, channel, rect.width, rect.height)
        self.tracker = self._mirror.tracker
        self.rect = rect
        self.window = window
        self.among = 0
        self.pasted = False
        self.seen: tuple[str, ...] = ()
        self._before: tuple[str, ...] = ()
        self._owed = Owed()
        self._frozen = False
        self._touched = False
        self._certain = False
        self._enters = 0
        self._pasting = Pasting()
        self._runs: list[Run] = []

    @property
    def line(self) -> str:
        """What is edited at the prompt, empty where there is none."""
        return self._mirror.line() or ""

    def move(self, rect: Rect, look: Look) -> None:
        """Take in another place and size; what is seen there is what was there before."""
        resized = (rect.width, rect.height) != (self.rect.width, self.rect.height)
        self.rect = rect
        if resized:
            self._mirror.resize(rect.width, rect.height)
            cursor = look.cursor or self._mirror.cursor_of(look.rows)
            self._mirror.anchor = self._mirror.prompt_row(look.rows, cursor[1])
            self._mirror.quietly(look.rows, cursor)
            self._certain = False
            self._owed.forget()

    def look(self, look: Look) -> list[Run]:
        """Take in how the pane is drawn now; return what became known."""
        cursor = look.cursor or self._mirror.cursor_of(look.rows)
        here = self.tracker.terminal.cursor
        if look.rows != self._mirror.rows or cursor != (here.x, here.y):
            if self.tracker.terminal.alternate:
                self._full_screen(look, cursor)
            elif self.tracker.prompt is not None:
                self._at_prompt(look, cursor)
            else:
                self._running(look, cursor)
        else:
            self._frozen = False
        return self._take()

    def keys(self, event: Input) -> list[Run]:
        """Take in keys that went to this pane; `look` comes before."""
        alone = event.data in (b"\r", b"\n")
        if alone and not self._touched and self._mirror.line() == "" and not self.tracker.continues:
            # An empty line leaves no trace where it is entered below others like it.
            return []
        if self._frozen and not self.expects_paste:
            # Something of the multiplexer's stands over the line, and takes the keys.
            return []
        waiting = self.tracker.waiting
        if not alone and not self._enters:
            self._owed.typed(event.data)
        self._runs += self.tracker.input(event)
        self._pasting.note(event.data)
        if self.tracker.prompt is not None:
            # Those from before the prompt were answers to a program.
            self._enters += max(0, self.tracker.waiting - (waiting if self._enters else 0))
        self._touched = not _ENTERED.search(event.data[-1:])
        self._note_prompt()
        return self._take()

    def close(self, t: float) -> list[Run]:
        """Cut what runs: the pane is gone."""
        self.tracker.greeting = None
        if self._enters and (text := left_line.completed(self._mirror, self._owed.missing, None)):
            self._mirror.draw_line(text)
        return [*self._take(), *self.tracker.close(t)]

    def is_prompt(self, row: str) -> bool:
        """Whether a row is one of its shells' prompts, or has the shape of one."""
        return self._mirror.is_prompt(row)

    @property
    def expects_paste(self) -> bool:
        """Whether many lines were pasted at the prompt, which may be drawn in one go."""
        return self.tracker.prompt is not None and self._pasting.matters

    def alike(self, rows: Sequence[str]) -> float:
        """As `Mirror.alike`."""
        return self._mirror.alike(rows)

    @property
    def may_close(self) -> bool:
        """Whether its shell was told to end, as far as is known."""
        return self.tracker.waiting > 0 or any(
            run.text.split()[:1] in (["exit"], ["logout"]) for run in self.tracker.stack.runs
        )

    # A line is edited

    def _at_prompt(self, look: Look, cursor: tuple[int, int]) -> None:
        prompt = self.tracker.prompt or ""
        rows, top = look.rows, self._mirror.anchor
        if (
            self._enters
            and rows == self._mirror.rows
            and cursor[1] < self.tracker.terminal.cursor.y
        ):
            # The line that is entered is drawn once more, in other colours.
            return
        end = moved.line_end(self._mirror.rows, top, self.tracker.terminal.cursor.y)
        up, kept = self._mirror.line_moved(rows, top, end, prompt)
        if not kept:
            self._line_gone(look, cursor, prompt)
        elif cursor[1] < top - up and not self._mirror.begins(rows[cursor[1]], prompt.rstrip()):
            # Half of something else is drawn; the rest comes in a moment.
            self._frozen = not self._enters
        elif self._is_left(look, cursor, top - up, end - up, prompt):
            self._leave(look, cursor, top - up, prompt)
        else:
            self._edit(rows, cursor, top - up, up)

    def _is_left(
        self, look: Look, cursor: tuple[int, int], top: int, end: int, prompt: str
    ) -> bool:
        rows, y = look.rows, cursor[1]
        emptied = rows[y].rstrip() == prompt.rstrip() and self._mirror.line() != ""
        if self._enters:
            grown = moved.line_end(rows, top, top) >= y
            return (y > end and not grown) or (emptied and (y != top or not self._touched))
        if self.tracker.waiting and not self._touched and y > end and self._is_ahead(look, top, y):
            return True
        if not (look.settled and self._certain) or top < 0:
            return False
        if (
            y > end
            and emptied
            and rows[top].rstrip() == self._mirror.rows[self._mirror.anchor].rstrip()
        ):
            # Nobody pressed Enter here: tmux was told to type, or to type into all panes.
            self._enter(look)
            return True
        return False

    def _is_ahead(self, look: Look, top: int, y: int) -> bool:
        """Whether a line that was typed before its prompt came is drawn, and the cursor below it.

        Behind it the next prompt stands, or what it printed: then it must be as it was typed.
        """
        row, prompt = look.rows[max(0, top)], self.tracker.prompt or ""
        if row.isspace() or row.rstrip() == prompt.rstrip() or not self._mirror.begins(row, prompt):
            return False
        if look.rows[y].rstrip() == prompt.rstrip():
            return True
        text, typed = row.rstrip(), self.tracker.typed_ahead.strip()
        before = text.removesuffix(typed)
        return before != text and before.rstrip().endswith(prompt.rstrip())

    def _line_gone(self, look: Look, cursor: tuple[int, int], prompt: str) -> None:
        row = look.rows[cursor[1]]
        if self._enters:
            self._leave(look, cursor, None, prompt)
        elif row.startswith(prompt.rstrip()) and look.visible:
            self._edit(look.rows, cursor, cursor[1], 0)
        else:
            self._frozen = True

    def _edit(self, rows: tuple[str, ...], cursor: tuple[int, int], top: int, up: int) -> None:
        searching = left_line.is_search(rows[max(0, top)])
        start = top if searching else self._mirror.prompt_row(rows, cursor[1])
        self._mirror.anchor = max(0, start)
        self._frozen = False
        if rows[self._mirror.anchor].startswith((self.tracker.prompt or "").rstrip()):
            self._mirror.column = 0
        self._mirror.quietly(rows, cursor, up)
        self._owed.seen(self._mirror.until_cursor())

    def _leave(self, look: Look, cursor: tuple[int, int], top: int | None, prompt: str) -> None:
        """Tell the tracker that the line was left, then what came after it."""
        mirror = self._mirror
        text: list[str] | None = None
        if top is not None and top >= 0:
            text = left_line.shown(mirror, self._pasting, look.rows, top, cursor[1])
        text = left_line.completed(mirror, self._owed.missing, text)
        text = text or self._pasting.unseen(prompt, self.line, self.rect.width)
        if text is not None:
            mirror.draw_line(text)
        else:
            left_line.end_search(mirror)
        self._before = mirror.rows
        self._tell(b"\r\n", look)
        self._running(look, cursor)

    def _enter(self, look: Look) -> None:
        tracker = self.tracker
        # Several panes may be typed into at the same moment.
        stem = look.place.file.removesuffix(".cast")
        event = Input(
            t=look.t,
            place=replace(look.place, file=f"{stem}.p{self._number}.cast"),
            connection=tracker.connection,
            channel=tracker.channel,
            data=b"\x1b[200~\x1b[201~\r" if self.pasted else b"\r",
        )
        self._runs += tracker.input(event)

    # A program runs

    def _running(self, look: Look, cursor: tuple[int, int]) -> None:
        rows, old = look.rows, self._mirror.rows
        up, kept = moved.shift(old, rows)
        if self._is_taken(old, look, cursor, kept):
            self._before = self._before or old
            self._tell(b"\x1b[?1049h", look)
            self._mirror.quietly(rows, cursor)
            return
        if full_screen.came_back(self._before, rows, kept):
            self._mirror.quietly(self._before, (0, len(old) - 1))
            old = self._mirror.rows
            up, kept = moved.shift(old, rows)
        if not kept:
            used = sum(not row.isspace() for row in rows)
            up = len(rows) if used > len(rows) - full_screen.BLANKS_AT_MOST else 0
        here = self.tracker.terminal.cursor
        self._tell(moved.written(old, rows, (here.x, here.y), cursor, up), look)
        if self._mirror.rows != rows:
            self._mirror.quietly(rows, cursor)

    def _full_screen(self, look: Look, cursor: tuple[int, int]) -> None:
        old = self._mirror.rows
        kept = moved.shift(old, look.rows)[1]
        back = full_screen.came_back(self._before, look.rows, kept)
        if back or (look.visible and self._mirror.prompt_at(look.rows, cursor) is not None):
            self._tell(b"\x1b[?1049l", look)
            self._running(look, cursor)
        else:
            self._mirror.quietly(look.rows, cursor)

    def _is_taken(
        self, old: tuple[str, ...], look: Look, cursor: tuple[int, int], kept: int
    ) -> bool:
        """Whether a full-screen program has drawn what is seen."""
        if self._mirror.prompt_at(look.rows, cursor) is not None:
            return False
        known = full_screen.is_run(self.tracker.stack)
        below = any(row.strip() for row in look.rows[cursor[1] + 1 :])
        return full_screen.is_taken(old, kept, known=known, below=below, hidden=not look.visible)

    def _tell(self, data: bytes, look: Look) -> None:
        self._runs += self._mirror.tell(data, look.t, look.place)
        self._note_prompt()

    def _note_prompt(self) -> None:
        """Begin anew where the tracker has just found a prompt."""
        if self._mirror.prompt_appeared():
            self._before = ()
            self._pasting.forget()
            self._owed.forget()
            self._certain = self.line == ""
            self._enters = 0 if self._certain else self.tracker.waiting
            self._owed.seen(self._mirror.until_cursor())

    def _take(self) -> list[Run]:
        runs, self._runs = self._runs, []
        return runs
