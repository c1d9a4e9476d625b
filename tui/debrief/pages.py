"""The debrief as pages for a shared screen: which there are, and what each says, as drawn lines.

Pure: a `Meeting` and a width in, lines and the spots that can be marked out. Keys and widgets are
not known here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.text import Text

from tui.debrief.meeting import Meeting
from tui.debrief.table import RECOMMENDATION, Matter
from tui.seat.look import INK
from tui.wrapping import indented

OVERVIEW, OUTCOME = "\0overview", "\0outcome"
"""Names of pages beside those of the matters; no card can hold such a sign, an imported one too."""

INDENT = "   "


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Something on a page that can be marked.

    Attributes:
        line: On which of the page's lines it begins.
        t: The moment that the replay shows for it, in seconds; None where it is another page.
        page: The page that it leads to; None where it is a moment.

    """

    line: int
    t: float | None = None
    page: str | None = None


@dataclass(slots=True)
class Paper:
    """Lines as they are written, and the spots on them.

    Attributes:
        width: Cells of a line.
        marked: The number of the spot that is marked, if any is.
        roomy: There is height to leave lines free for the eye alone.

    """

    width: int
    marked: int | None = None
    roomy: bool = False
    lines: list[Text] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)

    def blank(self) -> None:
        """Leave a line free."""
        self.lines.append(Text())

    def write(self, text: str, style: str = INK, *, first: str = INDENT, rest: str = "") -> None:
        """Write a paragraph; ``rest`` stands before its further lines, by default as ``first``."""
        rest = rest or " " * cell_len(first)
        lead = first
        for line in indented(text, self.width - 1, first=first, rest=rest):
            # A marked line has a background, and what is left free has none.
            self.lines.append(Text(lead, no_wrap=True).append(line.removeprefix(lead), style))
            lead = rest

    def put(self, line: Text) -> None:
        """Write a line that fits."""
        line.no_wrap = True
        line.truncate(self.width, overflow="ellipsis")
        self.lines.append(line)

    def spot(self, *, t: float | None = None, page: str | None = None) -> bool:
        """Let the next line be marked; return whether it is."""
        self.spots.append(Spot(line=len(self.lines), t=t, page=page))
        return self.marked == len(self.spots) - 1


def page_names(meeting: Meeting) -> tuple[str, ...]:
    """Return the pages in the order of the talk; one alone before the cards are open."""
    if meeting.table is None:
        return (OVERVIEW,)
    matters = (*meeting.table.matters, meeting.table.recommendation)
    return (OVERVIEW, *(each.id for each in matters), OUTCOME)


def matter_of(meeting: Meeting, page: str) -> Matter | None:
    """Return the matter that a page is about, None where it is about none."""
    if meeting.table is None or page in {OVERVIEW, OUTCOME}:
        return None
    return meeting.table.matter(page)


def place_words(meeting: Meeting, page: str) -> str:
    """Return where in the talk a page is: ``2 of 5``; empty of the overview."""
    table = meeting.table
    if table is None or page == OVERVIEW:
        return ""
    names = [each.id for each in table.matters]
    if page in names:
        return f"{names.index(page) + 1} of {len(names)}"
    return "recommendation" if page == RECOMMENDATION else "what it comes to"
