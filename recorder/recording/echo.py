"""What a terminal's output tells about input: what was put out since, and who asks for what.

Sans-IO, and of one terminal. Escape sequences that packets cut are put together, so that the same
output tells the same however it was split. Nothing is decided here: `recorder.recording.masking`
does that; no input is kept here.
"""

from __future__ import annotations

import re

_TAIL = 2048
_REDRAWN_MOST = 512
"""Characters in which a redrawn line is looked for: what floods the screen is none."""
_CUT_LIMIT = 256
"""Characters of an unfinished escape sequence that wait for their rest."""

ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC, DCS, SOS, PM, APC
    r"|\x1b[ -/]+[0-~]|\x1b[0-OQ-WYZ\\`-~]"  # charset and other short escapes
    r"|[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f]"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)\Z")
_SCREENS = re.compile(r"\x1b\[\?(?:\d+;)*(?:47|1047|1049)(?:;\d+)*([hl])|\x1bc")
_SHARES = re.compile(r"\b(?:tmux|screen|byobu|zellij|dtach|abduco|dvtm|mosh)\b")
_LINES_BACK = 4
_ASKS_VERSION = "\x1b[>q"
"""XTVERSION, which tmux asks of its terminal; who asks it too only has more masked."""
_WORDS = (
    r"(?:pass[ -]?(?:word|phrase|code|wd)|passwort|kennwort|mot de passe|contrase\u00f1a|\bpin\b"
    r"|\botp\b|\btoken\b|\bsecret\b|\bkey\b|verification code|encryption key)"
)
_PROMPT_HERE = re.compile(_WORDS + r"[^\r\n]{0,120}[:?>]\s*\Z", re.IGNORECASE)
_PROMPT_ANYWHERE = re.compile(_WORDS + r"[^\r\n]{0,120}[:?>] *(?![^\W_]| )", re.IGNORECASE)
"""A prompt that anything may be drawn after but words: "passwd: password updated" asks nothing."""
_WRAPPED = re.compile(r" \r(?!\n)|\x08")
BREAK = re.compile(r"[\r\n]")


class Echo:
    """The output of a terminal, as far as it can still be the echo of something.

    Attributes:
        full_screen: Whether a program has the whole screen.
        shared: Whether that program shows other terminals, such as tmux: what it draws is then no
            sign that a key was taken as a command.
        used: Up to where the output is known to be an echo of what was decided.

    """

    def __init__(self) -> None:
        self.full_screen = False
        self.shared = False
        self._tail = ""
        self._asks: bool | None = None
        self._cut = ""
        self._plain = ""
        self._start = 0
        self._since: tuple[int, str] | None = None
        self.used = 0

    @property
    def position(self) -> int:
        """How many characters, escapes aside, were put out so far."""
        return self._start + len(self._plain)

    def whole(self, text: str) -> str:
        """Return new output up to its last whole escape sequence; the rest comes next time."""
        text = self._cut + text
        match = _UNFINISHED.search(text, max(0, len(text) - _CUT_LIMIT))
        self._cut = match.group() if match else ""
        return text[: len(text) - len(self._cut)]

    def add(self, plain: str, keep: int) -> None:
        """Take new output without its escapes; keep ``keep`` characters besides the usual tail."""
        self._plain += plain
        self._since = None
        self._forget(keep + _TAIL)

    def clear(self) -> None:
        """Forget what was put out: nothing typed waits for it."""
        self._forget(0)

    def since(self, position: int) -> str:
        """Return what was put out after ``position``, without the traces of wrapped lines.

        Readline fills the last column with the character, a blank and a carriage return.
        """
        index = self._index(position)
        # Each line of a paste that waits asks this of the same place.
        if self._since is None or self._since[0] != index:
            self._since = index, _WRAPPED.sub("", self._plain[index:])
        return self._since[1]

    def redrawn_since(self, position: int) -> str:
        """Return the same with backspaces obeyed, as where a line is drawn again in colours."""
        plain = self._plain[self._index(position) :]
        if "\b" not in plain:
            return plain
        shown: list[str] = []
        column = 0
        for char in plain[:_REDRAWN_MOST]:
            if char == "\b":
                column = max(0, column - 1)
            else:
                shown[column : column + 1] = [char]
                column += 1
        return "".join(shown)

    def consume(self, position: int, count: int) -> None:
        """Note that the ``count`` characters of ``since(position)`` were the echo of something."""
        index = self._index(position)
        while count > 0 and index < len(self._plain):
            wrapped = _WRAPPED.match(self._plain, index)
            index = wrapped.end() if wrapped else index + 1
            count -= 0 if wrapped else 1
        self.used = max(self.used, self._start + index)

    def consume_all(self) -> None:
        """Note that all that was put out is accounted for."""
        self.used = self.position

    def _index(self, position: int) -> int:
        return max(0, position - self._start)

    def remember(self, text: str) -> None:
        """Note what the output did to the screen, once it has been judged."""
        begin = 0
        for match in _SCREENS.finditer(text):
            before = BREAK.split((self._tail + text[begin : match.start()]).rstrip())
            self.full_screen = match.group(1) == "h"
            self.shared = self.full_screen and any(map(_SHARES.search, before[-_LINES_BACK:]))
            self._tail, begin = "", match.end()
        self.shared = self.shared or (self.full_screen and _ASKS_VERSION in text)
        self._tail = (self._tail + text[-_TAIL:])[-_TAIL:]
        self._asks = None

    def answered(self) -> None:
        """Note Enter: a full screen may still show a prompt that was answered and asks no more."""
        if self.full_screen:
            self._tail = ""
            self._asks = None

    def searches(self, typed: str, plain: str) -> bool:
        """Whether readline's search shows in new output that it now looks for what was typed.

        It draws "(reverse-i-search)`WORDS': LINE", of which mostly only the changed end comes.
        """
        if not typed or f"{typed}': " not in plain:
            return False
        return "i-search)`" in (self._tail + plain).rpartition("\n")[2]

    def asks_for_secret(self) -> bool:
        """Whether a prompt for a secret stands on the screen."""
        if self._asks is None:
            self._asks = self._looks_for_secret()
        return self._asks

    def _looks_for_secret(self) -> bool:
        if self.full_screen:
            return _PROMPT_ANYWHERE.search(self._tail) is not None
        last_line = BREAK.split(ESCAPES.sub("", self._tail))[-1]
        return _PROMPT_HERE.search(last_line) is not None

    def _forget(self, keep: int) -> None:
        if (excess := len(self._plain) - keep) > 0:
            self._plain = self._plain[excess:]
            self._start += excess
            self._since = None
