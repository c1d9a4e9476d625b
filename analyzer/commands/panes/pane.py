"""One pane, followed by a tracker of its own as if it were a terminal by itself.

The tracker's terminal is a mirror of the pane: each look at the pane is told to it as what a
shell would have written. What only this can see is when a line is left, as the tracker cannot see
the bytes; what a command is, is the tracker's. Where panes lie is `layout`'s.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyzer.commands import prompts
from analyzer.commands.panes import moved
from analyzer.commands.panes.layout import Rect
from analyzer.commands.panes.programs import FULL_SCREEN
from analyzer.commands.panes.typed import Owed
from analyzer.commands.run import Run
from analyzer.commands.tracker import Tracker
from recorder.recording.events import Input, Output, Place

_SEARCH = re.compile(r"\((?:failed )?(?:reverse-|bck-|fwd-)?i-search\)[`'][^']*': ?")
_ENTERED = re.compile(rb"[\r\n\x0f]")
_PASTE_MOST = 64 * 1024
_BREAK = re.compile(r"\r\n|\r|\n")
_LINES_TOLD = 2
"""Lines of a paste from which it is needed to tell the rows of a line from those below it."""

_BLANKS_AT_MOST = 2
"""Rows that are not blank, up to which a screen says nothing about having been cleared."""


def _bare(text: str) -> str:
    return "".join(text.split())


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
        self.tracker = Tracker(connection, channel, rect.width, rect.height)
        self.rect = rect
        self.window = window
        self.among = 0
        self.pasted = False
        self.seen: tuple[str, ...] = ()
        self._before: tuple[str, ...] = ()
        self._anchor = 0
        self._column = 0
        self._rows: tuple[str, ...] | None = None
        self._owed = Owed()
        self._frozen = False
        self._touched = False
        self._prompted = False
        self._certain = False
        self._enters = 0
        self._paste: list[str] = []
        self._pasting: bytes | None = None
        self._runs: list[Run] = []

    @property
    def rows(self) -> tuple[str, ...]:
        """The pane as it was seen last."""
        if self._rows is None:
            self._rows = tuple(self.tracker.terminal.display)
        return self._rows

    @property
    def line(self) -> str:
        """What is edited at the prompt, empty where there is none."""
        return self._line() or ""

    def move(self, rect: Rect, look: Look) -> None:
        """Take in another place and size; what is seen there is what was there before."""
        resized = (rect.width, rect.height) != (self.rect.width, self.rect.height)
        self.rect = rect
        if resized:
            self.tracker.resize(rect.width, rect.height)
            self._rows = None
            cursor = look.cursor or self._cursor_of(look.rows)
            self._anchor = self._prompt_row(look.rows, cursor[1])
            self._quietly(look.rows, cursor)
            self._certain = False
            self._owed.forget()

    def look(self, look: Look) -> list[Run]:
        """Take in how the pane is drawn now; return what became known."""
        cursor = look.cursor or self._cursor_of(look.rows)
        here = self.tracker.terminal.cursor
        if look.rows != self.rows or cursor != (here.x, here.y):
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
        if alone and not self._touched and self._line() == "" and not self.tracker.continues:
            # An empty line leaves no trace where it is entered below others like it.
            return []
        if self._frozen and not self.expects_paste:
            # Something of the multiplexer's stands over the line, and takes the keys.
            return []
        waiting = self.tracker.waiting
        if not alone and not self._enters:
            self._owed.typed(event.data)
        self._runs += self.tracker.input(event)
        self._note_paste(event.data)
        if self.tracker.prompt is not None:
            # Those from before the prompt were answers to a program.
            self._enters += max(0, self.tracker.waiting - (waiting if self._enters else 0))
        self._touched = not _ENTERED.search(event.data[-1:])
        self._note_prompt()
        return self._take()

    def _note_paste(self, data: bytes) -> None:
        """Collect what is pasted, which may come in several pieces."""
        start, mark, rest = data.partition(b"\x1b[200~")
        if mark:
            self._pasting = b""
        if self._pasting is None:
            return
        text, end, _ = (rest if mark else start).partition(b"\x1b[201~")
        self._pasting = (self._pasting + text)[:_PASTE_MOST]
        plain = self._pasting.decode("utf-8", "replace").rstrip("\r\n")
        self._paste = _BREAK.split(plain) if end else self._paste
        if end:
            self._pasting = None

    def close(self, t: float) -> list[Run]:
        """Cut what runs: the pane is gone."""
        self.tracker.greeting = None
        if self._enters and (text := self._completed(None)):
            self._draw_line(text)
        return [*self._take(), *self.tracker.close(t)]

    def alike(self, rows: Sequence[str]) -> float:
        """Return how much of what was seen last is seen in ``rows``, 0 to 1."""
        before = self.rows
        if len(before) == len(rows) and sum(map(str.__ne__, before, rows)) <= 1:
            return 1.0
        width = max(1, min(self.rect.width, len(rows[0]) if rows else 1) - 1)
        old = [row[:width] for row in before if row.strip()]
        new = {row[:width] for row in rows}
        if not old:
            return 0.0 if any(row.strip() for row in rows) else 1.0
        found = sum(row in new for row in old[:-1])
        # The last line may have been typed at.
        last = old[-1].rstrip()
        return (found + any(row.startswith(last) for row in new)) / len(old)

    def is_prompt(self, row: str) -> bool:
        """Whether a row is one of its shells' prompts, or has the shape of one."""
        known = (prompt.rstrip() for prompt in self._known_prompts())
        return bool(row) and (row in known or prompts.is_shell_prompt(row + " "))

    @property
    def expects_paste(self) -> bool:
        """Whether many lines were pasted at the prompt, which may be drawn in one go."""
        pasted = self._pasting is not None or len(self._paste) >= _LINES_TOLD
        return self.tracker.prompt is not None and pasted

    @property
    def may_close(self) -> bool:
        """Whether its shell was told to end, as far as is known."""
        return self.tracker.waiting > 0 or any(
            run.text.split()[:1] in (["exit"], ["logout"]) for run in self.tracker.stack.runs
        )

    # A line is edited

    def _at_prompt(self, look: Look, cursor: tuple[int, int]) -> None:
        prompt = self.tracker.prompt or ""
        rows, top = look.rows, self._anchor
        if self._enters and rows == self.rows and cursor[1] < self.tracker.terminal.cursor.y:
            # The line that is entered is drawn once more, in other colours.
            return
        end = moved.line_end(self.rows, top, self.tracker.terminal.cursor.y)
        up, kept = self._line_moved(rows, top, end, prompt)
        if not kept:
            self._line_gone(look, cursor, prompt)
        elif cursor[1] < top - up and not self._begins(rows[cursor[1]], prompt.rstrip()):
            # Half of something else is drawn; the rest comes in a moment.
            self._frozen = not self._enters
        elif self._is_left(look, cursor, top - up, end - up, prompt):
            self._leave(look, cursor, top - up, prompt)
        else:
            self._edit(rows, cursor, top - up, up)

    def _line_moved(
        self, rows: tuple[str, ...], top: int, end: int, prompt: str
    ) -> tuple[int, bool]:
        """Return by how many rows the edited line moved up, and whether it is seen at all."""
        old = self.rows[: end + 1]
        if old[: top + 1] == rows[: top + 1]:
            return 0, True
        if not self._bare_prompt(old[top], prompt):
            same = [y for y in range(top + 1) if rows[y] == old[top]]
            if same:
                # Of lines that say the same, the one below what stood above it.
                return top - max(same, key=lambda y: (rows[:y] == old[top - y : top], y)), True
        up, kept = moved.shift(old, rows)
        if kept and top - up >= 0:
            return up, True
        if top < len(rows) and self._begins(rows[top], prompt.rstrip()):
            return 0, True
        return 0, False

    def _is_left(
        self, look: Look, cursor: tuple[int, int], top: int, end: int, prompt: str
    ) -> bool:
        rows, y = look.rows, cursor[1]
        emptied = rows[y].rstrip() == prompt.rstrip() and self._line() != ""
        if self._enters:
            grown = moved.line_end(rows, top, top) >= y
            return (y > end and not grown) or (emptied and y != top) or (emptied and self._entered)
        ahead = self.tracker.waiting and not self._touched and rows[max(0, top)].strip()
        if ahead and y > end and rows[y].rstrip() == prompt.rstrip() != rows[max(0, top)].rstrip():
            return self._begins(rows[max(0, top)], prompt)
        if not (look.settled and self._certain) or top < 0:
            return False
        if y > end and emptied and rows[top].rstrip() == self.rows[self._anchor].rstrip():
            # Nobody pressed Enter here: tmux was told to type, or to type into all panes.
            self._enter(look)
            return True
        return False

    @property
    def _entered(self) -> bool:
        """Whether nothing was typed since the key that ended the line."""
        return not self._touched

    def _line_gone(self, look: Look, cursor: tuple[int, int], prompt: str) -> None:
        row = look.rows[cursor[1]]
        if self._enters:
            self._leave(look, cursor, None, prompt)
        elif row.startswith(prompt.rstrip()) and look.visible:
            self._edit(look.rows, cursor, cursor[1], 0)
        else:
            self._frozen = True

    def _edit(self, rows: tuple[str, ...], cursor: tuple[int, int], top: int, up: int) -> None:
        searching = _SEARCH.match(rows[max(0, top)])
        start = top if searching else self._prompt_row(rows, cursor[1])
        self._anchor = max(0, start)
        self._frozen = False
        if rows[self._anchor].startswith((self.tracker.prompt or "").rstrip()):
            self._column = 0
        self._quietly(rows, cursor, up)
        self._owed.seen(self._until_cursor())

    def _leave(self, look: Look, cursor: tuple[int, int], top: int | None, prompt: str) -> None:
        """Tell the tracker that the line was left, then what came after it."""
        text = None if top is None or top < 0 else self._text_at(look.rows, top, cursor[1], prompt)
        text = self._completed(text) or self._unseen_paste(prompt)
        if text is not None:
            self._draw_line(text)
        else:
            self._end_search(prompt)
        self._before = self.rows
        self._tell(b"\r\n", look)
        self._running(look, cursor)

    def _text_at(self, rows: tuple[str, ...], top: int, y: int, prompt: str) -> list[str] | None:
        """Return the rows of the line as it finally stood, None where they show nothing of it."""
        first = rows[top]
        if not self._begins(first, prompt) or self._bare_prompt(first, prompt):
            return None
        old = self.rows
        own = moved.line_end(old, self._anchor, self.tracker.terminal.cursor.y) - self._anchor
        while own and not old[self._anchor + own].strip():
            own -= 1
        end = top + own
        if rows[top : end + 1] != old[self._anchor : self._anchor + own + 1]:
            end = min(moved.line_end(rows, top, top, in_line=False), max(y - 1, top))
            end = max(end, top + self._rows_pasted(rows, top, prompt) - 1)
        while end > top and not rows[end].strip():
            end -= 1
        return list(rows[top : end + 1])

    def _completed(self, rows: list[str] | None) -> list[str] | None:
        """Add the letters that were typed and never seen, where the pane shows no other line."""
        if not self._owed.missing:
            return rows
        before = self._until_cursor()
        old = self.rows
        end = moved.line_end(old, self._anchor, self.tracker.terminal.cursor.y)
        after = "".join(old[self._anchor : end + 1])[len(before) :]
        whole = (before + self._owed.missing + after).rstrip()
        seen = "".join(rows).rstrip() if rows else whole
        if not (whole.startswith(seen) or seen.startswith(whole)):
            return rows
        return moved.rows_of(whole, self.rect.width)

    def _until_cursor(self) -> str:
        """Return the rows of the edited line up to the cursor."""
        cursor, rows = self.tracker.terminal.cursor, self.rows
        above = "".join(rows[self._anchor : cursor.y])
        return above + moved.cells(rows[cursor.y], cursor.x)

    def _begins(self, row: str, prompt: str) -> bool:
        """Whether a row shows the prompt where it stands, perhaps behind output."""
        if row.startswith(prompt):
            return True
        before = moved.cells(row, self._column)
        return self._column > 0 and row[len(before) :].startswith(prompt)

    def _bare_prompt(self, row: str, prompt: str) -> bool:
        """Whether a row shows the prompt and nothing typed behind it."""
        return row.rstrip().endswith(prompt.rstrip()) and self._begins(
            row[: len(row.rstrip())].ljust(len(row)), prompt.rstrip()
        )

    def _rows_pasted(self, rows: tuple[str, ...], top: int, prompt: str) -> int:
        """Return how many rows from ``top`` a paste fills that was entered before it was shown."""
        if len(self._paste) < _LINES_TOLD:
            return 0
        wide = self.rect.width
        widths = [moved.width(line) for line in self._paste]
        widths[0] += moved.width(prompt) + moved.width(self._line() or "")
        count = sum(max(1, -(-each // wide)) for each in widths)
        last = top + count - 1
        shown = last < len(rows) and rows[last].rstrip().endswith(self._paste[-1].rstrip()[-wide:])
        return count if shown else 0

    def _unseen_paste(self, prompt: str) -> list[str] | None:
        """Return the line that a paste made which was too long for the pane to show."""
        line = self._line() or ""
        if len(self._paste) < _LINES_TOLD or _bare("".join(self._paste)) in _bare(line):
            return None
        line = line.partition(self._paste[0])[0]
        lines = [prompt + line + self._paste[0], *self._paste[1:]]
        return [row for each in lines for row in moved.rows_of(each, self.rect.width)]

    def _draw_line(self, rows: list[str]) -> None:
        top = self._anchor
        self.tracker.terminal.feed(moved.line(rows, top))
        self._rows = None

    def _end_search(self, prompt: str) -> None:
        """Put the prompt back where a search of the history stands in its place."""
        row = self.rows[min(self._anchor, self.rect.height - 1)]
        if match := _SEARCH.match(row):
            self._draw_line(moved.rows_of(prompt + row[match.end() :].rstrip(), self.rect.width))

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
        rows, old = look.rows, self.rows
        up, kept = moved.shift(old, rows)
        if self._is_full_screen(old, look, cursor, kept):
            self._before = self._before or old
            self._tell(b"\x1b[?1049h", look)
            self._quietly(rows, cursor)
            return
        if self._came_back(rows, kept):
            self._quietly(self._before, (0, len(old) - 1))
            old = self.rows
            up, kept = moved.shift(old, rows)
        if not kept:
            used = sum(not row.isspace() for row in rows)
            up = len(rows) if used > len(rows) - _BLANKS_AT_MOST else 0
        here = self.tracker.terminal.cursor
        self._tell(moved.written(old, rows, (here.x, here.y), cursor, up), look)
        if self.rows != rows:
            self._quietly(rows, cursor)

    def _is_full_screen(
        self, old: tuple[str, ...], look: Look, cursor: tuple[int, int], kept: int
    ) -> bool:
        used = sum(not row.isspace() for row in old)
        below = any(row.strip() for row in look.rows[cursor[1] + 1 :])
        if self._prompt_at(look.rows, cursor) is not None:
            return False
        if self._runs_full_screen():
            return kept * 2 < used
        return kept == 0 and used > _BLANKS_AT_MOST and (below or not look.visible)

    def _runs_full_screen(self) -> bool:
        return any(
            command.program in FULL_SCREEN
            for run in self.tracker.stack.runs
            for command in run.simple
        )

    def _came_back(self, rows: tuple[str, ...], kept: int) -> bool:
        """Whether rows from before the command stand again that had been gone."""
        if not self._before or len(self._before) != len(rows):
            return False
        used = sum(not row.isspace() for row in self._before)
        back = moved.shift(self._before, rows)[1]
        if back <= kept:
            return False
        return back * 2 > used if back > _BLANKS_AT_MOST else back == used

    def _full_screen(self, look: Look, cursor: tuple[int, int]) -> None:
        old = self.rows
        kept = moved.shift(old, look.rows)[1]
        back = self._came_back(look.rows, kept)
        if back or (look.visible and self._prompt_at(look.rows, cursor) is not None):
            self._tell(b"\x1b[?1049l", look)
            self._running(look, cursor)
        else:
            self._quietly(look.rows, cursor)

    # The mirror

    def _tell(self, data: bytes, look: Look) -> None:
        tracker = self.tracker
        event = Output(
            t=look.t,
            place=look.place,
            connection=tracker.connection,
            channel=tracker.channel,
            data=data,
        )
        self._runs += tracker.output(event)
        self._rows = None
        tracker.greeting = None
        self._note_prompt()

    def _note_prompt(self) -> None:
        """Remember where the prompt stands that the tracker has just found."""
        if self.tracker.prompt is not None and not self._prompted:
            self._anchor = self.tracker.terminal.cursor.y
            self._before = ()
            self._paste = []
            self._owed.forget()
            self._column = self._start_of(self.tracker.prompt)
            self._certain = self._line() == ""
            self._enters = 0 if self._certain else self.tracker.waiting
            self._owed.seen(self._until_cursor())
        self._prompted = self.tracker.prompt is not None

    def _start_of(self, prompt: str) -> int:
        """Return the column of the prompt that has just been shown."""
        cursor = self.tracker.terminal.cursor
        row = moved.cells(self.rows[cursor.y], cursor.x)
        return 0 if row.startswith(prompt) else moved.width(row[: max(0, row.rfind(prompt))])

    def _quietly(self, rows: Sequence[str], cursor: tuple[int, int], up: int = 0) -> None:
        """Make the mirror look like the pane, with nothing of it told as output."""
        line = range(0)
        if self.tracker.prompt is not None:
            line = range(self._anchor, moved.line_end(rows, self._anchor, cursor[1]))
        self.tracker.terminal.feed(moved.drawn(self.rows, rows, cursor, up, line))
        self._rows = None

    def _line(self) -> str | None:
        """Return what is edited at the prompt, None where there is none."""
        prompt = self.tracker.prompt
        if prompt is None:
            return None
        rows = self.rows[self._anchor : self.tracker.terminal.cursor.y + 1]
        text = "".join(rows).rstrip()
        text = text[len(moved.cells(text, self._column)) :]
        return text.removeprefix(prompt.rstrip()).strip()

    def _prompt_row(self, rows: Sequence[str], lowest: int) -> int:
        """Return the row of the prompt that is nearest above."""
        prompt = (self.tracker.prompt or "").rstrip()
        for y in range(min(lowest, len(rows) - 1), -1, -1):
            if prompt and self._begins(rows[y], prompt):
                return y
        return min(lowest, len(rows) - 1)

    def _cursor_of(self, rows: Sequence[str]) -> tuple[int, int]:
        """Return where the cursor must be in a pane that has not got it: behind the last text."""
        y = max((y for y, row in enumerate(rows) if row.strip()), default=0)
        text = rows[y].rstrip()
        for prompt in self._known_prompts():
            if text == prompt.rstrip():
                return moved.width(prompt), y
        blank = prompts.is_shell_prompt(text + " ")
        return min(moved.width(text) + blank, self.rect.width - 1), y

    def _prompt_at(self, rows: Sequence[str], cursor: tuple[int, int]) -> str | None:
        """Return the shell's prompt that stands before the cursor and alone in its row."""
        text = moved.cells(rows[cursor[1]], cursor[0])
        if not text.strip() or rows[cursor[1]].rstrip() != text.rstrip():
            return None
        return text if text in self._known_prompts() or prompts.is_shell_prompt(text) else None

    def _known_prompts(self) -> list[str]:
        return [shell.prompt for shell in reversed(self.tracker.stack.shells)]

    def _take(self) -> list[Run]:
        runs, self._runs = self._runs, []
        return runs
