"""Follows one terminal: takes in its output and its keys, and tells of its commands.

The screen says what a line is, the keys say that Enter ended it. While a command runs nothing is a
command until a prompt is seen again; the alternate screen never holds one. What is known at a
moment is `line_state`'s; prompts are `finder`'s to find and `shown`'s to take, lines are
`entered`'s, and telling of commands is `teller`'s.
"""

from __future__ import annotations

import re

from analyzer.commands import marks
from analyzer.commands.entered import EnteredLines
from analyzer.commands.finder import ShownPrompt
from analyzer.commands.line import at_right_edge, cursor_line, own_row
from analyzer.commands.line_state import LineState
from analyzer.commands.output import FRESH
from analyzer.commands.run import Greeting, Run
from analyzer.commands.shown import ShownPrompts
from analyzer.terminal import Terminal
from recorder.recording.events import Input, Output

_PAUSE = 0.03
"""Seconds within which a prompt that is printed in pieces goes on."""

_MARKS = re.compile(rb"\x1b\[\?(?:2004[hl]|1049[hl]|1047[hl]|47[hl])|" + marks.PATTERN)
_MARKS_AND_ENDS = re.compile(_MARKS.pattern + rb"|\r?\n")
_ANOTHER_END = re.compile(rb"[^\n\x1b]*+(?:\x1b(?!\[\?|\])[^\n\x1b]*+)*+\n")
"""Text up to the next line end, with nothing in it that may be a mark."""

_SEARCH = re.compile(r"\(?(?:failed )?(?:reverse-|bck-|fwd-)?i-search\)?[`:]")
_HALF_MARK = re.compile(
    rb"\x1b(?:\[(?:\?\d{0,4})?|\](?:[136]{0,3}|(?:133|633);[^\x07\x1b]{0,4096}\x1b?))?\Z"
)
_ON = b"\x1b[?2004h"
_OFF = b"\x1b[?2004l"


class Tracker:
    """Commands of one terminal channel. Feed it in order; each call returns what became known."""

    def __init__(self, connection: int, channel: int, columns: int, lines: int) -> None:
        self.connection = connection
        self.channel = channel
        self._at = at = LineState(connection, channel, columns, lines)
        self.terminal = at.terminal
        self.stack = at.stack
        self._keys = at.keys
        self._text = at.text
        self._finder = at.finder
        self._teller = at.teller
        self._endings = at.endings
        self._marks = at.marks
        self._prompts = ShownPrompts(at)
        self._lines = EnteredLines(at)
        self._held = b""
        self._printed: list[tuple[str | None, str]] = []
        self._last_output = 0.0

    @property
    def greeting(self) -> Greeting | None:
        """What was shown before the first prompt, once that is complete."""
        return self._at.greeting

    @greeting.setter
    def greeting(self, greeting: Greeting | None) -> None:
        self._at.greeting = greeting

    @property
    def holds_back(self) -> bool:
        """Whether the beginning of a mark waits for its rest, unseen by the terminal."""
        return bool(self._held)

    @property
    def prompt(self) -> str | None:
        """The prompt that a line is edited at now, None while there is none."""
        return self._at.prompt.text if self._at.prompt else None

    @property
    def continues(self) -> bool:
        """Whether the prompt that is shown asks for more of a line."""
        return self._at.prompt is not None and self._at.prompt.continuation

    @property
    def waiting(self) -> int:
        """How many keys that end a line were seen before the line's end was."""
        return len(self._endings)

    @property
    def typed_ahead(self) -> str:
        """The line whose end was seen to be typed and not to come, as it was typed; or empty."""
        return self._endings[0].typed if self._endings and self._endings[0].exact else ""

    def resize(self, columns: int, lines: int) -> None:
        """Take in a new size, in cells."""
        self.terminal.resize(columns, lines)
        if self._at.believed is not None:
            self._at.believed.resize(columns, lines)
        if self._at.prompt and not self._at.prompt.marked:
            self._at.prompt.row = 0

    def output(self, event: Output) -> list[Run]:
        """Take in what the target sent."""
        if (
            self._at.prompt
            and self._at.prompt.text is None
            and event.t - self._last_output > _PAUSE
        ):
            self._prompts.settle(event.t)
        data = self._held + event.data
        # A mark that is half there may hold one at its end, and none before.
        last = data.rfind(b"\x1b")
        half = _HALF_MARK.search(data, max(0, data.rfind(b"\x1b", 0, last))) if last >= 0 else None
        self._held = data[half.start() :] if half else b""
        self._feed(data[: half.start()] if half else data, event)
        self._after_output(event.t)
        self._last_output = event.t
        return self._teller.take()

    def input(self, event: Input) -> list[Run]:
        """Take in what the candidate sent."""
        if self._at.prompt:
            self._at.prompt.untouched = False
        if self.terminal.alternate:
            self._keys.read(event, marks=self._asks_for_marks)
            self._keys.restart()
            return []
        if self._at.prompt is None and self._at.left is None:
            quiet = event.t - self._last_output >= _PAUSE
            if quiet and not event.masked:
                self._prompts.guess(self._last_output, event.t)
        if self._at.prompt and self._at.prompt.text is None and not self._endings:
            self._prompts.settle(event.t)
        self._lines.forget_answers()
        endings = self._keys.read(event, marks=self._asks_for_marks)
        if not endings:
            self._at.left = None
        for ending in endings:
            self._lines.ended(ending)
        return self._teller.take()

    def close(self, t: float, exit_status: int | None = None) -> list[Run]:
        """Cut what runs: the terminal is gone, or the recording ends here."""
        if self._at.prompt and self._at.prompt.text and self._endings:
            self._lines.leave(self._at.line(self._at.prompt), t, self._endings[0].place)
        self._teller.announce_all(t)
        self._text.end_line()
        self._note_printed()
        self._prompts.greeted(t, prompted=False)
        self._teller.tell(self.stack.close(t, self._text.lines, exit_status))
        return self._teller.take()

    @property
    def written(self) -> tuple[str, ...]:
        """Lines that were written since the last prompt, or since the start."""
        return self._text.lines

    def take_printed(self) -> list[tuple[str | None, str]]:
        """Return the lines that were printed since this was asked last, and what ran then.

        Each has the id of the command in front, None where none was known. What a full-screen
        program draws is no line.
        """
        printed, self._printed = self._printed, []
        return printed

    def _note_printed(self) -> None:
        fresh = self._text.take_fresh()
        if fresh and not self.terminal.alternate:
            runs = self.stack.runs
            room = FRESH - len(self._printed)
            self._printed += [(runs[-1].id if runs else None, line) for line in fresh[:room]]

    @property
    def _asks_for_marks(self) -> bool:
        """Whether marks around what is pasted were asked for, or will be before they are read."""
        top = self.stack.top
        return self.terminal.bracketed_paste or (top is not None and top.marked)

    # What is shown

    def _feed(self, data: bytes, event: Output) -> None:
        position = 0
        while position < len(data):
            lines = self._at.prompt or (self._endings and self._finder.typed_ahead_possible)
            match = (_MARKS_AND_ENDS if lines else _MARKS).search(data, position)
            end = match.end() if match else len(data)
            self._show(data[position : match.start() if match else end])
            if match and match.group().endswith(b"\n"):
                self._line_end(
                    match.group(),
                    event,
                    moves=data[end : end + 1] == b"\r",
                    last=not _ANOTHER_END.match(data, end),
                )
            elif match:
                self._mark(match.group(), event)
            position = end

    def _show(self, data: bytes) -> None:
        if data:
            self.terminal.feed(data)
            self._marks.printed(data)
            if self._at.believed is not None:
                self._at.believed.feed(data)
            if self._at.prompt is None:
                self._text.feed(data)
                self._note_printed()

    def _mark(self, mark: bytes, event: Output) -> None:
        if self.terminal.alternate:
            # What a full-screen program drew last is no beginning of a line below it.
            self._text.end_line()
            self._note_printed()
        self.terminal.feed(mark)
        if mark.startswith(b"\x1b]"):
            self._semantic_mark(mark)
            return
        prompt = self._at.prompt
        if self.terminal.alternate:
            # A full-screen program switched bracketed paste on for itself.
            self._at.prompt = prompt if prompt and prompt.text else None
            return
        if mark == _ON:
            self._keys.paste_is_over()
            if self._prompts.stands_before_mark(event.t):
                return
            self._prompts.mark_follows = False
            if prompt is None:
                self._text.end_line()
                self._note_printed()
                self._teller.expand()
            self._at.prompt = self._finder.marked(event.t)
            self._at.believed = self._as_believed(self._at.prompt)
        elif mark == _OFF and prompt and prompt.marked and prompt.left is not None:
            if prompt.text is None:
                self._prompts.settle(event.t, prompt.left)
            self._lines.leave(prompt.left, event.t, event.place)

    def _as_believed(self, prompt: ShownPrompt) -> Terminal | None:
        """Return what shows a line where the shell believes it to be: at the start of a row.

        Readline does not look where the cursor is. Behind output that did not end its line it draws
        over what it cannot know of as soon as a line is recalled or edited.
        """
        size = (self.terminal.columns, self.terminal.lines)
        return Terminal(*size) if prompt.start else None

    def _semantic_mark(self, mark: bytes) -> None:
        at = (cursor_line(self.terminal), self.terminal.cursor.x)
        self._marks.take(mark, at, silent=self._at.prompt is None and self._text.empty)
        said = self._marks.take_text()
        if said is not None and self.stack.runs:
            self._teller.confirm(said)

    def _line_end(self, end: bytes, event: Output, *, moves: bool, last: bool) -> None:
        """Take in a line end; ``moves`` where a carriage return follows.

        It is the ``last`` one where none is behind it before anything that may be a mark.
        """
        typed = self._endings[0].typed if self._endings else ""
        if self._at.prompt is None and (found := self._finder.typed_ahead(event.t, typed)):
            top = self.stack.top
            self._prompts.show(found, event.t, top.prompt if top else None)
        if self._at.prompt is None:
            self._at.prompt = self._finder.continued_ahead(event.t, typed)
        prompt = self._at.prompt
        if prompt is None:
            self._show(end)
            return
        # Looking for the line takes its time, and what runs behind it may print any number of them.
        if last if prompt.marked else not self._lines.waits_for_key:
            prompt.left = self._at.line(prompt)
        self.terminal.feed(end)
        if self._at.believed is not None:
            self._at.believed.feed(end)
        if (
            prompt.left is None
            or prompt.marked
            or prompt.text is None
            or _SEARCH.match(prompt.left)
        ):
            return
        # Readline goes to the next row of a line of several rows with a carriage return behind.
        if not (moves and (not self._endings or own_row(self.terminal).strip())):
            self._lines.leave(prompt.left, event.t, event.place)

    def _after_output(self, t: float) -> None:
        prompt = self._at.prompt
        if prompt and self._endings and self._endings[0].kind == "interrupt":
            self._prompts.given_up(prompt)
        if prompt is None:
            self._teller.expand()
            if not self._prompts.mark_follows:
                self._prompts.show(self._finder.unmarked(t), t)
            if (
                self._at.prompt is None
                and not self._text.empty
                and not self._teller.awaits_expansion
            ):
                self._teller.announce_all(t)
        elif prompt.text is None and self._finder.is_whole(self._finder.text(prompt)):
            self._prompts.settle(t)
        elif prompt.untouched and not prompt.right and self._finder.text(prompt) == prompt.text:
            prompt.right = at_right_edge(self.terminal)
