"""One matter on the shared screen: who stands where, why, and what of the session they point at.

Pure drawing. Who gave which level is told by place and by words, never by colour alone.
"""

from __future__ import annotations

from itertools import zip_longest

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from tui.debrief.meeting import Meeting
from tui.debrief.pages import INDENT, Paper
from tui.debrief.table import RECOMMENDATION, Matter, Opinion
from tui.debrief.text import entry_line
from tui.debrief.wording import (
    STANDING_MARKS,
    change_words,
    evidence_words,
    flat,
    level_name,
    level_words,
    standing_words,
)
from tui.seat.look import ACCENT, FAINT, INK
from tui.seat.panels.digits import big
from tui.wrapping import indented

_NARROW = 60
"""Cells below which each name has a line of its own."""

MARK, UNMARKED = "\N{BLACK RIGHT-POINTING TRIANGLE}", "\N{MIDDLE DOT}"
"""Stand before what can be marked, so that the mark shows without colours too."""

_NAMES = 14
"""Cells that a name gets at most before its reason; a longer one has a line of its own."""

STANDING_COLOURS = {"differ": "$caution", "unseen": "$noted", "agree": "$good"}


def draw_matter(paper: Paper, meeting: Meeting, matter: Matter) -> None:
    """Write the page of a matter."""
    title = Text.assemble(INDENT, (flat(matter.title), f"bold {INK}"))
    sign = f"{STANDING_MARKS[matter.standing]} {standing_words(matter)}"
    title.append(f"   {sign}", f"bold {STANDING_COLOURS[matter.standing]}")
    if title.cell_len < paper.width:
        paper.put(title)
    else:
        paper.write(flat(matter.title), f"bold {INK}")
        paper.write(sign, f"bold {STANDING_COLOURS[matter.standing]}")
    if matter.question:
        paper.write(flat(matter.question), INK)
    paper.blank()
    draw_scale(paper, matter)
    for level, opinions in reversed(matter.given()):
        paper.blank()
        _level(paper, matter, level)
        for each in opinions:
            draw_opinion(paper, matter, each)
    said = meeting.said_of(matter.id) if matter.id != RECOMMENDATION else ()
    if said:
        paper.blank()
        paper.write("Noted", f"bold {INK}")
        for entry in said:
            paper.write(entry_line(meeting, entry), INK, rest=INDENT + "  ")
            for answer in meeting.answers(entry.number) if entry.kind == "question" else ():
                paper.write(entry_line(meeting, answer), INK, first=INDENT + "  ")


def draw_scale(paper: Paper, matter: Matter) -> None:
    """Write the levels side by side, each over the names of those who gave it."""
    who = {level: [flat(each.who) for each in some] for level, some in matter.given()}
    levels = [1, 2, 3, 4, *([0] if 0 in who else [])]
    cell = max(5, min(20, (paper.width - len(INDENT)) // len(levels)))
    for row in range(3):
        line = Text(INDENT)
        for level in levels:
            text, style = _digit(level, row, given=level in who)
            line.append(text.center(cell)[:cell], style)
        paper.put(line)
    names = [[_moved(matter, name) for name in who.get(level, [])] for level in levels]
    for together in zip_longest(*names, fillvalue=""):
        line = Text(INDENT)
        for name in together:
            line.append(_centred(name, cell), f"bold {INK}")
        paper.put(line)


def _digit(level: int, row: int, *, given: bool) -> tuple[str, str]:
    """Return a row of a level's digit: large where somebody gave it, else a faint one."""
    if given and level:
        return big(str(level))[row], f"bold {ACCENT}"
    middle = 1
    sign = str(level) if level else "?"
    return (sign if row == middle else ""), (f"bold {ACCENT}" if given else FAINT)


def _moved(matter: Matter, name: str) -> str:
    """Return a name with a sign where its level is not the one that was submitted."""
    opinion = next(each for each in matter.opinions if flat(each.who) == name)
    return f"\N{RIGHTWARDS ARROW}{name}" if opinion.moved else name


def _centred(name: str, cell: int) -> str:
    if cell_len(name) > cell - 1:
        name = set_cell_size(name, cell - 2) + "\N{HORIZONTAL ELLIPSIS}"
    left = (cell - cell_len(name)) // 2
    return " " * left + name + " " * (cell - left - cell_len(name))


def _level(paper: Paper, matter: Matter, level: int) -> None:
    words = level_words(matter, level)
    if matter.id == RECOMMENDATION:
        paper.write(words if level else "None", FAINT)
        return
    paper.write(words, FAINT, first=f"{INDENT}{level or '?'}  ", rest=INDENT + "   ")


def draw_opinion(paper: Paper, matter: Matter, opinion: Opinion) -> None:
    """Write who, why, what changed their mind, and what they point at."""
    name, reason = flat(opinion.who), flat(opinion.reason)
    names = min(_NAMES, max(cell_len(flat(each.who)) for each in matter.opinions))
    first = f"{INDENT}   {name}  "
    column = f"{INDENT}   " + " " * (names + 2)
    if paper.width < _NARROW:
        column = f"{INDENT}     "
        paper.put(Text(first, f"bold {INK}"))
        first = column
    elif cell_len(name) <= names:
        first += " " * (names - cell_len(name))
    else:
        paper.put(Text(first, f"bold {INK}"))
        first = column
    _reason(paper, first, column, reason or "no reason")
    for change in opinion.changes:
        words = f"\N{RIGHTWARDS ARROW} {change_words(matter, change)}: {flat(change.why)}"
        paper.write(words, "$caution", first=column)
    if opinion.changes and opinion.first_reason.strip():
        words = f"said first, {level_name(matter, opinion.first)}: {flat(opinion.first_reason)}"
        paper.write(words, FAINT, first=column)
    for piece in opinion.evidence:
        marked = paper.spot(t=piece.t)
        style = f"bold {INK} on $marked" if marked else ACCENT
        sign = MARK if marked else UNMARKED
        paper.write(f"{sign} {evidence_words(piece)}", style, first=column, rest=column + "   ")


def _reason(paper: Paper, first: str, column: str, reason: str) -> None:
    lines = indented(reason, paper.width - 1, first=first, rest=column)
    head = Text(lines[0], INK, no_wrap=True)
    head.stylize(f"bold {INK}", 0, len(first))
    paper.lines.append(head)
    paper.lines.extend(Text(line, INK, no_wrap=True) for line in lines[1:])
