"""Follows one terminal: which prompt is shown, which line is edited at it, when it is entered.

The screen says what a line is, the keys say that Enter ended it. While a command runs nothing is a
command until a prompt is seen again; the alternate screen never holds one. Finding prompts is
`analyzer.commands.finder`'s, telling of commands `analyzer.commands.teller`'s.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from itertools import islice

from analyzer.commands import marks, prompts
from analyzer.commands.finder import PromptFinder, ShownPrompt
from analyzer.commands.indented import indented_rows, merged
from analyzer.commands.keys import Ending, KeyReader, Provenance
from analyzer.commands.line import (
    at_right_edge,
    before_cursor,
    cursor_line,
    edited_line,
    own_row,
    row_above,
)
from analyzer.commands.output import FRESH, OutputText
from analyzer.commands.run import Greeting, Run
from analyzer.commands.shown_status import ShownStatus
from analyzer.commands.stack import Stack
from analyzer.commands.teller import Teller
from analyzer.terminal import Terminal
from recorder.recording.events import Input, Output, Place

ECHO_WAIT = 1.5
"""Seconds by which Enter's record may trail the line end that it caused."""

TYPE_AHEAD = 1.0
"""Seconds after Enter from which a line counts as entered only when the shell took it."""

_CONTRADICTED = 0.6
"""Confidence at most in a line of which plain keys say otherwise than the screen."""

_ENDINGS_MOST = 2000
"""Keys that end a line and wait for a prompt; older ones are answers to programs."""

_PAUSE = 0.03
"""Seconds within which a prompt that is printed in pieces goes on."""

_MARKS = re.compile(rb"\x1b\[\?(?:2004[hl]|1049[hl]|1047[hl]|47[hl])|" + marks.PATTERN)
_MARKS_AND_ENDS = re.compile(_MARKS.pattern + rb"|\r?\n")
_SEARCH = re.compile(r"\(?(?:failed )?(?:reverse-|bck-|fwd-)?i-search\)?[`:]")
_HALF_MARK = re.compile(
    rb"\x1b(?:\[(?:\?\d{0,4})?|\](?:[136]{0,3}|(?:133|633);[^\x07\x1b]{0,4096}\x1b?))?\Z"
)
_ON = b"\x1b[?2004h"
_OFF = b"\x1b[?2004l"


@dataclass(frozen=True, slots=True)
class _Left:
    """A line that was left before a key that ended it was seen."""

    prompt: ShownPrompt
    line: str
    t: float


class Tracker:
    """Commands of one terminal channel. Feed it in order; each call returns what became known.

    Attributes:
        greeting: What was shown before the first prompt, once that is complete.

    """

    def __init__(self, connection: int, channel: int, columns: int, lines: int) -> None:
        self.connection = connection
        self.channel = channel
        self.terminal = Terminal(columns, lines)
        self.stack = Stack()
        self.greeting: Greeting | None = None
        self._keys = KeyReader()
        self._text = OutputText()
        self._finder = PromptFinder(self.terminal, self.stack, self._text)
        self._teller = Teller(connection, channel, self.stack, self._text)
        self._prompt: ShownPrompt | None = None
        self._believed: Terminal | None = None
        self._endings: deque[Ending] = deque(maxlen=_ENDINGS_MOST)
        self._left: _Left | None = None
        self._held = b""
        self._marks = marks.ShellMarks()
        self._seen_status = ShownStatus()
        self._mark_follows = False
        self._printed: list[tuple[str | None, str]] = []
        self._last_output = 0.0

    @property
    def holds_back(self) -> bool:
        """Whether the beginning of a mark waits for its rest, unseen by the terminal."""
        return bool(self._held)

    @property
    def prompt(self) -> str | None:
        """The prompt that a line is edited at now, None while there is none."""
        return self._prompt.text if self._prompt else None

    @property
    def continues(self) -> bool:
        """Whether the prompt that is shown asks for more of a line."""
        return self._prompt is not None and self._prompt.continuation

    @property
    def waiting(self) -> int:
        """How many keys that end a line were seen before the line's end was."""
        return len(self._endings)

    def resize(self, columns: int, lines: int) -> None:
        """Take in a new size, in cells."""
        self.terminal.resize(columns, lines)
        if self._believed is not None:
            self._believed.resize(columns, lines)
        if self._prompt and not self._prompt.marked:
            self._prompt.row = 0

    def output(self, event: Output) -> list[Run]:
        """Take in what the target sent."""
        if self._prompt and self._prompt.text is None and event.t - self._last_output > _PAUSE:
            self._settle(event.t)
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
        if self._prompt:
            self._prompt.untouched = False
        if self.terminal.alternate:
            self._keys.read(event)
            self._keys.restart()
            return []
        if self._prompt is None and self._left is None:
            self._guess(event)
        if self._prompt and self._prompt.text is None and not self._endings:
            self._settle(event.t)
        self._forget_answers()
        endings = self._keys.read(event)
        if not endings:
            self._left = None
        for ending in endings:
            self._ended(ending)
        return self._teller.take()

    def close(self, t: float, exit_status: int | None = None) -> list[Run]:
        """Cut what runs: the terminal is gone, or the recording ends here."""
        if self._prompt and self._prompt.text and self._endings:
            self._leave(self._line(self._prompt), t, self._endings[0].place)
        self._teller.announce_all(t)
        self._text.end_line()
        self._note_printed()
        self._greeted(t, prompted=False)
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

    def _greeted(self, t: float, *, prompted: bool = True) -> None:
        if not self.stack.shells:
            place = (self.connection, self.channel)
            lines = self._text.lines
            self.greeting = Greeting(place=place, t=t, lines=lines, prompted=prompted)

    # What is shown

    def _feed(self, data: bytes, event: Output) -> None:
        position = 0
        while position < len(data):
            lines = self._prompt or (self._endings and self._finder.typed_ahead_possible)
            match = (_MARKS_AND_ENDS if lines else _MARKS).search(data, position)
            end = match.end() if match else len(data)
            self._show(data[position : match.start() if match else end])
            if match and match.group().endswith(b"\n"):
                self._line_end(match.group(), event, moves=data[end : end + 1] == b"\r")
            elif match:
                self._mark(match.group(), event)
            position = end

    def _show(self, data: bytes) -> None:
        if data:
            self.terminal.feed(data)
            self._marks.printed(data)
            if self._believed is not None:
                self._believed.feed(data)
            if self._prompt is None:
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
        prompt = self._prompt
        if self.terminal.alternate:
            # A full-screen program switched bracketed paste on for itself.
            self._prompt = prompt if prompt and prompt.text else None
            return
        if mark == _ON:
            if self._stands_before_mark(event.t):
                return
            self._mark_follows = False
            if prompt is None:
                self._text.end_line()
                self._note_printed()
                self._teller.expand()
            self._prompt = self._finder.marked(event.t)
            self._believed = self._as_believed(self._prompt)
        elif mark == _OFF and prompt and prompt.marked and prompt.left is not None:
            if prompt.text is None:
                self._settle(event.t, prompt.left)
            self._leave(prompt.left, event.t, event.place)

    def _as_believed(self, prompt: ShownPrompt) -> Terminal | None:
        """Return what shows a line where the shell believes it to be: at the start of a row.

        Readline does not look where the cursor is. Behind output that did not end its line it draws
        over what it cannot know of as soon as a line is recalled or edited.
        """
        size = (self.terminal.columns, self.terminal.lines)
        return Terminal(*size) if prompt.start else None

    def _semantic_mark(self, mark: bytes) -> None:
        at = (cursor_line(self.terminal), self.terminal.cursor.x)
        self._marks.take(mark, at, silent=self._prompt is None and self._text.empty)
        said = self._marks.take_text()
        if said is not None and self.stack.runs:
            self._teller.confirm(said)

    def _stands_before_mark(self, t: float) -> bool:
        """Whether the prompt came before its mark, as zsh does it; such a mark tells nothing."""
        prompt = self._prompt
        if prompt is None:
            prompt = self._finder.unmarked(t) or self._finder.first_before_mark(t)
            if prompt is None:
                return False
            self._teller.expand()
            self._show_prompt(prompt, t)
        stands = not prompt.marked and self._finder.text(prompt) == prompt.text
        self._mark_follows |= stands
        return stands

    def _line_end(self, end: bytes, event: Output, *, moves: bool) -> None:
        typed = self._endings[0].typed if self._endings else ""
        if self._prompt is None and (found := self._finder.typed_ahead(event.t, typed)):
            top = self.stack.top
            self._show_prompt(found, event.t, top.prompt if top else None)
        if self._prompt is None:
            self._prompt = self._finder.continued_ahead(event.t, typed)
        prompt = self._prompt
        if prompt is None:
            self._show(end)
            return
        prompt.left = self._line(prompt)
        self.terminal.feed(end)
        if self._believed is not None:
            self._believed.feed(end)
        if prompt.marked or prompt.text is None or _SEARCH.match(prompt.left):
            return
        # Readline goes to the next row of a line of several rows with a carriage return behind.
        if not (moves and (not self._endings or own_row(self.terminal).strip())):
            self._leave(prompt.left, event.t, event.place)

    def _after_output(self, t: float) -> None:
        prompt = self._prompt
        if prompt and self._endings and self._endings[0].kind == "interrupt":
            self._given_up(prompt)
        if prompt is None:
            self._teller.expand()
            if not self._mark_follows:
                self._show_prompt(self._finder.unmarked(t), t)
            if self._prompt is None and not self._text.empty and not self._teller.awaits_expansion:
                self._teller.announce_all(t)
        elif prompt.text is None and self._finder.is_whole(self._finder.text(prompt)):
            self._settle(t)
        elif prompt.untouched and not prompt.right and self._finder.text(prompt) == prompt.text:
            prompt.right = at_right_edge(self.terminal)

    def _given_up(self, prompt: ShownPrompt) -> None:
        """Note that a line was given up, where its prompt is shown anew and not announced again."""
        row, shown = cursor_line(self.terminal), before_cursor(self.terminal)
        if prompt.marked and prompt.text and row > prompt.row and prompt.left is not None:
            if not prompts.learned(prompt.text).fullmatch(shown):
                return
            while self._endings and self._endings[0].kind == "interrupt":
                self._endings.popleft()
            self._keys.restart()
            prompt.row, prompt.start, prompt.text, prompt.left = row, 0, shown, None

    # Prompts

    def _guess(self, event: Input) -> None:
        """Somebody types in a quiet moment: what stands before the cursor may be a prompt."""
        if event.masked or event.t - self._last_output < _PAUSE:
            return
        found = self._finder.unmarked(self._last_output) if self._mark_follows else None
        found = found or self._finder.typed_behind(self._last_output)
        self._show_prompt(found, event.t)

    def _show_prompt(self, found: ShownPrompt | None, t: float, line: str | None = None) -> None:
        if found is not None:
            self._prompt = found
            self._settle(t, line)

    def _settle(self, t: float, line: str | None = None) -> None:
        """Take the prompt as complete; with ``line``, text that was typed ahead came with it."""
        prompt = self._prompt
        if prompt is None:
            return
        finder = self._finder
        shown = finder.text(prompt) if line is None else None
        text = finder.known_start(line or "", prompt.start) if shown is None else shown
        if shown and self._keys.typed:
            text = finder.before_typed(shown, self._keys.typed)
        if not text:
            return
        if prompt.marked and finder.is_editors(text):
            self._prompt = None
            return
        prompt.text = text
        self._left = None
        if prompt.start and self._keys.typed:
            before = before_cursor(self.terminal)[: prompt.start]
            prompt.ahead = before if self._keys.typed.startswith(before) else ""
        if finder.continues(text):
            prompt.continuation = True
            return
        self._teller.announce_all(t)
        above = row_above(self.terminal).strip()
        identity = prompts.identify(text, above)
        lines = self._text.lines
        if lines and lines[-1].strip() == above and prompts.has_second_row(text, above):
            lines = lines[:-1]
        self._marks.shown(self._begins(prompt, text, above))
        self._greeted(t)
        if line is None:
            prompt.right = at_right_edge(self.terminal)
            prompt.untouched = not (self._endings or self._keys.typed)
        seen, told = self._seen_status.read(text, prompt.right), self._marks.take_status()
        status = seen if told is None else told
        runs = self.stack.returned(text, identity, lines, t, marked=prompt.marked, status=status)
        if status is None and len(runs) == 1 and runs[0].state == "finished":
            self._seen_status.learn(runs[0].command.outcome)
        self._teller.tell(runs)
        self._text.clear()

    def _begins(self, prompt: ShownPrompt, text: str, above: str) -> tuple[tuple[int, int], ...]:
        """Return where a mark of a prompt's beginning may stand."""
        here = (prompt.row, prompt.start)
        return ((prompt.row - 1, 0), here) if prompts.has_second_row(text, above) else (here,)

    # Lines

    def _forget_answers(self) -> None:
        """At an empty prompt, what was typed before it was an answer to a program."""
        prompt = self._prompt
        if prompt is None:
            return
        since = self._endings[0].t if self._endings else self._keys.since
        # The line is read off the screen only where that matters: keys are many.
        if since < prompt.t and self._line_is_empty():
            if not self._endings:
                self._keys.restart()
            while self._endings and self._endings[0].t < prompt.t:
                self._endings.popleft()
                self._keys.restart()

    def _ended(self, ending: Ending) -> None:
        if self._prompt is None and ending.kind == "interrupt":
            self._endings.clear()
            self.stack.interrupt(ending.t)
            return
        if ending.kind == "eof" and not self._line_is_empty():
            return
        left, self._left = self._left, None
        if left and ending.t - left.t <= ECHO_WAIT:
            self._prompt = None
            self._accept(left.prompt, left.line, ending, ending.t)
        else:
            self._endings.append(ending)

    def _line_is_empty(self) -> bool:
        prompt = self._prompt
        if prompt is None or prompt.text is None:
            return False
        text = self._without_prompt(self._line(prompt), prompt)
        return _without_right(text, prompt.right) == ""

    def _line(self, prompt: ShownPrompt) -> str:
        if self._believed is not None and prompt.marked and prompt.start and prompt.text:
            line = edited_line(self._believed, prompt.text)
            if line.startswith(prompt.text):
                return line
        above = 0 if prompt.row > cursor_line(self.terminal) else prompt.row
        behind = prompt.start > 0
        return edited_line(self.terminal, prompt.text or "", behind_output=behind, above=above)

    def _leave(self, line: str, t: float, place: Place) -> None:
        """Pair the edited line, which was left, with the key that ended it."""
        prompt = self._prompt
        if prompt is None or prompt.text is None:
            return
        if self._endings:
            self._prompt = None
            while _unheard(self._endings, line):
                self._endings.popleft()
            rows = indented_rows(line, prompt.text)
            ending = self._endings.popleft()
            if rows:
                ending = merged(ending, self._endings, len(rows))
                line = prompt.text + "\n".join(rows)
            self._accept(prompt, line, ending, t)
        elif self._keys.seen:
            self._left = self._left or _Left(prompt, line, t)
            self._prompt = None if prompt.marked else prompt
        else:
            origin = Provenance()
            ending = Ending(kind="enter", t=t, place=place, ordinal=0, provenance=origin)
            self._prompt = None
            prompt.confidence = min(prompt.confidence, 0.7)
            self._accept(prompt, line, ending, t)

    def _accept(self, prompt: ShownPrompt, line: str, ending: Ending, shown: float) -> None:
        text = _without_right(self._without_prompt(line, prompt).rstrip("\n"), prompt.right)
        ahead = bool(prompt.ahead) and ending.typed.startswith(prompt.ahead)
        if ending.exact and (ahead or _squeezed(text) == _squeezed(ending.typed)):
            # How rows were wrapped cannot always be told from the screen, and where the shell does
            # not know that its prompt stands behind an echo, the screen is wrong.
            text = ending.typed
        elif ending.exact and not (ending.typed and text.endswith(ending.typed)):
            prompt.confidence = min(prompt.confidence, _CONTRADICTED)
        if ending.kind == "eof":
            self.stack.leave()
            return
        if ending.kind == "interrupt":
            if prompt.continuation:
                self.stack.runs.clear()
            return
        t = ending.t if shown - ending.t <= TYPE_AHEAD else shown
        self._text.clear()
        self._believed = None
        self._marks.entered()
        if prompt.continuation and self.stack.runs:
            self._teller.extend(text, t)
        elif text.strip():
            self._teller.start(text, ending, prompt, t)
        while self._endings and self._endings[0].kind == "interrupt":
            self.stack.interrupt(self._endings.popleft().t)

    def _without_prompt(self, line: str, prompt: ShownPrompt) -> str:
        text = prompt.text or ""
        if line.startswith(text):
            return line[len(text) :]
        shape = prompts.shape_at_start(line)
        return line[len(shape) :] if shape else line


def _unheard(endings: deque[Ending], line: str) -> bool:
    """Whether a Ctrl-C was not acted upon, as the line went on and was entered."""
    first, *others = islice(endings, 2)
    entered = bool(others) and others[0].kind == "enter"
    return first.kind == "interrupt" and entered and not line.endswith("^C")


def _without_right(text: str, right: str) -> str:
    """Leave out a prompt's right part and the blanks before it, as far as it still stands there."""
    if not right or not text.rstrip().endswith(right):
        return text
    return text.rstrip()[: -len(right)].rstrip()


def _squeezed(text: str) -> str:
    return "".join(text.split())
