"""What one terminal's prompt and line are at a moment: what is shown, and what keys have said.

Shared by those who change it: `tracker` as output and input come, `shown` as prompts appear,
`entered` as lines are ended. Decides nothing; it only reads the line off the screen.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from analyzer.commands import prompts
from analyzer.commands.finder import PromptFinder, ShownPrompt
from analyzer.commands.keys import Ending, KeyReader
from analyzer.commands.line import cursor_line, edited_line
from analyzer.commands.marks import ShellMarks
from analyzer.commands.output import OutputText
from analyzer.commands.run import Greeting
from analyzer.commands.stack import Stack
from analyzer.commands.teller import Teller
from analyzer.terminal import Terminal

_ENDINGS_MOST = 2000
"""Keys that end a line and wait for a prompt; older ones are answers to programs."""


@dataclass(frozen=True, slots=True)
class Left:
    """A line that was left before a key that ended it was seen."""

    prompt: ShownPrompt
    line: str
    t: float


class LineState:
    """The state of one terminal channel.

    Attributes:
        place: Connection and channel.
        terminal: What is shown.
        believed: What the shell believes to be shown, where it does not know what stands there.
        stack: The shells in each other, and what runs in them.
        text: What was written since the last prompt.
        greeting: What was shown before the first prompt, once that is complete.
        prompt: The one that a line is edited at.
        endings: Keys that ended a line whose end was not seen yet.
        left: A line that was left, and whose key was not seen yet.

    """

    __slots__ = (
        "believed", "endings", "finder", "greeting", "keys", "left", "marks", "place", "prompt",
        "stack", "teller", "terminal", "text",
    )  # fmt: skip

    def __init__(self, connection: int, channel: int, columns: int, lines: int) -> None:
        self.place = (connection, channel)
        self.terminal = Terminal(columns, lines)
        self.stack = Stack()
        self.text = OutputText()
        self.keys = KeyReader()
        self.marks = ShellMarks()
        self.finder = PromptFinder(self.terminal, self.stack, self.text)
        self.teller = Teller(connection, channel, self.stack, self.text)
        self.greeting: Greeting | None = None
        self.prompt: ShownPrompt | None = None
        self.believed: Terminal | None = None
        self.endings: deque[Ending] = deque(maxlen=_ENDINGS_MOST)
        self.left: Left | None = None

    def line(self, prompt: ShownPrompt) -> str:
        """Return the row, or rows, that are edited at a prompt, with the prompt."""
        if self.believed is not None and prompt.marked and prompt.start and prompt.text:
            line = edited_line(self.believed, prompt.text)
            if line.startswith(prompt.text):
                return line
        above = 0 if prompt.row > cursor_line(self.terminal) else prompt.row
        behind = prompt.start > 0
        return edited_line(self.terminal, prompt.text or "", behind_output=behind, above=above)

    def line_is_empty(self) -> bool:
        """Whether nothing stands behind the prompt; not where none is shown."""
        prompt = self.prompt
        if prompt is None or prompt.text is None:
            return False
        text = without_prompt(self.line(prompt), prompt)
        return without_right(text, prompt.right) == ""


def without_prompt(line: str, prompt: ShownPrompt) -> str:
    """Return what stands behind the prompt; a shape of one is left out where it changed."""
    text = prompt.text or ""
    if line.startswith(text):
        return line[len(text) :]
    shape = prompts.shape_at_start(line)
    return line[len(shape) :] if shape else line


def without_right(text: str, right: str) -> str:
    """Leave out a prompt's right part and the blanks before it, as far as it still stands there."""
    if not right or not text.rstrip().endswith(right):
        return text
    return text.rstrip()[: -len(right)].rstrip()
