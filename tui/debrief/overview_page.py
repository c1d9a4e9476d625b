"""All at a glance: cards side by side, differences first; before the opening, who is in.

Pure drawing.
"""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from recorder.cards.progress import STATE_WORDS, Progress
from tui.cli.output import clip, counted
from tui.debrief.matter_page import MARK, STANDING_COLOURS
from tui.debrief.meeting import Meeting
from tui.debrief.pages import INDENT, OUTCOME, Paper
from tui.debrief.table import Matter, Table
from tui.debrief.wording import (
    STANDING_MARKS,
    at,
    decision_words,
    flat,
    given_words,
    level_name,
    listed,
    opened_words,
    standing_words,
)
from tui.seat.look import FAINT, INK

_LEAST_CELL, _MOST_CELL = 6, 14
"""Cells that a rater's column has."""

_TITLES = 24
"""Cells that the matters' titles have at least."""

_STANDING_CELLS = 16
"""Cells that are kept, where there is room, for how people stand to each other."""

_SIGNS = {"submitted": "✓", "draft": "…", "none": "○"}


def draw_overview(paper: Paper, meeting: Meeting) -> None:
    """Write the first page."""
    if meeting.table is None:
        _draw_waiting(paper, meeting)
    else:
        _draw_table(paper, meeting, meeting.table)


def _draw_waiting(paper: Paper, meeting: Meeting) -> None:
    """Write who is in and who is missing, and no word of what is in any card."""
    owed = meeting.state == "owed"
    title = "The cards are open, and yours is not in" if owed else "The cards are not open yet"
    paper.write(title, f"bold {INK}")
    paper.blank()
    for each in meeting.progress:
        paper.put(_progress_line(each, own=each.who == meeting.viewer))
    if not meeting.progress:
        paper.write("Nobody was asked for a card, and none is in.", INK)
        paper.write("`jumpseat card ask SESSION NAME...` asks interviewers for theirs.", FAINT)
    paper.blank()
    if owed and meeting.opened is not None:
        words = opened_words(meeting.opened)
        paper.write(f"{words[:1].upper()}{words[1:]}.", INK)
        paper.blank()
        paper.write(flat(meeting.hidden), "$caution")
    elif meeting.waited_for:
        paper.write(f"Waiting for {listed(meeting.waited_for)}.", "$caution")
    elif meeting.are_in:
        paper.write("All who were asked are in: o opens the cards, all together.", "$good")


def _progress_line(progress: Progress, *, own: bool) -> Text:
    line = Text(f"{INDENT}{_SIGNS[progress.state]}  ", INK)
    name = flat(progress.who)
    line.append(set_cell_size(name, max(20, cell_len(name) + 2)), f"bold {INK}")
    words = STATE_WORDS[progress.state]
    if progress.submitted is not None:
        words += f" since {at(progress.submitted)}"
    if progress.excused:
        words += ", excused"
    return line.append(words + (" (you)" if own else ""), FAINT)


def _draw_table(paper: Paper, meeting: Meeting, table: Table) -> None:
    cell = _cell(paper.width, len(table.raters))
    differing = f"{table.differing} of {len(table.matters)} differ"
    if cell:
        head = Text(INDENT + "  ")
        head.append(differing.ljust(_titles(paper.width, table, cell)), FAINT)
        for who in table.raters:
            head.append(_fit(flat(who), cell), FAINT)
        paper.put(head)
    else:
        paper.write(differing, FAINT)
    for matter in table.matters:
        if paper.roomy:
            paper.blank()
        _row(paper, table, matter, cell)
    paper.blank()
    if paper.roomy:
        paper.blank()
    _row(paper, table, table.recommendation, cell)
    named = ", ".join(
        f"{flat(each.who)} {level_name(table.recommendation, each.level)}"
        for each in table.recommendation.opinions
    )
    paper.write(named, FAINT, first=INDENT + "  ")
    paper.blank()
    _draw_outcome_line(paper, meeting)


def _row(paper: Paper, table: Table, matter: Matter, cell: int) -> None:
    marked = paper.spot(page=matter.id)
    lit = f"bold {INK}" + (" on $marked" if marked else "")
    sign = MARK if marked else " "
    title = f"{STANDING_MARKS[matter.standing]} {flat(matter.title)}"
    if not cell:
        paper.write(title, lit, first=f" {sign} ")
        paper.write(_one_by_one(matter), INK, first=INDENT + "  ")
        return
    width = _titles(paper.width, table, cell)
    line = Text(" ").append(_fit(f"{sign} {title}", width + 4), lit)
    for each in matter.opinions:
        style = "$caution" if each.moved else INK
        line.append(_fit(_short(each.first, each.level), cell), f"bold {style}")
    line.append(standing_words(matter, brief=True), STANDING_COLOURS[matter.standing])
    paper.put(line)


def _short(first: int | None, level: int | None) -> str:
    """Return a level as a number, ``?`` for whoever could not tell; with the first one."""
    shown = ["?" if not each else str(each) for each in (first, level)]
    return shown[1] if first == level else "\N{RIGHTWARDS ARROW}".join(shown)


def _one_by_one(matter: Matter) -> str:
    return ", ".join(f"{flat(each.who)} {given_words(matter, each)}" for each in matter.opinions)


def _fit(text: str, cells: int) -> str:
    """Return text in exactly so many cells, one of them free."""
    if cell_len(text) < cells:
        return set_cell_size(text, cells)
    return set_cell_size(text, cells - 2) + "\N{HORIZONTAL ELLIPSIS} "


def _cell(width: int, raters: int) -> int:
    """Return the cells of a rater's column; 0 where there is no room for columns."""
    room = width - len(INDENT) - 2 - _TITLES - _STANDING_CELLS
    cell = min(_MOST_CELL, room // max(1, raters))
    if cell >= _LEAST_CELL:
        return cell
    cell = (room + _STANDING_CELLS) // max(1, raters)
    return min(cell, _LEAST_CELL) if cell >= _LEAST_CELL - 1 else 0


def _titles(width: int, table: Table, cell: int) -> int:
    """Return the cells of the titles: what the longest needs, where there is so much."""
    rest = width - len(INDENT) - 2 - len(table.raters) * cell - _STANDING_CELLS
    longest = max(cell_len(flat(each.title)) for each in (*table.matters, table.recommendation))
    return max(_TITLES, min(rest, longest + 3))


def _draw_outcome_line(paper: Paper, meeting: Meeting) -> None:
    marked = paper.spot(page=OUTCOME)
    lit = f"bold {INK}" + (" on $marked" if marked else "")
    if meeting.decision is not None:
        words = clip(f"Decision: {decision_words(meeting, meeting.decision)}", 3 * paper.width)
    else:
        words = "No decision yet"
    paper.write(words, lit, first=f" {MARK if marked else ' '} ")
    open_ones = len(meeting.unanswered)
    parts = [
        counted(open_ones, "open question") if open_ones else "",
        counted(len(meeting.next_steps), "next step") if meeting.next_steps else "",
        f"missing: {flat(meeting.opened.text)}" if meeting.opened and meeting.opened.text else "",
    ]
    said = ", ".join(each for each in parts if each)
    if said:
        paper.write(said, "$caution" if open_ones else FAINT, first=INDENT + "  ")
