"""The terminal that a pane's tracker watches, kept like the pane is drawn, and what stands on it.

What is told to the tracker as output goes through here, and so does what only changes how the
mirror looks. When a line is left, and what has happened in the pane, is `pane`'s to find.
"""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.commands import prompts
from analyzer.commands.panes import moved
from analyzer.commands.run import Run
from analyzer.commands.tracker import Tracker
from recorder.recording.events import Output, Place


class Mirror:
    """A tracker, and the screen that it sees.

    Attributes:
        tracker: It knows what a command is.
        anchor: The row in which the line that is edited begins.
        column: The column in which its prompt stands, behind output that did not end its line.

    """

    def __init__(self, connection: int, channel: int, columns: int, lines: int) -> None:
        self.tracker = Tracker(connection, channel, columns, lines)
        # The multiplexer does not pass on who asked for marks around pastes.
        self.tracker.terminal.feed(b"\x1b[?2004h")
        self.anchor = 0
        self.column = 0
        self._rows: tuple[str, ...] | None = None
        self._prompted = False

    @property
    def rows(self) -> tuple[str, ...]:
        """The pane as it was seen last."""
        if self._rows is None:
            self._rows = tuple(self.tracker.terminal.display)
        return self._rows

    def resize(self, columns: int, lines: int) -> None:
        """Take in another size, in cells."""
        self.tracker.resize(columns, lines)
        self._rows = None

    # What is made of it

    def tell(self, data: bytes, t: float, place: Place) -> list[Run]:
        """Tell the tracker of output; return what became known."""
        event = Output(
            t=t,
            place=place,
            connection=self.tracker.connection,
            channel=self.tracker.channel,
            data=data,
        )
        runs = self.tracker.output(event)
        self._rows = None
        self.tracker.greeting = None
        return runs

    def quietly(self, rows: Sequence[str], cursor: tuple[int, int], up: int = 0) -> None:
        """Make the mirror look like the pane, with nothing of it told as output."""
        line = range(0)
        if self.tracker.prompt is not None:
            line = range(self.anchor, moved.line_end(rows, self.anchor, cursor[1]))
        self.tracker.terminal.feed(moved.drawn(self.rows, rows, cursor, up, line))
        self._rows = None

    def draw_line(self, rows: list[str]) -> None:
        """Make the edited line one of these rows."""
        self.tracker.terminal.feed(moved.line(rows, self.anchor))
        self._rows = None

    def prompt_appeared(self) -> bool:
        """Whether there is a prompt where there was none when asked last; remember where."""
        prompt = self.tracker.prompt
        before, self._prompted = self._prompted, prompt is not None
        if prompt is None or before:
            return False
        self.anchor = self.tracker.terminal.cursor.y
        self.column = self._start_of(prompt)
        return True

    def _start_of(self, prompt: str) -> int:
        """Return the column of the prompt that has just been shown."""
        cursor = self.tracker.terminal.cursor
        row = moved.cells(self.rows[cursor.y], cursor.x)
        return 0 if row.startswith(prompt) else moved.width(row[: max(0, row.rfind(prompt))])

    # What stands there

    def line(self) -> str | None:
        """Return what is edited at the prompt, None where there is none."""
        prompt = self.tracker.prompt
        if prompt is None:
            return None
        rows = self.rows[self.anchor : self.tracker.terminal.cursor.y + 1]
        text = "".join(rows).rstrip()
        text = text[len(moved.cells(text, self.column)) :]
        return text.removeprefix(prompt.rstrip()).strip()

    def until_cursor(self) -> str:
        """Return the rows of the edited line up to the cursor."""
        cursor, rows = self.tracker.terminal.cursor, self.rows
        above = "".join(rows[self.anchor : cursor.y])
        return above + moved.cells(rows[cursor.y], cursor.x)

    def begins(self, row: str, prompt: str) -> bool:
        """Whether a row shows the prompt where it stands, perhaps behind output."""
        if row.startswith(prompt):
            return True
        before = moved.cells(row, self.column)
        return self.column > 0 and row[len(before) :].startswith(prompt)

    def is_bare_prompt(self, row: str, prompt: str) -> bool:
        """Whether a row shows the prompt and nothing typed behind it."""
        return row.rstrip().endswith(prompt.rstrip()) and self.begins(
            row[: len(row.rstrip())].ljust(len(row)), prompt.rstrip()
        )

    def prompt_row(self, rows: Sequence[str], lowest: int) -> int:
        """Return the row of the prompt that is nearest above."""
        prompt = (self.tracker.prompt or "").rstrip()
        for y in range(min(lowest, len(rows) - 1), -1, -1):
            if prompt and self.begins(rows[y], prompt):
                return y
        return min(lowest, len(rows) - 1)

    def cursor_of(self, rows: Sequence[str]) -> tuple[int, int]:
        """Return where the cursor must be in a pane that has not got it: behind the last text."""
        y = max((y for y, row in enumerate(rows) if row.strip()), default=0)
        text = rows[y].rstrip()
        for prompt in self._known_prompts():
            if text == prompt.rstrip():
                return moved.width(prompt), y
        blank = prompts.is_shell_prompt(text + " ")
        return min(moved.width(text) + blank, self.tracker.terminal.columns - 1), y

    def prompt_at(self, rows: Sequence[str], cursor: tuple[int, int]) -> str | None:
        """Return the shell's prompt that stands before the cursor and alone in its row."""
        text = moved.cells(rows[cursor[1]], cursor[0])
        if not text.strip() or rows[cursor[1]].rstrip() != text.rstrip():
            return None
        return text if text in self._known_prompts() or prompts.is_shell_prompt(text) else None

    def is_prompt(self, row: str) -> bool:
        """Whether a row is one of its shells' prompts, or has the shape of one."""
        known = (prompt.rstrip() for prompt in self._known_prompts())
        return bool(row) and (row in known or prompts.is_shell_prompt(row + " "))

    def line_moved(
        self, rows: tuple[str, ...], top: int, end: int, prompt: str
    ) -> tuple[int, bool]:
        """Return by how many rows the edited line moved up, and whether it is seen at all."""
        old = self.rows[: end + 1]
        if old[: top + 1] == rows[: top + 1]:
            return 0, True
        if not self.is_bare_prompt(old[top], prompt):
            same = [y for y in range(top + 1) if rows[y] == old[top]]
            if same:
                # Of lines that say the same, the one below what stood above it.
                return top - max(same, key=lambda y: (rows[:y] == old[top - y : top], y)), True
        up, kept = moved.shift(old, rows)
        if kept and top - up >= 0:
            return up, True
        if top < len(rows) and self.begins(rows[top], prompt.rstrip()):
            return 0, True
        return 0, False

    def alike(self, rows: Sequence[str]) -> float:
        """Return how much of what was seen last is seen in ``rows``, 0 to 1."""
        before = self.rows
        if len(before) == len(rows) and sum(map(str.__ne__, before, rows)) <= 1:
            return 1.0
        width = max(1, min(self.tracker.terminal.columns, len(rows[0]) if rows else 1) - 1)
        old = [row[:width] for row in before if row.strip()]
        new = {row[:width] for row in rows}
        if not old:
            return 0.0 if any(row.strip() for row in rows) else 1.0
        found = sum(row in new for row in old[:-1])
        # The last line may have been typed at.
        last = old[-1].rstrip()
        return (found + any(row.startswith(last) for row in new)) / len(old)

    def _known_prompts(self) -> list[str]:
        return [shell.prompt for shell in reversed(self.tracker.stack.shells)]
