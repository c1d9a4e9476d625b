"""Finds the prompt that one terminal shows, and tells it from other text.

A prompt is known by the marks of bracketed paste where the shell sends them, else by its shape or
by having been seen before, else by somebody starting to type behind what may be one. Only looks:
the terminal, its shells and what was written are the tracker's to change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.commands import prompts
from analyzer.commands.line import before_cursor, cursor_line, edited_line, first_row, since
from analyzer.commands.output import OutputText
from analyzer.commands.shells import leaves_shell
from analyzer.commands.stack import Stack
from analyzer.shell import incomplete
from analyzer.terminal import Terminal

UNMARKED = 0.8
"""Confidence in a prompt that nothing announced: any program can print one and read a line."""

_SHARE = frozenset({"joe", "jmacs", "jpico", "jstar", "rjoe"})
"""Editors that draw on the main screen, and switch bracketed paste on for themselves."""

_TELLING = 4
"""Characters from which a prompt is told from other text."""


@dataclass(slots=True, kw_only=True)
class ShownPrompt:
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
    right: str = ""
    """What stands at the right edge of its row, as zsh's RPS1 does."""
    untouched: bool = False
    """No key was pressed since it was drawn: what is drawn behind it is the shell's own."""
    ahead: str = ""
    """What the terminal had echoed of the line before the prompt came behind it."""


class PromptFinder:
    """Looks at one terminal for prompts."""

    def __init__(self, terminal: Terminal, stack: Stack, text: OutputText) -> None:
        self._terminal = terminal
        self._stack = stack
        self._text = text

    def marked(self, t: float) -> ShownPrompt:
        """Return the prompt that the shell has just announced."""
        start, row = self._terminal.cursor.x, cursor_line(self._terminal)
        return ShownPrompt(row=row, start=start, t=t, marked=True)

    def unmarked(self, t: float) -> ShownPrompt | None:
        """Look for a prompt that nothing announced, at the end of what was printed."""
        if self._terminal.alternate or not self._unmarked_possible():
            return None
        text = before_cursor(self._terminal)
        start = self._unmarked_start(text) if text.strip() else None
        return None if start is None else self._here(start, t, confidence=UNMARKED)

    def first_before_mark(self, t: float) -> ShownPrompt | None:
        """Take what the cursor stands behind for the first prompt, as a mark comes behind it.

        A greeting ends with its line, so a shell that marks in front of its prompt does so at the
        start of a row: this one is zsh's way.
        """
        if self._stack.shells or self._stack.runs or self._terminal.alternate:
            return None
        text = before_cursor(self._terminal)
        return self._here(0, t, confidence=0.9) if prompts.might_be_prompt(text) else None

    @property
    def typed_ahead_possible(self) -> bool:
        """Whether a prompt without a mark may come in one piece with what waited for it."""
        top = self._stack.top
        return top is not None and not top.marked

    def typed_ahead(self, t: float, typed: str) -> ShownPrompt | None:
        """Look for the prompt that was seen last, with ``typed`` behind it, as that came ahead.

        What the terminal echoed of it before the shell asked may stand before the prompt.
        """
        top = self._stack.top
        if self._terminal.alternate or top is None:
            return None
        line = edited_line(self._terminal, "")
        match = prompts.learned(top.prompt).search(line)
        if match is None or line[: match.start()] not in typed:
            return None
        if len(top.prompt) < _TELLING and (not typed or line[match.end() :] != typed):
            return None
        found = self._here(match.start(), t, confidence=0.8)
        found.ahead = line[: match.start()]
        return found

    def continued_ahead(self, t: float, typed: str) -> ShownPrompt | None:
        """Look for PS2 with ``typed`` behind it, under a line that was typed ahead and goes on."""
        runs = self._stack.runs
        if len(runs) != 1 or runs[0].kind != "command" or not incomplete(runs[0].text):
            return None
        line = edited_line(self._terminal, "")
        if self._terminal.alternate or not typed or line != f"> {typed}":
            return None
        found = self._here(0, t, confidence=0.8)
        found.text, found.continuation = "> ", True
        return found

    def typed_behind(self, t: float) -> ShownPrompt | None:
        """Take what ends like a prompt for one, as somebody begins to type behind it."""
        text = before_cursor(self._terminal)
        if not prompts.might_be_prompt(text) or not self._unmarked_possible():
            return None
        runs = self._stack.runs
        top = self._stack.top
        changed = any("PS1" in run.text or leaves_shell(run.simple, run.text) for run in runs)
        changed |= top is not None and prompts.alike(text, top.prompt)
        if runs and not changed and not self._stack.may_open_shell:
            return None
        return self._here(0, t, confidence=0.6)

    def text(self, prompt: ShownPrompt) -> str:
        """Return what the screen shows of a prompt, up to the cursor."""
        if prompt.marked:
            return since(self._terminal, prompt.row, prompt.start)
        return before_cursor(self._terminal)[prompt.start :]

    def is_whole(self, text: str) -> bool:
        """Whether ``text`` is surely a prompt to its end."""
        top = self._stack.top
        return (
            prompts.is_shell_prompt(text)
            or self.continues(text)
            or (top is not None and prompts.learned(top.prompt).fullmatch(text) is not None)
        )

    def is_editors(self, text: str) -> bool:
        """Whether ``text`` stands in an editor that announces pastes and shares the main screen."""
        runs, top = self._stack.runs, self._stack.top
        if not runs or top is None or not any(c.program in _SHARE for c in runs[-1].simple):
            return False
        known = prompts.learned(top.prompt).fullmatch(text)
        return known is None and not prompts.is_shell_prompt(text)

    def continues(self, text: str) -> bool:
        """Whether ``text`` is PS2 under a line that bash found incomplete."""
        runs = self._stack.runs
        return (
            len(runs) == 1
            and runs[0].kind == "command"
            and self._text.only(text)
            and prompts.is_continuation(text)
            and not (self._stack.top and prompts.learned(self._stack.top.prompt).fullmatch(text))
            and (not self._stack.may_open_repl or incomplete(runs[0].text))
        )

    def known_start(self, line: str, start: int) -> str:
        """Return the prompt that a line begins with, empty where none is known."""
        known = [prompts.learned(shell.prompt) for shell in reversed(self._stack.shells)]
        for bare in (line, line[start:]):
            for pattern in known:
                if (match := pattern.match(bare)) and match.group():
                    return match.group()
        bare = line[start:]
        if bare.startswith("> ") and self.continues("> "):
            return "> "
        return prompts.shape_at_start(bare) or ""

    def before_typed(self, text: str, typed: str) -> str:
        """Return the prompt in ``text``, without what was typed before it came and stands behind.

        That the shell puts it there again, and often in one piece with the prompt, is all that
        tells it from a longer prompt.
        """
        start = "" if self.is_whole(text) else self.known_start(text, 0)
        return start if start and text[len(start) :] in typed else text

    def _here(self, start: int, t: float, *, confidence: float) -> ShownPrompt:
        row = first_row(self._terminal)
        return ShownPrompt(row=row, start=start, t=t, marked=False, confidence=confidence)

    def _unmarked_possible(self) -> bool:
        """Whether the shells here may show a prompt without a mark."""
        top = self._stack.top
        if top is None or not top.marked or top.leaving or top.kind == "repl":
            return True
        return self._stack.may_open_shell or self._stack.may_open_repl

    def _unmarked_start(self, text: str) -> int | None:
        """Return the column of a prompt that may be believed without a mark."""
        top = self._stack.top
        in_repl = self._stack.may_open_repl or (top is not None and top.kind == "repl")
        if (
            prompts.is_shell_prompt(text)
            or self.continues(text)
            or (self._stack.may_open_shell and prompts.is_bare_prompt(text))
            or (in_repl and prompts.is_repl_prompt(text))
        ):
            return 0
        for shell in reversed(self._stack.shells):
            if shell.marked or len(shell.prompt) < 2:  # noqa: PLR2004 - a mark alone tells nothing
                continue
            if match := re.search(rf"(?:{prompts.learned(shell.prompt).pattern})\Z", text):
                return match.start()
        return None
