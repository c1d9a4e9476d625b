"""Decides which input of a terminal was a secret, before anything of it is written.

Sans-IO: takes text and moments, returns what may be written. Input is held until one of these
decides: its echo shows that it was visible; a full-screen program reacts to it; Enter ends a line
that was never echoed. When in doubt it is masked. No file, no clock, no bytes belong here.

The reasoning that keeps it safe: text is released only where the output shows that same text at the
place of an echo, so a recording that holds the output holds it anyway; all else waits, then is
masked. A program that asks for a secret answers Enter with a new line and nothing of the secret.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from recorder.recording.cast import MASK
from recorder.recording.echo import BREAK, ESCAPES, Echo
from recorder.recording.typed import Held, begun, pieces, runs
from recorder.recording.typed_secrets import SecretLine

ECHO_DEADLINE = 2.0
"""Seconds after Enter that an echo may take (type-ahead, slow links); then the line is masked."""

HELD_LIMIT = 1 << 20
"""Characters held at most; more than that is masked and let go."""

_FLOOD = 4096
"""Characters put out at once that are no echo of keys: looking for one would slow the relay."""
_STARS = frozenset("*\u2022\u25cf")


@dataclass(frozen=True, slots=True)
class Decided:
    """Input that may be written: ``masked`` characters in ``text`` stand as bullets.

    ``since`` is the moment at which the last of it was typed, as it was given to the masker.
    ``exact`` holds the packet's bytes where they were not UTF-8 and nothing in it is masked.
    """

    text: str
    masked: int = 0
    exact: bytes | None = None
    since: float = 0.0
    secrets: tuple[str, ...] = ()
    """The secrets that Enter ended in it, for their fingerprints; never to be written."""


class Masker:
    """The state of one terminal: what was typed and is undecided, what was lately put out."""

    def __init__(self) -> None:
        self._held: deque[Held] = deque()
        self._size = 0
        self._packet = 0
        self._exact: dict[int, bytes] = {}
        self._echo = Echo()
        self._line = SecretLine()

    def input(self, text: str, exact: bytes | None, now: float) -> list[Decided]:
        """Take what the candidate sent at ``now`` seconds; return what is decided already."""
        self._packet += 1
        if exact is not None:
            self._exact[self._packet] = exact
        if not self._held:
            self._echo.clear()
        secret = self._echo.asks_for_secret()
        for kind, piece in pieces(text):
            self._held.append(Held(kind, piece, self._packet, now, secret, self._echo.position))
            self._size += len(piece)
        if "\r" in text:
            self._echo.answered()
        return self._settle()

    def output(self, text: str) -> list[Decided]:
        """Take what the target sent; return input to be written before it."""
        text = self._echo.whole(text)
        decided = self._judge(text) if self._held else []
        self._echo.remember(text)
        return decided

    def expire(self, now: float) -> list[Decided]:
        """Mask lines whose echo did not come in time."""
        decided: list[Decided] = []
        while (end := self._end()) and now - self._held[end - 1].since >= ECHO_DEADLINE:
            decided += self._release(end, visible=False)
            decided += self._settle()
        return decided

    def close(self) -> list[Decided]:
        """Mask what is still undecided; the channel has ended."""
        return self._release(len(self._held), visible=False)

    @property
    def holding(self) -> bool:
        """Whether input waits for a decision."""
        return bool(self._held)

    def _settle(self) -> list[Decided]:
        """Let go what needs no echo: control keys and line ends with no text before them."""
        count = 0
        while count < len(self._held) and self._held[count].kind != "text":
            count += 1
        decided = self._release(count, visible=True)
        if self._size > HELD_LIMIT:
            decided += self._release(len(self._held), visible=False)
        return decided

    def _judge(self, text: str) -> list[Decided]:
        plain = ESCAPES.sub("", text)
        self._echo.add(plain, 2 * self._size)
        flood = len(plain) > _FLOOD
        secret = self._echo.asks_for_secret()
        decided: list[Decided] = []
        while self._held:
            end = self._end()
            upto = end or len(self._held)
            items = [self._held[index] for index in range(upto)]
            line = "".join(item.text for item in items if item.kind == "text")
            if secret or any(item.secret for item in items):
                step = self._judge_at_prompt(items, plain, end)
            else:
                step = self._judge_line(line, text, plain, end)
            step = step or ([] if flood else self._resync())
            if not step:
                break
            decided += step + self._settle()
            # What proved one line visible proves nothing about the next.
            text = plain = ""
        return decided

    def _judge_line(self, line: str, text: str, plain: str, end: int | None) -> list[Decided]:
        """Decide about the first line held, or a part of it; empty where nothing can be said."""
        upto = end or len(self._held)
        if self._echoed(line, upto) or (end and re.match(re.escape(line) + r"\r?\n", plain)):
            return self._release(upto, visible=True)
        if count := _common(line, plain, whole=end is None):
            self._echo.consume(self._echo.position - len(plain), count)
            return self._release_text(count)
        if end is None and self._echo.searches(line, plain):
            return self._release(upto, visible=True)
        if end is None and self._reacted(text, plain):
            return self._release(upto, visible=True)
        if end is None and BREAK.search(plain):
            return self._release(upto, visible=False)
        return []

    def _judge_at_prompt(self, items: Sequence[Held], plain: str, end: int | None) -> list[Decided]:
        """Decide about a line typed where a secret was asked for: only its very echo frees it."""
        if end is not None:
            return self._release(end, visible=False) if BREAK.search(plain) else []
        texts = [item for item in items if item.kind == "text"]
        line = "".join(item.text for item in texts)
        if _STARS.issuperset(line):
            return []
        if plain == line:
            return self._release(len(self._held), visible=True)
        # Quick fingers, or a busy machine: the echo of several keys comes in pieces of its own.
        at = max(texts[0].at, self._echo.used)
        count = begun(texts, self._echo.since(at))
        self._echo.consume(at, count)
        return self._release_text(count) if count else []

    def _echoed(self, line: str, upto: int) -> bool:
        """Whether the output since ends with the whole line, or shows it before a line end."""
        if len(line) < 2:  # noqa: PLR2004
            return False
        first = next(index for index in range(upto) if self._held[index].kind == "text")
        at = max(self._held[first].at, self._echo.used)
        shown = self._echo.since(at)
        for place in (f"{line}\r\n", f"{line}\n"):
            if place in shown:
                self._echo.consume(at, shown.index(place) + len(place))
                return True
        if shown.endswith(line):
            self._echo.consume_all()
            return True
        return False

    def _reacted(self, text: str, plain: str) -> bool:
        """Whether a full-screen program has taken keys: it draws something, and no stars."""
        if not self._echo.full_screen or self._echo.shared:
            return False
        return bool(text) and not (plain.strip() and _STARS.issuperset(plain.strip()))

    def _resync(self) -> list[Decided]:
        """Mask what is older than typed text whose very echo came; empty where none came.

        Input is echoed in order: what was typed before and is still undecided never will be.
        """
        for again in (False, True):
            for run in runs(self._held):
                for index in range(len(run.items)):
                    if count := run.echoed(index, self._echo, again=again):
                        decided = self._release(run.first + index, visible=False)
                        return decided + self._release_text(count)
        return []

    def _end(self) -> int | None:
        """Return how many items the first complete line has, its end included."""
        for index, item in enumerate(self._held):
            if item.kind == "end":
                return index + 1
        return None

    def _release_text(self, count: int) -> list[Decided]:
        """Release the first ``count`` characters of text and the control keys before them."""
        items = 0
        while count > 0:
            item = self._held[items]
            if item.kind == "text":
                if len(item.text) > count:
                    self._held.insert(items + 1, replace(item, text=item.text[count:]))
                    item.text = item.text[:count]
                    self._exact.pop(item.packet, None)
                count -= len(item.text)
            items += 1
        return self._release(items, visible=True)

    def _release(self, count: int, *, visible: bool) -> list[Decided]:
        """Take ``count`` items out of the queue; visible ones stay apart by packet."""
        decided: list[Decided] = []
        packet, text, masked, since = 0, "", 0, 0.0
        secrets: list[str] = []
        for _ in range(count):
            item = self._held.popleft()
            self._size -= len(item.text)
            secrets += self._line.add(item.kind, item.text, masked=not visible)
            # A secret is written as one piece: when its keys were struck is nobody's business.
            if item.packet != packet and text and visible:
                decided.append(self._decided(packet, text, masked, since, []))
                text, masked = "", 0
            packet, since = item.packet, item.since
            if item.kind == "text" and not visible:
                masked += len(item.text)
                text += MASK * len(item.text)
            else:
                text += item.text
        if text:
            decided.append(self._decided(packet, text, masked, since, secrets))
        return decided

    def _decided(
        self, packet: int, text: str, masked: int, since: float, secrets: list[str]
    ) -> Decided:
        whole = not self._held or self._held[0].packet != packet
        exact = self._exact.pop(packet, None)
        return Decided(text, masked, exact if whole and not masked else None, since, tuple(secrets))


def _common(line: str, plain: str, *, whole: bool) -> int:
    """Return how many characters of ``line`` the output begins with, 0 where that proves nothing.

    Either all of the line was echoed (and more may follow: the rest of an edited line), or all of
    the output is the beginning of the line's echo. A single character may also come at the end, as
    when the line is drawn again.
    """
    if not line or not plain:
        return 0
    if line.startswith(plain):
        return len(plain)
    if whole and plain.startswith(line):
        return len(line)
    redrawn = "\r" in plain or "\b" in plain
    return 1 if whole and len(line) == 1 and redrawn and plain.endswith(line) else 0
