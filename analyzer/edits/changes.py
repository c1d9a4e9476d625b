"""Which lines changed between looks at an editor's text, told from text that only scrolled.

A look is what of a file was on the screen. Two looks that follow each other are laid side by side:
rows that left or came at an edge have scrolled, rows that changed between others were edited. What
is changed and changed back cancels out. How an editor draws its text is the readers'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from analyzer.edits.sections import Idle

_END = "\0end"
_ALIKE = 0.6
_ROWS_IN_PLACE = 2
_COMPARED_MOST = 400
_LINE_MOST = 4000
"""Characters of a line that are kept."""

_NET_MOST = 2000
"""Different lines that are kept of one file's changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The lines of a file that are on the screen, in order.

    Attributes:
        lines: Texts without right blanks; a line that is wrapped is one.
        top: The number of the first of them, from 1, None where it is not known.
        at_end: Whether the last of them is the file's last.
        current: Index of the line with the cursor.

    """

    lines: tuple[str, ...]
    top: int | None = None
    at_end: bool = False
    current: int = 0


@dataclass(slots=True, kw_only=True)
class Hints:
    """What the keys since the look before say: a delete key, edits at all, lines pasted."""

    deleting: bool = False
    edited: bool = False
    pasted: tuple[str, ...] = ()


@dataclass(slots=True)
class Difference:
    """Lines that went and came; ``jumped`` where the looks have nothing to do with each other."""

    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    jumped: bool = False
    partly: bool = False
    """Whether more may have changed than was seen."""


class Changes:
    """The net change of one file since it was opened, or written last."""

    def __init__(self, idle: Idle | None = None) -> None:
        """Begin; ``idle`` finds the lines that have no effect where they stand."""
        self._find_idle = idle
        self._idle: set[str] = set()
        self._look: Look | None = None
        self._added: Counter[str] = Counter()
        self._removed: Counter[str] = Counter()
        self.complete = True

    def observe(self, look: Look, hints: Hints) -> None:
        """Take in the next look."""
        self._compare(look, hints)
        if self._find_idle is not None:
            self._idle = self._idle.difference(look.lines) | self._find_idle(look.lines)

    def _compare(self, look: Look, hints: Hints) -> None:
        before, self._look = self._look, look
        if before is None:
            # Keys that came before anything was seen may have changed anything.
            self.complete = self.complete and not hints.edited
            return
        if before.lines == look.lines and before.at_end == look.at_end:
            return
        found = difference(before, look, hints)
        pasted = _pasted(before, look, hints.pasted)
        if pasted:
            found.added = [*pasted, *_without(found.added, pasted)]
            found.removed = [] if found.jumped else found.removed
        elif found.jumped and hints.edited:
            self.complete = False
        self.complete = self.complete and not found.partly
        self._apply(found)

    def add(self, added: Sequence[str], removed: Sequence[str]) -> None:
        """Take in a change that was told and not seen; what was seen of it counts once."""
        told = [line for line in added if line not in self._added]
        gone = [line for line in removed if line not in self._removed]
        self._apply(Difference(added=told, removed=gone))
        self.complete = False

    def forget_look(self) -> None:
        """Lay the next look beside none: the screen showed something else meanwhile."""
        self._look = None

    def restart(self) -> None:
        """Begin anew from what stands now: it was written, or read again."""
        self._added.clear()
        self._removed.clear()
        self._idle.clear()
        self.complete = True

    @property
    def added(self) -> tuple[str, ...]:
        """Lines that are new, in the order in which they came."""
        return tuple(self._added.elements())

    @property
    def idle(self) -> tuple[str, ...]:
        """Those of the new lines that have no effect where they were seen to stand."""
        return tuple(line for line in self.added if line in self._idle)

    @property
    def removed(self) -> tuple[str, ...]:
        """Lines that are gone."""
        return tuple(self._removed.elements())

    def __bool__(self) -> bool:
        return bool(self._added or self._removed or not self.complete)

    def _apply(self, found: Difference) -> None:
        for line in found.removed:
            _count(line, self._added, self._removed)
        for line in found.added:
            _count(line, self._removed, self._added)
        if max(len(self._added), len(self._removed)) >= _NET_MOST:
            self.complete = False


def _count(line: str, against: Counter[str], into: Counter[str]) -> None:
    """Cancel a line out against its opposite, or count it."""
    line = line[:_LINE_MOST]
    if not line.strip():
        return
    if against[line] > 1:
        against[line] -= 1
    elif line in against:
        del against[line]
    elif line in into or len(into) < _NET_MOST:
        into[line] += 1


def _pasted(before: Look, look: Look, lines: tuple[str, ...]) -> list[str]:
    """Return all lines of a paste if one of them has appeared, as far as possible as shown."""
    if not lines:
        return []
    old = {line.strip() for line in before.lines}
    shown = {line.strip(): line for line in look.lines}
    came = [line for line in lines if line.strip() and line.strip() in shown]
    if not any(line.strip() not in old for line in came):
        return []
    return [shown.get(line.strip(), line) for line in lines if line.strip()]


def _without(lines: list[str], others: list[str]) -> list[str]:
    known = {line.strip() for line in others}
    return [line for line in lines if line.strip() not in known]


def difference(before: Look, look: Look, hints: Hints) -> Difference:
    """Lay two looks side by side."""
    old, new = _listed(before), _listed(look)
    still = before.top is not None and before.top == look.top
    still = still or (hints.deleting and before.current == look.current == 0)
    in_place = _in_place(old, new)
    if in_place is not None:
        return in_place
    if not still and _scrolled(old, new):
        return Difference()
    here = hints.edited and before.current <= look.current
    return _aligned(old, new, hints, still=still, here=look.current if here else None)


def _listed(look: Look) -> list[str]:
    return [*look.lines, _END] if look.at_end else list(look.lines)


def _in_place(old: list[str], new: list[str]) -> Difference | None:
    """Return the edit of one or two rows where they stand; None where more has changed."""
    if len(old) != len(new):
        return None
    rows = [n for n, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    if len(rows) > _ROWS_IN_PLACE or _END in (
        old[rows[0]],
        new[rows[0]],
        old[rows[-1]],
        new[rows[-1]],
    ):
        return None
    if not all(alike(old[n], new[n]) for n in rows):
        return None
    return Difference(removed=[old[n] for n in rows], added=[new[n] for n in rows])


def _scrolled(old: list[str], new: list[str]) -> bool:
    """Whether one is the other, moved up or down, with something of it left."""
    return _moved(old, new) or _moved(new, old)


def _moved(above: list[str], below: list[str]) -> bool:
    for by in range(1, len(above)):
        rest = above[by:]
        if len(rest) <= len(below) and rest == below[: len(rest)] and _weight(rest):
            return True
        if len(rest) > len(below) and rest[: len(below)] == below and _weight(below):
            return below[-1:] != [_END]
    return False


def _weight(lines: Sequence[str]) -> int:
    return sum(1 for line in lines if line.strip() and line != _END)


def _aligned(
    old: list[str], new: list[str], hints: Hints, *, still: bool, here: int | None
) -> Difference:
    """Tell edits from scrolling; ``here`` is the line that was edited last, if any was."""
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    blocks = [step for step in steps if step[0] == "equal"]
    matched = sum(_weight(old[step[1] : step[2]]) for step in blocks)
    first = next((step for step in blocks if _weight(old[step[1] : step[2]])), None)
    anchored = still or (first is not None and first[1] == first[3])
    least = min(_weight(old), _weight(new))
    unknown = matched == 0 and not hints.edited
    if not still and (unknown or matched < (0.25 if anchored else 0.4) * least):
        return _overwritten(old, new) if hints.edited else Difference(jumped=True)
    found = Difference()
    for tag, i1, i2, j1, j2 in steps:
        if tag == "equal":
            continue
        gone = [line for line in old[i1:i2] if line != _END]
        came = [line for line in new[j1:j2] if line != _END]
        if i2 == len(old) and j2 == len(new):
            gone, came = _at_bottom(old, new, gone, came, hints, anchored=anchored)
            found.partly |= old[-1:] != [_END] and new[-1:] == [_END] and any(map(str.strip, gone))
        elif (
            i1 == j1 == 0
            and not (still or (anchored and i2 == j2))
            and not _is_here(here, j2, gone)
        ):
            continue
        found.removed += gone
        found.added += came
    return found


def _is_here(here: int | None, end: int, gone: list[str]) -> bool:
    """Whether what changed at the upper edge was edited there, and did not scroll away."""
    return here is not None and here < end and bool(gone)


def _at_bottom(
    old: list[str],
    new: list[str],
    gone: list[str],
    came: list[str],
    hints: Hints,
    *,
    anchored: bool,
) -> tuple[list[str], list[str]]:
    """Tell what was edited at the lower edge from what was pushed out of it, or pulled in."""
    ended, ends = old[-1:] == [_END], new[-1:] == [_END]
    if ended and ends:
        return gone, came
    paired = bool(gone and came and alike(gone[0], came[0]))
    if ended:
        return (gone[:1] if paired else []), came
    if ends and anchored:
        return gone, (came[:1] if paired else [])
    if paired:
        return gone[:1], came[:1]
    if not (anchored and gone and came):
        return [], []
    return (gone, []) if hints.deleting else ([], came if hints.edited else [])


def _overwritten(old: list[str], new: list[str]) -> Difference:
    """Return the change of a whole screen where its rows are alike, as after ``:%s``."""
    if len(old) == len(new):
        pairs = [(a, b) for a, b in zip(old, new, strict=True) if a.strip()]
        if (
            pairs
            and (old[-1] == _END) == (new[-1] == _END)
            and sum(alike(a, b) for a, b in pairs) >= 0.7 * len(pairs)
        ):
            changed = [(a, b) for a, b in pairs if a != b]
            return Difference([a for a, _ in changed], [b for _, b in changed], partly=True)
    return Difference(jumped=True)


def alike(old: str, new: str) -> bool:
    """Whether one line looks like another that was edited."""
    one, other = old.strip(), new.strip()
    if not one or not other or one in other or other in one:
        return True
    if max(len(one), len(other)) > _COMPARED_MOST:
        return one[:40] == other[:40] or one[-40:] == other[-40:]
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE
