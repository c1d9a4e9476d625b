"""The panel of lists beside the screen, or over it where there is no room beside it.

Decides what gives way: a wide terminal has the lists beside the candidate's screen, a narrow one
lays the list that was asked for over it. What is in the lists is not decided here.
"""

from __future__ import annotations

from typing import Literal

from textual.app import ComposeResult
from textual.containers import Vertical

from tui.seat.moment_list import MomentList
from tui.seat.moments import Moment
from tui.seat.transcript.spoken_list import SpokenList

Which = Literal["tags", "commands", "notes", "spoken"]

SCREEN_WIDTH = 82
"""Columns that are kept for the candidate's screen: 80 and its frame."""

_NARROWEST = 30
_SHARE = 0.4
_FRAME = 2
_OVER_WIDTH = 46
BOTH_HEIGHT = 26
"""Rows from which both lists have room."""


def side_width(columns: int, recorded: int = 0) -> int:
    """Return the width of a panel beside the screen, 0 where there is no room for one.

    Args:
        columns: The viewer's terminal.
        recorded: The candidate's; the lists grow narrow before a wide screen is clipped.

    """
    room = columns - SCREEN_WIDTH
    if room < _NARROWEST:
        return 0
    spare = columns - recorded - _FRAME
    return max(min(room, int(columns * _SHARE), spare), _NARROWEST)


class SidePanel(Vertical):
    """Tags, commands and notes; during a search, its hits in place of the tags.

    What was spoken takes the place of commands and notes while somebody wants it.
    """

    def __init__(self) -> None:
        super().__init__(id="side")
        self.tags = MomentList(id="tags", title="Tags", is_tag=True)
        self.commands = MomentList(id="commands", title="Commands", is_tag=False)
        self.hits = MomentList(id="hits", title="Hits", is_tag=False)
        self.notes = MomentList(id="notes", title="Notes", is_tag=False)
        self.spoken = SpokenList()
        # The last one is the one that short messages cover at times.
        self.lists = (self.tags, self.notes, self.spoken, self.commands)
        self._talks = False
        self._hidden = False
        self._over = False
        self._which: Which = "tags"
        self._columns = 0
        self._rows = 0
        self._recorded = 0
        self._under: int | None = None

    def compose(self) -> ComposeResult:
        """Show the lists, and one that takes the place of the first."""
        yield self.hits
        yield from self.lists

    def list_of(self, which: Which) -> MomentList:
        """Return one of the lists as they stand now."""
        if which == "spoken":
            return self.spoken
        if which != "tags":
            return self.commands if which == "commands" else self.notes
        return self.hits if self.has_class("-hits") else self.tags

    def show_notes(self, moments: tuple[Moment, ...]) -> None:
        """Show notes; while there are none, their list takes no room from the others."""
        self.notes.show_moments(moments)
        self._arrange()

    def show_spoken(self, moments: tuple[Moment, ...]) -> None:
        """Take in what was spoken; it is drawn once somebody wants to see it."""
        self.spoken.show_moments(moments)
        if self._talks and not moments:
            self._hush()

    def pick_spoken(self) -> None:
        """Let somebody choose from what was spoken; once more hides it."""
        if self.display and self.spoken.has_focus:
            self.leave()
            self._hush()
        else:
            self.pick("spoken")

    def _hush(self) -> None:
        """Give what was spoken no room."""
        self._talks = False
        if self._which == "spoken":
            self._which = "tags"
        self._arrange()

    def show_hits(self, moments: tuple[Moment, ...]) -> None:
        """Show hits in place of the tags, or the tags again where there are none."""
        if self.hits.has_focus or self.tags.has_focus:
            self.leave()
        self.hits.show_moments(moments)
        self.set_class(bool(moments), "-hits")

    def fit(self, columns: int, rows: int) -> None:
        """Take in the size of the viewer's terminal, in cells."""
        self._columns, self._rows = columns, rows
        self._arrange()

    def make_way(self, recorded: int) -> None:
        """Take in how many columns the candidate's screen has."""
        if recorded != self._recorded:
            self._recorded = recorded
            self._arrange()

    def lie_under(self, rows: int | None) -> None:
        """Take so many rows below the screen, without the tags; None: beside it, with them.

        The desk has the place beside the screen, and the tags.
        """
        if rows != self._under:
            self._under = rows
            self._arrange()

    def pick(self, which: Which) -> None:
        """Let somebody choose from a list; once more leaves it."""
        if self.display and self.list_of(which).has_focus:
            self.leave()
            return
        self._which = which
        # Tags can stand above it; the others have the place that it takes.
        self._talks = which == "spoken" or (self._talks and which == "tags")
        self._hidden = False
        self._over = not (side_width(self._columns) if self._under is None else self._under)
        self._arrange()
        self.list_of(which).focus()

    def leave(self) -> None:
        """Stop choosing; a panel over the screen goes away."""
        self._over = False
        self.screen.set_focus(None)
        self._arrange()

    def chosen(self) -> None:
        """Somebody has chosen: a panel over the screen goes away, one beside it keeps its focus."""
        if self._over:
            self.leave()

    def toggle(self) -> None:
        """Show or hide the panel."""
        if side_width(self._columns):
            self._hidden = not self._hidden
            self.screen.set_focus(None)
            self._arrange()
        elif self._over:
            self.leave()
        else:
            self.pick(self._which)

    def _arrange(self) -> None:
        if self._under is not None:
            self._arrange_under(self._under)
            return
        self.remove_class("-shared")
        beside = side_width(self._columns, self._recorded)
        self.styles.height = "1fr"
        docked = bool(beside) and not self._hidden
        over = self._over and not beside
        both = self._rows >= BOTH_HEIGHT and docked
        self.set_class(docked, "-docked")
        self.set_class(over, "-over")
        self.set_class(both, "-both")
        self.set_class(not both and self._which == "commands", "-commands")
        self.set_class(not both and self._which == "notes", "-notes")
        self.set_class(bool(self.notes.moments) or self._which == "notes", "-noted")
        self.set_class(self._talks if both else self._which == "spoken", "-spoken")
        self.set_class(not both and self._which == "spoken", "-alone")
        self.styles.width = beside or min(_OVER_WIDTH, self._columns)

    def _arrange_under(self, rows: int) -> None:
        hits = self.has_class("-hits") and self._which == "tags"
        self.set_class(rows > 0, "-docked")
        self.set_class(self._over and not rows, "-over")
        self.set_class(False, "-both")
        noted, spoken = self._which == "notes", self._which == "spoken"
        self.set_class(spoken, "-spoken")
        self.set_class(spoken, "-alone")
        self.set_class(bool(rows) and (noted or bool(self.notes.moments)), "-shared")
        self.set_class(not hits and (bool(rows) or not noted), "-commands")
        self.set_class(noted and not rows, "-notes")
        self.styles.width = "1fr" if rows else min(_OVER_WIDTH, self._columns)
        self.styles.height = rows or "1fr"
