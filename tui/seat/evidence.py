"""What a chosen tag rests on: which piece one looks at, and where it stands on the screen.

Marks only what the recording says itself: the text as it was recorded, with nothing forgiven but
how much white space there is. A printed line must be a whole line, a command must be what follows a
prompt. What cannot be told from something alike is not marked. Pure; no widget belongs here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from analyzer.cells import Frame
from analyzer.search.joined import join, place_of
from analyzer.search.text import normal
from tui.seat.feed import Picture, TerminalKey
from tui.seat.highlights import Mark
from tui.seat.transport import LEAD, clock_words

if TYPE_CHECKING:
    from analyzer.records import Evidence, Tag

ON_SCREEN = frozenset({"command", "output", "edit"})
"""Kinds of evidence that a screen can show."""

_CUT = 300
"""Characters at which the analyzer cuts what it cites (`analyzer.signals.found`); a test holds the
two together, as importing that takes longer than the first screen may."""

_LEAST = 2
"""Characters of a line that is worth marking."""

_PROMPT = re.compile(r"[$#%>\]:)\u276f\u279c\u00bb\u03bb]\s*\Z")
"""What may stand before a command on its line: a prompt's last character, or nothing at all."""

_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class _Joined:
    """A line of the screen: its first row, its text as the screen has it."""

    row: int
    text: str


def _is_cut(text: str) -> bool:
    """Whether a text is as long as evidence is kept."""
    # Takes long to import, and the first picture stands before any evidence does.
    from analyzer.signals.found import TEXT_MOST  # noqa: PLC0415

    return len(text) >= TEXT_MOST


def place_of_evidence(evidence: Evidence) -> TerminalKey | None:
    """Return the terminal that a piece of evidence belongs to."""
    if evidence.connection is None or evidence.channel is None:
        return None
    return TerminalKey(evidence.connection, evidence.channel)


class TagEvidence:
    """One tag after the other, and the piece of its evidence that was gone to.

    Attributes:
        tag: The tag that was chosen; None where there is none.
        index: The piece that was gone to; None before the first.

    """

    def __init__(self) -> None:
        self.tag: Tag | None = None
        self.index: int | None = None

    def choose(self, tag: Tag | None) -> None:
        """Look at another tag, none of its evidence yet; the same one again changes nothing."""
        if self.tag is None or tag is None or tag.id != self.tag.id:
            self.tag, self.index = tag, None

    def is_behind(self, position: float, reached: float | None) -> bool:
        """Whether the replay has left the chosen tag: one looks at another, or at none.

        Args:
            position: Where it stands, in seconds.
            reached: When the tag was established that it has reached last; None before the first.

        """
        if self.tag is None:
            return True
        begins = min([each.t for each in self.tag.evidence], default=self.tag.t)
        later = reached is not None and reached > self.tag.t
        return later or position < min(begins, self.tag.t) - LEAD - _SAME

    def step(self) -> Evidence | None:
        """Go to the next piece of evidence, after the last to the first; None where none is."""
        if self.tag is None or not self.tag.evidence:
            return None
        self.index = 0 if self.index is None else (self.index + 1) % len(self.tag.evidence)
        return self.tag.evidence[self.index]

    @property
    def current(self) -> Evidence | None:
        """The piece that was gone to."""
        if self.tag is None or self.index is None:
            return None
        return self.tag.evidence[self.index]

    def marks(self, frame: Frame, picture: Picture) -> list[Mark]:
        """Return where the evidence stands on a screen; the piece gone to is the current one."""
        if self.tag is None:
            return []
        current = self.current
        found: list[Mark] = []
        for each in self.tag.evidence:
            key = place_of_evidence(each)
            # Before its moment it cannot be there, whatever looks like it.
            if key == picture.terminal and each.t <= picture.t + _SAME:
                at_once = abs(each.t - picture.t) < _SAME
                found += find_evidence(frame, each, newest=at_once, current=each is current)
        return found

    def words(self, picture: Picture | None, marks: Sequence[Mark]) -> str:
        """Return what is said of the piece that was gone to, as long as nobody went elsewhere."""
        current = self.current
        if current is None or self.tag is None or self.index is None:
            return ""
        if picture is None or abs(picture.t - current.t) > _SAME:
            return ""
        words = f"evidence {self.index + 1} of {len(self.tag.evidence)}: {current.kind}"
        words += f" {clock_words(current.t)}"
        if any(mark.current for mark in marks):
            return words
        return f"{words} · {_why_not(current, picture)}"


def _why_not(evidence: Evidence, picture: Picture) -> str:
    if evidence.kind not in ON_SCREEN:
        return "nothing that a screen shows"
    if place_of_evidence(evidence) != picture.terminal:
        return "on no terminal that is shown"
    return "not to be found on the screen"


def find_evidence(
    frame: Frame, evidence: Evidence, *, newest: bool, current: bool = False
) -> list[Mark]:
    """Return the cells of a screen on which a piece of evidence stands.

    Args:
        frame: The screen, at the moment of the evidence or later.
        evidence: What is looked for.
        newest: Of several that are alike, the lowest is meant, as it has only just come; else none
            of them is marked.
        current: What is marked is what was gone to.

    """
    if evidence.kind not in ON_SCREEN or len(evidence.text.strip()) < _LEAST:
        return []
    # Where a row ends with a blank it cannot be seen whether it goes on: that is tried second.
    groups = _groups(_lines(frame, blank=False), evidence) or _groups(
        _lines(frame, blank=True), evidence
    )
    if not groups or (len(groups) > 1 and not newest):
        return []
    return [
        mark for line, start, end in groups[-1] for mark in _marks(line, start, end, frame, current)
    ]


_Span = tuple[_Joined, int, int]


def _groups(lines: Sequence[_Joined], evidence: Evidence) -> list[list[_Span]]:
    """Return each place where a piece of evidence stands, as what is to be marked there."""
    if evidence.kind == "output":
        return [[span] for span in _whole_lines(lines, evidence.text)]
    if evidence.kind == "command":
        return _commands(lines, evidence.text)
    # Each line that was put into the file stands for itself.
    spans = [span for line in lines if (span := _edited(line, evidence.text))]
    return [spans] if spans else []


def _lines(frame: Frame, *, blank: bool) -> list[_Joined]:
    """Return the lines that rows make up.

    Args:
        frame: The screen; it does not tell which rows are wrapped: a row that is full to its last
            cell is taken to go on.
        blank: Also one whose last cell alone is blank.

    """
    texts = ["".join(run.text for run in row).rstrip() for row in frame.rows]
    full = frame.columns - 1 if blank else frame.columns
    wraps = [bool(text) and cell_len(text) >= full for text in texts]
    padded = [
        text + " " * (frame.columns - cell_len(text)) if wrap else text
        for text, wrap in zip(texts, wraps, strict=True)
    ]
    return [_Joined(row, text) for row, text in join(padded, wraps)]


def _whole_lines(lines: Sequence[_Joined], text: str) -> list[_Span]:
    """Return the lines that say just this; where it was cut, those that begin with it."""
    pattern = _pattern(text)
    if pattern is None:
        return []
    ending = "" if _is_cut(text) else r"\s*\Z"
    whole = re.compile(rf"\s*({pattern}){ending}")
    return [(line, *found.span(1)) for line in lines if (found := whole.match(line.text))]


def _commands(lines: Sequence[_Joined], text: str) -> list[list[_Span]]:
    """Return where a command stands behind a prompt, with the lines that it goes on over."""
    parts = [part for part in text.splitlines() if part.strip()]
    found: list[list[_Span]] = []
    for at in range(len(lines)):
        behind = lines[at : at + len(parts)]
        last = len(parts) - 1
        spans = [
            _typed(line, part, cut=n == last and _is_cut(text))
            for n, (line, part) in enumerate(zip(behind, parts, strict=False))
        ]
        whole = [span for span in spans if span is not None]
        if whole and len(whole) == len(parts):
            found.append(whole)
    return found


def _typed(line: _Joined, text: str, *, cut: bool) -> _Span | None:
    """Return where a line's end is a command and what stands before it may be a prompt."""
    pattern = _pattern(text)
    if pattern is None:
        return None
    ending = "" if cut else r"\s*\Z"
    for found in re.finditer(rf"(?=({pattern}){ending})", line.text):
        before = line.text[: found.start(1)]
        if not before.strip() or _PROMPT.search(before):
            return line, found.start(1), found.end(1)
    return None


def _edited(line: _Joined, text: str) -> _Span | None:
    """Return a line that an edit has put into its file: it cites them as ``+line``, one by one."""
    said = line.text.strip()
    if len(said) < _LEAST:
        return None
    added = re.compile(rf"(?:\A|\s)\+\s*{_pattern(said)}(?=\s*\Z|\s[+-])")
    if added.search(normal(text)) is None:
        return None
    start = len(line.text) - len(line.text.lstrip())
    return line, start, start + len(said)


def _pattern(text: str) -> str | None:
    """Return a pattern for a text in which only the width of white space may differ."""
    words = normal(text).split()
    return r"\s+".join(map(re.escape, words)) if words else None


def _marks(line: _Joined, start: int, end: int, frame: Frame, current: bool) -> list[Mark]:
    """Return a mark for each row that the text touches."""
    first = place_of(line.text, start, frame.columns)
    last = place_of(line.text, end, frame.columns)
    return [
        Mark(
            line.row + row,
            first.column if row == first.row else 0,
            last.column if row == last.row else frame.columns,
            current,
        )
        for row in range(first.row, last.row + 1)
        if row != last.row or last.column
    ]
