"""What the viewer's keys note: the rules of marking, writing, ticking and taking back.

Pure: moments and words in, things to be kept out. A key may be about something that is still being
kept, as people type faster than stores write; what was typed and not kept is never thrown away.
No widget, no thread and no store belongs here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from analyzer.visible import plain
from recorder.store.noted import Kind, Note, Noting, standing
from tui.seat.feed import Findings
from tui.seat.notes.keeping import Wanted

ADDS_WORDS = 20.0
"""Seconds of the viewer's after a mark within which writing gives that mark its words."""

_ALIKE = 8
"""Characters at the beginning by which words are told to be those that were put aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A noting of the viewer's that stands: kept, or on its way under a serial."""

    noting: Noting
    number: int | None = None
    serial: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composing:
    """What is being written.

    Attributes:
        kind: What it will be.
        t: The moment at which the key was pressed, in seconds since the session's start.
        own: What it takes the place of.
        text: What the entry begins with.
        aside_t: The moment of the words that were put aside and are offered again.
        failed: They were to be kept, and could not be.

    """

    kind: Kind
    t: float
    own: Own | None = None
    text: str = ""
    aside_t: float | None = None
    failed: bool = False

    def moment(self, text: str) -> float:
        """Return which moment words are about: those put aside keep their own."""
        head = self.text[:_ALIKE]
        if self.aside_t is not None and text and (text.startswith(head) or head.startswith(text)):
            return self.aside_t
        return self.t


@dataclass(frozen=True, slots=True)
class _Step:
    """The last thing noted: what stands since, and what stood before in its place."""

    own: Own | None
    before: Noting | None
    at: float
    serial: int


class Notebook:
    """One viewer's notes of one session.

    Attributes:
        viewer: Their name, as far as it is known.
        composing: What they write now, None while they do not.

    """

    def __init__(self) -> None:
        self.viewer = ""
        self.composing: Composing | None = None
        self._known: tuple[Note, ...] = ()
        self._fresh: dict[int, Note] = {}
        self._pending: dict[int, Wanted] = {}
        self._aside: dict[tuple[Kind, int | None], list[Composing]] = {}
        self._last: _Step | None = None
        self._serial = 0

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes that stand, by the moment they are about, one's own and others'."""
        return standing([*self._known, *self._fresh.values()])

    def take_findings(self, findings: Findings) -> None:
        """Take in what is known of everybody's notes; what was kept since then stays."""
        self.viewer = findings.viewer or self.viewer
        self._known = findings.notes
        self._fresh = {n: e for n, e in self._fresh.items() if n > findings.last_note}

    def take_note(self, wanted: Wanted, note: Note) -> None:
        """Take in that something was kept."""
        self.viewer = note.who
        self._pending.pop(wanted.serial, None)
        self._fresh[note.number] = note
        last = self._last
        if last is not None and last.own is not None and last.own.serial == wanted.serial:
            own = Own(noting=_noting(note), number=note.number)
            self._last = replace(last, own=own)

    def take_failure(self, wanted: Wanted) -> bool:
        """Take in that something was not kept; return whether its words are offered again."""
        self._pending.pop(wanted.serial, None)
        if self.undoes(wanted):
            self._last = None
        noting = wanted.noting
        if noting.withdrawn or not noting.text:
            return False
        # Whatever it was to replace still stands; its words come back with the next entry.
        kind: Kind = noting.kind if noting.kind == "question" else "note"
        self._put_aside(
            Composing(kind=kind, t=noting.t, text=noting.text, aside_t=noting.t, failed=True)
        )
        return True

    @property
    def is_keeping(self) -> bool:
        """Whether something noted is still on its way."""
        return bool(self._pending)

    @property
    def failures(self) -> tuple[Composing, ...]:
        """What was written, could not be kept, and was not written again since."""
        return tuple(each for put in self._aside.values() for each in put if each.failed)

    def mark(self, t: float, now: float) -> Wanted:
        """Mark a moment."""
        return self._add(Noting(kind="mark", t=t), now)

    def begin(self, kind: Kind, t: float, now: float, about: Note | None = None) -> Composing:
        """Begin to write, at the moment at which the key was pressed.

        Args:
            kind: A note or a question.
            t: The moment.
            now: The viewer's time in seconds.
            about: One's own note that is to be changed; without it, a mark set just before gets
                the words.

        """
        own = self._fresh_mark(now) if about is None and kind == "note" else None
        if about is not None:
            own = Own(noting=_noting(about), number=about.number)
        if own is not None:
            kind = "note" if own.noting.kind == "mark" else own.noting.kind
            t = own.noting.t
        aside = self._aside.get((kind, None if own is None else own.number))
        if aside:
            put = aside.pop()
            begun = replace(put, own=own, t=t, aside_t=t if own else put.aside_t, failed=False)
        else:
            begun = Composing(kind=kind, t=t, own=own, text=own.noting.text if own else "")
        self.composing = begun
        return begun

    def _fresh_mark(self, now: float) -> Own | None:
        last = self._last
        if last is None or last.own is None or now - last.at > ADDS_WORDS:
            return None
        return last.own if last.own.noting.kind == "mark" else None

    def keep(self, text: str, now: float) -> Wanted | None:
        """End writing; return what is to be kept, None where nothing was written or changed."""
        begun, self.composing = self.composing, None
        words = text.strip()
        if begun is None or not words:
            return None
        noting = Noting(kind=begun.kind, t=begun.moment(text), text=words)
        if begun.own is None:
            return self._add(noting, now)
        if words == _as_shown(begun.own.noting):
            return None
        return self._replace(begun.own, noting, now)

    def discard(self, text: str) -> bool:
        """End writing without keeping; return whether there are words, which are put aside."""
        begun, self.composing = self.composing, None
        if begun is None or not text.strip():
            return False
        if begun.own is not None and text.strip() == _as_shown(begun.own.noting):
            return False
        self._put_aside(replace(begun, text=text, aside_t=begun.moment(text)))
        return True

    def _put_aside(self, begun: Composing) -> None:
        about = None if begun.own is None else begun.own.number
        self._aside.setdefault((begun.kind, about), []).append(begun)

    def ticked(self, task: str) -> Own | None:
        """Return the viewer's tick of a task, kept or on its way, None where there is none."""
        return self._own("task", task)

    def said(self, left: int) -> bool:
        """Whether anybody has made the announcement of so many minutes left."""
        kept = any(e.kind == "announced" and e.subject == str(left) for e in self.notes)
        return kept or self._own("announced", str(left)) is not None

    def tick(self, task: str, t: float, now: float) -> Wanted:
        """Tick a task, or take the tick back."""
        own = self.ticked(task)
        if own is not None:
            return self._withdraw(own, now)
        return self._add(Noting(kind="task", t=t, subject=task), now)

    def announce(self, left: int, t: float, now: float) -> Wanted:
        """Keep that the announcement of so many minutes left was made."""
        return self._add(Noting(kind="announced", t=t, subject=str(left)), now)

    def withdraw(self, note: Note, now: float) -> Wanted | None:
        """Take back a note of one's own; None where it is being replaced or taken back already."""
        if any(each.noting.replaces == note.number for each in self._pending.values()):
            return None
        return self._withdraw(Own(noting=_noting(note), number=note.number), now)

    def undo(self, now: float) -> Wanted | None:
        """Undo what was noted last, None where that was not the last thing done."""
        last, self._last = self._last, None
        if last is None:
            return None
        if last.own is None:
            wanted = None if last.before is None else self._add(last.before, now)
        elif last.before is None:
            wanted = self._withdraw(last.own, now)
        else:
            wanted = self._replace(last.own, last.before, now)
        self._last = None
        return wanted

    def undoes(self, wanted: Wanted) -> bool:
        """Whether `undo` would be about this: it was noted last, and is no undoing itself."""
        return self._last is not None and self._last.serial == wanted.serial

    def forget_last(self) -> None:
        """Something else was done: it cannot be undone as the last thing any more."""
        self._last = None

    def _own(self, kind: Kind, subject: str) -> Own | None:
        found: Own | None = None
        for each in self.notes:
            if (each.kind, each.subject, each.who) == (kind, subject, self.viewer):
                found = Own(noting=_noting(each), number=each.number)
        for serial, wanted in self._pending.items():
            noting = wanted.noting
            if (noting.kind, noting.subject) == (kind, subject):
                found = None if noting.withdrawn else Own(noting=noting, serial=serial)
        return found

    def _add(self, noting: Noting, now: float) -> Wanted:
        wanted = self._want(replace(noting, replaces=None))
        own = Own(noting=noting, serial=wanted.serial)
        self._last = _Step(own, None, now, wanted.serial)
        return wanted

    def _replace(self, own: Own, noting: Noting, now: float) -> Wanted:
        wanted = self._want(replace(noting, replaces=own.number), own)
        fresh = Own(noting=noting, serial=wanted.serial)
        self._last = _Step(fresh, own.noting, now, wanted.serial)
        return wanted

    def _withdraw(self, own: Own, now: float) -> Wanted:
        gone = replace(own.noting, replaces=own.number, withdrawn=True)
        wanted = self._want(gone, own)
        self._last = _Step(None, own.noting, now, wanted.serial)
        return wanted

    def _want(self, noting: Noting, own: Own | None = None) -> Wanted:
        self._serial += 1
        after = own.serial if own is not None and own.number is None else None
        wanted = Wanted(serial=self._serial, noting=noting, after=after)
        self._pending[wanted.serial] = wanted
        return wanted


def _noting(note: Note) -> Noting:
    """Return what a note says, without who and when, to be said again."""
    return Noting(kind=note.kind, t=note.t, text=note.text, subject=note.subject)


def _as_shown(noting: Noting) -> str:
    """Return words as the entry has them: what a terminal would act on is spelled out there."""
    return plain(noting.text).strip()
