"""What was typed and is undecided: its pieces, and which of them the output shows to be visible.

Sans-IO. A run is text typed in one go, without a control key in it. That anything is masked, and
when, is for `recorder.recording.masking` to say.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from recorder.recording.echo import Echo

Kind = Literal["text", "control", "end"]

_RUNS_SEEN = 64
"""Items looked at for an echo out of turn; of more, the oldest are decided first."""

_PROOF = 3
"""Characters whose very echo proves that what follows an undecided key is visible."""

_INPUT = re.compile(
    r"(?P<control>\x1b\[[0-?]*[ -/]*[@-~]|\x1bO[ -~]|\x1b)"
    r"|(?P<end>\r\n|[\r\n\x03\x04\x1a\x1c])"
    r"|(?P<other>[\x00-\x1f\x7f]+?)"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
)
_META = re.compile(r"\x1b[ -~]\Z")


@dataclass(slots=True)
class Held:
    """A piece of input that waits for a decision.

    Attributes:
        secret: A prompt for a secret stood on the screen when this was typed.
        at: Where in the output this was typed: its echo cannot come before.

    """

    kind: Kind
    text: str
    packet: int
    since: float
    secret: bool
    at: int


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces of text that follow each other; ``first`` is the place of the first among all held.

    Attributes:
        ended: Enter or the like comes next.
        whole: It is all that its line has.

    """

    first: int
    items: Sequence[Held]
    ended: bool
    whole: bool

    def echoed(self, index: int, echo: Echo, *, again: bool) -> int:
        """Return how many characters from the item at ``index`` the output shows, 0 for none.

        Only output that begins when they were typed, and is nothing but their echo, shows them; or
        the whole line, with the line's end behind it. None that a prompt for a secret stood over.

        Args:
            index: Of an item in this run.
            echo: The output.
            again: Take also output that was another input's echo, but only for a complete line: a
                key that was never echoed may have taken the echo of the line's first.

        """
        items = list(itertools.takewhile(lambda item: not item.secret, self.items[index:]))
        ended = self.ended and len(items) == len(self.items) - index
        if not items or (again and not ended):
            return 0
        begin = items[0].at if again else max(items[0].at, echo.used)
        length = 0
        since, redrawn = echo.since(begin), echo.redrawn_since(begin)
        # Mostly they are the same: who looks once holds the relay up half as long.
        for shown in (since,) if redrawn == since else (since, redrawn):
            length = length or _line_shown(
                items, shown, ended=ended, whole=self.whole and not index
            )
            length = length or (0 if again else begun(items, shown))
        if length:
            echo.consume(begin, length)
        return min(length, sum(len(item.text) for item in items))


def _line_shown(items: Sequence[Held], shown: str, *, ended: bool, whole: bool) -> int:
    """Return up to where ``shown`` has the line and its end, 0 where it has not."""
    text = "".join(item.text for item in items)
    for line in (f"{text}\r\n", f"{text}\n") if ended else ():
        found = shown.find(line)
        if found == 0 and (whole or len(text) > 1):
            return len(line)
        if found > 0 and whole and len(text) > 1:
            return found + len(line)
    return 0


def begun(items: Sequence[Held], shown: str) -> int:
    """Return how long ``shown`` is where it is nothing but the beginning of these, 0 else.

    It must be long enough to be no chance, and no part of it may be older than its key.
    """
    text = "".join(item.text for item in items)
    enough = len(shown) >= _PROOF
    return len(shown) if enough and text.startswith(shown) and _in_order(items, len(shown)) else 0


def pieces(text: str) -> list[tuple[Kind, str]]:
    """Cut a packet of input into text, control keys and line ends."""
    if _META.match(text):
        return [("control", text)]
    found: list[tuple[Kind, str]] = []
    for match in _INPUT.finditer(text):
        match match.lastgroup:
            case "text":
                found.append(("text", match.group()))
            case "end":
                found.append(("end", match.group()))
            case _:
                found.append(("control", match.group()))
    return found


def runs(held: Sequence[Held]) -> Iterator[Run]:
    """Yield the runs of text among what is held, the oldest first."""
    fresh = True
    index = 0
    window = list(itertools.islice(held, _RUNS_SEEN))
    while index < len(window):
        if window[index].kind != "text":
            fresh = window[index].kind == "end"
            index += 1
            continue
        items = list(itertools.takewhile(lambda item: item.kind == "text", window[index:]))
        after = window[index + len(items)] if index + len(items) < len(window) else None
        ended = after is not None and after.kind == "end"
        yield Run(index, items, ended, fresh)
        index += len(items)


def _in_order(items: Sequence[Held], count: int) -> bool:
    """Whether each of the first ``count`` characters was typed before its place in the output."""
    place = 0
    for item in items:
        if place >= count:
            return True
        if item.at > items[0].at + place:
            return False
        place += len(item.text)
    return True
