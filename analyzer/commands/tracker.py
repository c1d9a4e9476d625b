"""Follows one terminal: which prompt is shown, which line is edited at it, when it is entered.

The screen says what a line is, the keys say that Enter ended it. A prompt is known by the marks of
bracketed paste where the shell sends them, else by its shape or by having been seen before, else by
somebody starting to type behind what may be one. While a command runs nothing is a command until a
prompt is seen again; the alternate screen never holds one.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

from analyzer.commands import prompts
from analyzer.commands.keys import Ending, KeyReader, Provenance
from analyzer.commands.line import before_cursor, cursor_line, edited_line, row_above, since
from analyzer.commands.open_run import OpenRun
from analyzer.commands.output import OutputText
from analyzer.commands.run import Run
from analyzer.commands.stack import Stack
from analyzer.shell import incomplete, statements
from analyzer.terminal import Terminal
from recorder.recording.events import Input, Output, Place

ECHO_WAIT = 1.5
"""Seconds by which Enter's record may trail the line end that it caused."""

TYPE_AHEAD = 1.0
"""Seconds after Enter from which a line counts as entered only when the shell took it."""

_PAUSE = 0.03
"""Seconds within which a prompt that is printed in pieces goes on."""

_TELLING = 4
"""Characters from which a prompt is told from other text."""

_MARKS = re.compile(rb"\x1b\[\?(?:2004[hl]|1049h|1047h|47h)")
_MARKS_AND_ENDS = re.compile(_MARKS.pattern + rb"|\r?\n")
_HALF_MARK = re.compile(rb"\x1b(?:\[(?:\?\d{0,4})?)?\Z")
_ON = b"\x1b[?2004h"
_OFF = b"\x1b[?2004l"


@dataclass(slots=True, kw_only=True)
class _Prompt:
    """The prompt that is shown now; ``text`` is None until it is settled.

    It begins at column ``start`` of the absolute line ``row``.
    """

    row: int
    start: int
    t: float
    marked: bool
    text: str | None = None
    continuation: bool = False
    confidence: float = 0.98
    left: str | None = None
    """The edited line as it was at the last line end."""


@dataclass(frozen=True, slots=True)
class _Left:
    """A line that was left before a key that ended it was seen."""

    prompt: _Prompt
    line: str
    t: float


class Tracker:
    """Commands of one terminal channel. Feed it in order; each call returns what became known."""

    def __init__(self, connection: int, channel: int, columns: int, lines: int) -> None:
        self.connection = connection
        self.channel = channel
        self.terminal = Terminal(columns, lines)
        self.stack = Stack()
        self._keys = KeyReader()
        self._text = OutputText()
        self._prompt: _Prompt | None = None
        self._endings: deque[Ending] = deque()
        self._left: _Left | None = None
        self._held = b""
        self._last_output = 0.0
        self._entered = 0
        self._out: list[Run] = []

    def resize(self, columns: int, lines: int) -> None:
        """Take in a new size, in cells."""
        self.terminal.resize(columns, lines)

    def output(self, event: Output) -> list[Run]:
        """Take in what the target sent."""
        if self._prompt and self._prompt.text is None and event.t - self._last_output > _PAUSE:
            self._settle(event.t)
        data = self._held + event.data
        half = _HALF_MARK.search(data)
        self._held = data[half.start() :] if half else b""
        self._feed(data[: half.start()] if half else data, event)
        self._after_output(event.t)
        self._last_output = event.t
        return self._take()

    def input(self, event: Input) -> list[Run]:
        """Take in what the candidate sent."""
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
        return self._take()

    def close(self, t: float, exit_status: int | None = None) -> list[Run]:
        """Cut what runs: the terminal is gone, or the recording ends here."""
        if self._prompt and self._prompt.text and self._endings:
            self._leave(self._line(self._prompt), t, self._endings[0].place)
        for run in self.stack.runs:
            self._announce(run, t)
        self._text.end_line()
        self._out += self.stack.close(t, self._text.lines, exit_status)
        return self._take()

    @property
    def written(self) -> tuple[str, ...]:
        """Lines that were written since the last prompt, or since the start."""
        return self._text.lines

    def _take(self) -> list[Run]:
        taken, self._out = self._out, []
        return taken

    # What is shown

    def _feed(self, data: bytes, event: Output) -> None:
        position = 0
        while position < len(data):
            lines = self._prompt is not None or self._typed_ahead()
            match = (_MARKS_AND_ENDS if lines else _MARKS).search(data, position)
            end = match.end() if match else len(data)
            self._show(data[position : match.start() if match else end])
            if match and match.group().endswith(b"\n"):
                self._line_end(match.group(), event)
            elif match:
                self._mark(match.group(), event)
            position = end

    def _show(self, data: bytes) -> None:
        if data:
            self.terminal.feed(data)
            if self._prompt is None:
                self._text.feed(data)

    def _mark(self, mark: bytes, event: Output) -> None:
        self.terminal.feed(mark)
        prompt = self._prompt
        if self.terminal.alternate:
            # A full-screen program switched bracketed paste on for itself.
            self._prompt = prompt if prompt and prompt.text else None
            return
        if mark == _ON:
            if prompt is None:
                self._text.end_line()
                self._expand()
            start = self.terminal.cursor.x
            row = cursor_line(self.terminal)
            self._prompt = _Prompt(row=row, start=start, t=event.t, marked=True)
        elif mark == _OFF and prompt and prompt.marked and prompt.left is not None:
            if prompt.text is None:
                self._settle(event.t, prompt.left)
            self._leave(prompt.left, event.t, event.place)

    def _line_end(self, end: bytes, event: Output) -> None:
        if self._prompt is None:
            self._find_typed_ahead(event.t)
        prompt = self._prompt
        if prompt is None:
            self._show(end)
            return
        prompt.left = self._line(prompt)
        self.terminal.feed(end)
        if not prompt.marked and prompt.text is not None:
            self._leave(prompt.left, event.t, event.place)

    def _after_output(self, t: float) -> None:
        prompt = self._prompt
        if prompt is None:
            self._expand()
            self._find(t)
            if self._prompt is None and not self._text.empty:
                self._announce_all(t)
        elif prompt.text is None:
            text = self._prompt_text()
            top = self.stack.top
            if (
                prompts.is_shell_prompt(text)
                or self._continues(text)
                or (top and text == top.prompt)
            ):
                self._settle(t)

    def _prompt_text(self) -> str:
        prompt = self._prompt
        if prompt is None or not prompt.marked:
            return before_cursor(self.terminal)[prompt.start if prompt else 0 :]
        return since(self.terminal, prompt.row, prompt.start)

    # Prompts

    def _find(self, t: float) -> None:
        """Look for a prompt that nothing announced, at the end of what was printed."""
        if self.terminal.alternate or not self._unmarked_possible():
            return
        text = before_cursor(self.terminal)
        start = self._unmarked_start(text) if text.strip() else None
        if start is not None:
            row = cursor_line(self.terminal)
            self._prompt = _Prompt(row=row, start=start, t=t, marked=False, confidence=0.9)
            self._settle(t)

    def _typed_ahead(self) -> bool:
        """Whether a prompt without a mark may come in one piece with what waited for it."""
        top = self.stack.top
        return bool(self._endings) and top is not None and not top.marked

    def _find_typed_ahead(self, t: float) -> None:
        """Look for the prompt that was seen last, with text behind it that was typed ahead."""
        top = self.stack.top
        if self.terminal.alternate or top is None or len(top.prompt) < _TELLING:
            return
        if edited_line(self.terminal, "").startswith(top.prompt):
            row = cursor_line(self.terminal)
            self._prompt = _Prompt(row=row, start=0, t=t, marked=False, confidence=0.8)
            self._settle(t, top.prompt)

    def _unmarked_possible(self) -> bool:
        """Whether the shells here may show a prompt without a mark."""
        top = self.stack.top
        if top is None or not top.marked or top.leaving or top.kind == "repl":
            return True
        return self.stack.may_open_shell or self.stack.may_open_repl

    def _unmarked_start(self, text: str) -> int | None:
        """Return the column of a prompt that may be believed without a mark."""
        top = self.stack.top
        in_repl = self.stack.may_open_repl or (top is not None and top.kind == "repl")
        if (
            prompts.is_shell_prompt(text)
            or self._continues(text)
            or (self.stack.may_open_shell and prompts.is_bare_prompt(text))
            or (in_repl and prompts.is_repl_prompt(text))
        ):
            return 0
        for shell in reversed(self.stack.shells):
            if not shell.marked and len(shell.prompt) > 1 and text.endswith(shell.prompt):
                return len(text) - len(shell.prompt)
        return None

    def _guess(self, event: Input) -> None:
        """Somebody types in a quiet moment behind what ends like a prompt: it may be one."""
        text = before_cursor(self.terminal)
        if (
            event.masked
            or event.t - self._last_output < _PAUSE
            or not prompts.might_be_prompt(text)
            or not self._unmarked_possible()
        ):
            return
        changed = any("PS1" in run.text for run in self.stack.runs)
        if self.stack.runs and not changed and not self.stack.may_open_shell:
            return
        self._prompt = _Prompt(
            row=cursor_line(self.terminal),
            start=0,
            t=self._last_output,
            marked=False,
            confidence=0.6,
        )
        self._settle(event.t)

    def _continues(self, text: str) -> bool:
        """Whether ``text`` is PS2 under a line that bash found incomplete."""
        runs = self.stack.runs
        return (
            len(runs) == 1
            and runs[0].kind == "command"
            and self._text.only(text)
            and prompts.is_continuation(text)
            and not (self.stack.top and self.stack.top.prompt == text)
            and not self.stack.may_open_repl
        )

    def _settle(self, t: float, line: str | None = None) -> None:
        """Take the prompt as complete; with ``line``, text that was typed ahead came with it."""
        prompt = self._prompt
        if prompt is None:
            return
        text = self._prompt_text() if line is None else self._known_start(line, prompt.start)
        if not text:
            return
        prompt.text = text
        self._left = None
        if self._continues(text):
            prompt.continuation = True
            return
        self._announce_all(t)
        identity = prompts.identify(text, row_above(self.terminal))
        lines = self._text.lines
        self._out += self.stack.returned(text, identity, lines, t, marked=prompt.marked)
        self._text.clear()

    def _known_start(self, line: str, start: int) -> str:
        bare = (
            line[start:]
            if not line.startswith(tuple(s.prompt for s in self.stack.shells))
            else line
        )
        for shell in reversed(self.stack.shells):
            if bare.startswith(shell.prompt):
                return shell.prompt
        if bare.startswith("> ") and self._continues("> "):
            return "> "
        return prompts.shape_at_start(bare) or ""

    # Lines

    def _forget_answers(self) -> None:
        """At an empty prompt, what was typed before it was an answer to a program."""
        prompt = self._prompt
        if prompt and self._line_is_empty():
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
        return self._without_prompt(self._line(prompt), prompt) == ""

    def _line(self, prompt: _Prompt) -> str:
        return edited_line(self.terminal, prompt.text or "", behind_output=prompt.start > 0)

    def _leave(self, line: str, t: float, place: Place) -> None:
        """Pair the edited line, which was left, with the key that ended it."""
        prompt = self._prompt
        if prompt is None or prompt.text is None:
            return
        if self._endings:
            self._prompt = None
            self._accept(prompt, line, self._endings.popleft(), t)
        elif self._keys.seen:
            self._left = self._left or _Left(prompt, line, t)
            self._prompt = None if prompt.marked else prompt
        else:
            origin = Provenance()
            ending = Ending(kind="enter", t=t, place=place, ordinal=0, provenance=origin)
            self._prompt = None
            prompt.confidence = min(prompt.confidence, 0.7)
            self._accept(prompt, line, ending, t)

    def _accept(self, prompt: _Prompt, line: str, ending: Ending, shown: float) -> None:
        text = self._without_prompt(line, prompt)
        if ending.kind == "eof":
            self.stack.leave()
            return
        if ending.kind == "interrupt":
            if prompt.continuation:
                self.stack.runs.clear()
            return
        t = ending.t if shown - ending.t <= TYPE_AHEAD else shown
        self._text.clear()
        if prompt.continuation and self.stack.runs:
            run = self.stack.runs[-1]
            run.add_line(text)
            self._consider(run, t)
        elif text.strip():
            self._start(text, ending, prompt, t)
        while self._endings and self._endings[0].kind == "interrupt":
            self.stack.interrupt(self._endings.popleft().t)

    def _without_prompt(self, line: str, prompt: _Prompt) -> str:
        text = prompt.text or ""
        if line.startswith(text):
            return line[len(text) :]
        shape = prompts.shape_at_start(line)
        return line[len(shape) :] if shape else line

    def _start(self, text: str, ending: Ending, prompt: _Prompt, t: float) -> None:
        top = self.stack.top
        kind = top.kind if top else "command"
        texts = statements(text) if kind == "command" and ending.provenance.pasted else [text]
        confidence = prompt.confidence if len(texts) == 1 else min(prompt.confidence, 0.85)
        for index, each in enumerate(texts):
            run = OpenRun(
                id=self._id(ending, index),
                connection=self.connection,
                channel=self.channel,
                t=t,
                text=each.strip("\n") if len(texts) > 1 else each,
                kind=kind,
                identity=self.stack.identity,
                depth=self.stack.depth,
                provenance=ending.provenance,
                confidence=confidence,
                alone=len(texts) == 1,
            )
            self.stack.start(run)
            self._consider(run, t)

    def _id(self, ending: Ending, index: int) -> str:
        stem = ending.place.file.removesuffix(".cast")
        suffix = f".{ending.ordinal:03d}" if ending.ordinal else ""
        part = f"-{index:03d}" if index else ""
        return f"{stem}-{ending.place.offset:012d}{suffix}{part}"

    # What is told

    def _consider(self, run: OpenRun, t: float) -> None:
        """Tell of a command at Enter, unless bash will say more about its text."""
        if not run.expects_expansion and not incomplete(run.text):
            self._announce(run, t)

    def _announce(self, run: OpenRun, t: float) -> None:
        if not run.announced:
            run.announced = True
            self._out.append(run.run("started", t))

    def _announce_all(self, t: float) -> None:
        for run in self.stack.runs:
            self._announce(run, t)

    def _expand(self) -> None:
        """Bash prints a line with history references again, as it runs it."""
        shown = self._text.first
        for run in self.stack.runs:
            if shown is None or run.announced or not run.expects_expansion:
                continue
            if "event not found" in shown:
                self.stack.runs.remove(run)
            elif run.expand(shown):
                self._text.drop_first()
            return
