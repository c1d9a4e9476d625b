"""Lets the bash grammar read characters that it cannot be trusted with.

Its scanner (tree-sitter-bash 0.25, ``brace_start``) hands code points to C's ``isdigit``, which is
defined up to 255 and reads beyond its table for others: ``{`` before U+ECDB4 ends the process. To
bash all of them are letters of a word, so letters within the table stand in for them meanwhile.
Nothing of bash's syntax belongs here.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, repeat

from analyzer.syntax import SimpleCommand

_LETTERS = [chr(code) for code in range(0xC0, 0x100) if chr(code).isalpha()]
_LAST = "\ufffd"
"""What is read back where a line has more such characters than there are letters."""


class StandIns:
    """The stand-ins of one text.

    Attributes:
        text: The text with its stand-ins, as long in characters as the original.

    """

    def __init__(self, text: str) -> None:
        strange = sorted({each for each in text if each > "\x7f"})
        letters = chain(_LETTERS[:-1], repeat(_LETTERS[-1]))
        there = dict(zip(strange, letters, strict=False))
        self._back = {ord(letter): each for each, letter in there.items()}
        if len(strange) >= len(_LETTERS):
            self._back[ord(_LETTERS[-1])] = _LAST
        self.text = text.translate({ord(each): letter for each, letter in there.items()})

    def read_back(self, command: SimpleCommand) -> SimpleCommand:
        """Return a command of the text with the characters that were written."""
        if not self._back:
            return command
        back = self._read
        return replace(
            command,
            argv=tuple(map(back, command.argv)),
            assignments=tuple((back(name), back(value)) for name, value in command.assignments),
            redirects=tuple(replace(each, target=back(each.target)) for each in command.redirects),
            stdin=None if command.stdin is None else back(command.stdin),
            wrappers=tuple(map(back, command.wrappers)),
            run_as=None if command.run_as is None else back(command.run_as),
            elsewhere=None if command.elsewhere is None else back(command.elsewhere),
            text=back(command.text),
        )

    def _read(self, text: str) -> str:
        return text.translate(self._back)
