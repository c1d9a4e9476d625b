"""A page of the debrief, drawn: which module draws which page."""

from __future__ import annotations

from tui.debrief.matter_page import draw_matter
from tui.debrief.meeting import Meeting
from tui.debrief.outcome_page import draw_outcome
from tui.debrief.overview_page import draw_overview
from tui.debrief.pages import OUTCOME, Paper, matter_of


def draw_page(
    meeting: Meeting, page: str, width: int, marked: int | None, *, roomy: bool = False
) -> Paper:
    """Return a page's lines and spots.

    Args:
        meeting: What is known.
        page: One of `tui.debrief.pages.page_names`; another one gives the overview.
        width: Cells of a line.
        marked: The number of the spot that is marked, if any is.
        roomy: There is height to leave lines free.

    """
    paper = Paper(width=width, marked=marked, roomy=roomy)
    matter = matter_of(meeting, page)
    if matter is not None:
        draw_matter(paper, meeting, matter)
    elif page == OUTCOME and meeting.table is not None:
        draw_outcome(paper, meeting)
    else:
        draw_overview(paper, meeting)
    return paper
