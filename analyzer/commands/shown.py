"""Takes prompts as shown: as a mark, a shape or somebody's typing tells of them, until they settle.

What a prompt's coming means is said from here: what ran is over, or a line goes on. Looking for
prompts is `finder`'s, lines are `entered`'s.
"""

from __future__ import annotations

from analyzer.commands import prompts
from analyzer.commands.finder import ShownPrompt
from analyzer.commands.line import at_right_edge, before_cursor, cursor_line, row_above
from analyzer.commands.line_state import LineState
from analyzer.commands.run import Greeting
from analyzer.commands.shown_status import ShownStatus


class ShownPrompts:
    """The prompts of one terminal.

    Attributes:
        mark_follows: Marks come behind this shell's prompts, and tell nothing of where they begin.

    """

    def __init__(self, at: LineState) -> None:
        self._at = at
        self._seen_status = ShownStatus()
        self.mark_follows = False

    def guess(self, last_output: float, t: float) -> None:
        """Take what stands before the cursor for a prompt, as somebody types in a quiet moment."""
        finder = self._at.finder
        found = finder.unmarked(last_output) if self.mark_follows else None
        self.show(found or finder.typed_behind(last_output), t)

    def show(self, found: ShownPrompt | None, t: float, line: str | None = None) -> None:
        """Take a prompt that was found, if one was; ``line`` as for `settle`."""
        if found is not None:
            self._at.prompt = found
            self.settle(t, line)

    def settle(self, t: float, line: str | None = None) -> None:
        """Take the prompt as complete; with ``line``, text that was typed ahead came with it."""
        at = self._at
        prompt = at.prompt
        if prompt is None:
            return
        finder = at.finder
        shown = finder.text(prompt) if line is None else None
        text = finder.known_start(line or "", prompt.start) if shown is None else shown
        if shown and at.keys.typed:
            text = finder.before_typed(shown, at.keys.typed)
        if not text:
            return
        if prompt.marked and finder.is_editors(text):
            at.prompt = None
            return
        prompt.text = text
        at.left = None
        if prompt.start and at.keys.typed:
            before = before_cursor(at.terminal)[: prompt.start]
            prompt.ahead = before if at.keys.typed.startswith(before) else ""
        if finder.continues(text):
            prompt.continuation = True
            return
        at.teller.announce_all(t)
        above = row_above(at.terminal).strip()
        identity = prompts.identify(text, above)
        lines = at.text.lines
        if lines and lines[-1].strip() == above and prompts.has_second_row(text, above):
            lines = lines[:-1]
        at.marks.shown(self._begins(prompt, text, above))
        self.greeted(t)
        if line is None:
            prompt.right = at_right_edge(at.terminal)
            prompt.untouched = not (at.endings or at.keys.typed)
        seen, told = self._seen_status.read(text, prompt.right), at.marks.take_status()
        status = seen if told is None else told
        runs = at.stack.returned(text, identity, lines, t, marked=prompt.marked, status=status)
        if status is None and len(runs) == 1 and runs[0].state == "finished":
            self._seen_status.learn(runs[0].command.outcome)
        at.teller.tell(runs)
        at.text.clear()

    def _begins(self, prompt: ShownPrompt, text: str, above: str) -> tuple[tuple[int, int], ...]:
        """Return where a mark of a prompt's beginning may stand."""
        here = (prompt.row, prompt.start)
        return ((prompt.row - 1, 0), here) if prompts.has_second_row(text, above) else (here,)

    def greeted(self, t: float, *, prompted: bool = True) -> None:
        """Keep what was written as the greeting, as long as no shell was seen."""
        if not self._at.stack.shells:
            at = self._at
            lines = at.text.lines
            at.greeting = Greeting(place=at.place, t=t, lines=lines, prompted=prompted)

    def given_up(self, prompt: ShownPrompt) -> None:
        """Note that a line was given up, where its prompt is shown anew and not announced again."""
        at = self._at
        row, shown = cursor_line(at.terminal), before_cursor(at.terminal)
        if prompt.marked and prompt.text and row > prompt.row and prompt.left is not None:
            if not prompts.learned(prompt.text).fullmatch(shown):
                return
            while at.endings and at.endings[0].kind == "interrupt":
                at.endings.popleft()
            at.keys.restart()
            prompt.row, prompt.start, prompt.text, prompt.left = row, 0, shown, None

    def stands_before_mark(self, t: float) -> bool:
        """Whether the prompt came before its mark, as zsh does it; such a mark tells nothing."""
        at = self._at
        prompt = at.prompt
        if prompt is None:
            prompt = at.finder.unmarked(t) or at.finder.first_before_mark(t)
            if prompt is None:
                return False
            at.teller.expand()
            self.show(prompt, t)
        stands = not prompt.marked and at.finder.text(prompt) == prompt.text
        self.mark_follows |= stands
        return stands
