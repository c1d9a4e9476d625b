"""Plays a made-up session's doings as a recorder would have recorded them, key by key.

Unlike `analyzer.signals.transcript`, whose clock ticks evenly, hands here have their own rhythm,
delete what was mistyped, recall, complete and paste. What is done, and why, is decided elsewhere.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from analyzer.edits.record import FileEdit
from analyzer.signals.transcript import Happening
from recorder.recording.cast import MASK
from recorder.recording.events import Input, Logged, Output, Place
from recorder.recording.journal import (
    ChannelClosed,
    ChannelOpened,
    ConnectionClosed,
    ConnectionOpened,
    JournalEntry,
    LoginAttempt,
    PtyRequest,
    SessionClosed,
)

_ECHO = 0.004
"""Seconds from a key to its echo."""

_COLUMNS, _LINES = 160, 40


@dataclass(slots=True)
class Hand:
    """How somebody types: seconds between keys, and how often a key is the wrong one."""

    key: float
    slips: float


class Stage:
    """The terminals of one session, and its clock.

    Attributes:
        now: Seconds since the session's start.
        happenings: What was recorded so far.

    """

    def __init__(self, source: random.Random, hand: Hand, user: str) -> None:
        self.now = 0.0
        self.happenings: list[Happening] = []
        self._source = source
        self._hand = hand
        self._user = user
        self._pane = 0
        self._offset = 0
        self._shown: dict[int, str] = {}

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now = round(self.now + seconds, 3)

    def login(self, *, refused: bool = False) -> None:
        """Log in once more, and turn to the terminal that opens, unless it is refused."""
        number = self._pane = self._pane + 1
        self.wait(0.05)
        self._log(ConnectionOpened(t=self.now, connection=number, peer="192.0.2.7"))
        self.wait(2.5)
        self._log(
            LoginAttempt(
                t=self.now,
                connection=number,
                user=self._user,
                method="password",
                methods=("publickey", "password"),
                outcome="refused" if refused else "accepted",
            )
        )
        if refused:
            self._log(ConnectionClosed(t=self.now, connection=number, reason="the client left"))
            return
        self._log(
            ChannelOpened(
                t=self.now,
                connection=number,
                channel=1,
                kind="shell",
                user=self._user,
                pty=PtyRequest(term="xterm-256color", columns=_COLUMNS, lines=_LINES),
                file=f"c{number}-1.cast",
            )
        )

    def turn_to(self, pane: int) -> None:
        """Go on in the terminal of another connection."""
        self._pane = pane

    @property
    def pane(self) -> int:
        """Return the connection whose terminal is used."""
        return self._pane

    def prompt(self, text: str) -> None:
        """Show a shell's prompt, unless it stands there."""
        if self._shown.get(self._pane) != text:
            self.show(f"\x1b[?2004h{text}")
            self._shown[self._pane] = text

    def type(self, text: str) -> None:
        """Type a text with its echo; a wrong key is deleted again."""
        self._shown.pop(self._pane, None)
        for key in text:
            if key.isalpha() and self._source.random() < self._hand.slips:
                self._key(self._source.choice("asdfhjklnmoie"))
                self.wait(self._hand.key * 2)
                self._in(b"\x7f")
                self.show("\b\x1b[K")
            self._key(key)

    def recall(self, text: str, steps: int) -> None:
        """Bring back a line of the history with the arrow key."""
        self._shown.pop(self._pane, None)
        for _ in range(steps):
            self.wait(self._hand.key * 2)
            self._in(b"\x1b[A")
            self.wait(_ECHO)
        self.show(text)

    def complete(self, begun: str, rest: str) -> None:
        """Type the beginning, and let Tab write the rest."""
        self.type(begun)
        self.wait(self._hand.key)
        self._in(b"\t")
        self.show(rest)

    def paste(self, text: str) -> None:
        """Paste a text as terminals that mark pastes do."""
        self._shown.pop(self._pane, None)
        self.wait(1)
        self._in(f"\x1b[200~{text}\x1b[201~".encode())
        self.show(text.replace("\n", "\r\n"))

    def enter(self, *, shell: bool = True) -> None:
        """Press Enter."""
        self.wait(self._hand.key)
        self._in(b"\r")
        self.show("\r\n\x1b[?2004l\r" if shell else "\r\n")

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._in(b"\x03")
        self.show("^C\r\n")

    def hide(self, count: int) -> None:
        """Type so many keys that are masked, and Enter."""
        self.wait(count * self._hand.key + 0.8)
        self._in((MASK * count + "\r").encode(), masked=count)
        self.show("\r\n")

    def press(self, keys: str, times: int, span: float) -> None:
        """Press keys over a span of seconds in a full-screen program that says little."""
        for number in range(times):
            self.wait(span / times)
            self._in(keys.encode())
            self.show(f"\x1b[{2 + number % 20};1H")

    def show(self, text: str, after: float = _ECHO) -> None:
        """Let the terminal show a text."""
        self.wait(after)
        self.happenings.append(
            Output(
                t=self.now,
                place=self._place(f"c{self._pane}-1.cast"),
                connection=self._pane,
                channel=1,
                data=text.encode(),
            )
        )

    def written(self, path: str, added: tuple[str, ...], removed: tuple[str, ...]) -> None:
        """Note that an editor wrote a file."""
        place = self._place("edit")
        self.happenings.append(
            FileEdit(
                id=f"edit-{place.offset:012d}",
                command="generated",
                connection=self._pane,
                channel=1,
                t=self.now,
                path=path,
                via="editor",
                saved="yes",
                added=added,
                removed=removed,
                complete=True,
            )
        )

    def end(self) -> None:
        """Close what is open, and the session."""
        for number in sorted({each.connection for each in self._opened()}):
            self._log(ChannelClosed(t=self.now, connection=number, channel=1))
            self._log(ConnectionClosed(t=self.now, connection=number, reason="the client left"))
        self._log(SessionClosed(t=self.now, reason="closed"))

    def _opened(self) -> list[ChannelOpened]:
        entries = [each.entry for each in self.happenings if isinstance(each, Logged)]
        return [each for each in entries if isinstance(each, ChannelOpened)]

    def _key(self, key: str) -> None:
        pace = self._hand.key * self._source.choice((0.5, 0.7, 0.9, 1.0, 1.2, 1.7))
        self.wait(pace)
        self._in(key.encode())
        self.show(key)

    def _in(self, data: bytes, masked: int = 0) -> None:
        self.happenings.append(
            Input(
                t=self.now,
                place=self._place(f"c{self._pane}-1.cast"),
                connection=self._pane,
                channel=1,
                data=data,
                masked=masked,
            )
        )

    def _log(self, entry: JournalEntry) -> None:
        place = self._place("session.jsonl")
        self.happenings.append(Logged(t=entry.t, place=place, entry=entry))

    def _place(self, file: str) -> Place:
        self._offset += 1
        return Place(file=file, offset=self._offset)
