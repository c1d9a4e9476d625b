"""The panes of one client that were ever seen, and which of them each place on the screen shows.

Panes are known again by window and place, or by what stands in them, as windows are switched,
split, zoomed and closed. The screen is `multiplexer`'s to look at; what happens inside a pane is
`pane`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analyzer.commands.panes.layout import Place, Rect
from analyzer.commands.panes.pane import Pane

_PANES_MOST = 64
_ALIKE = 0.5
"""Part of a pane's rows that must be seen again for it to be the same."""


@dataclass(slots=True)
class Shown:
    """A pane that is on the screen, and where."""

    place: Place
    pane: Pane


class KnownPanes:
    """All panes of one client, shown or hidden.

    Attributes:
        panes: In the order in which they were seen first.
        forgotten: Those that there was no more room for, which are to be closed.

    """

    def __init__(self, connection: int, channel: int) -> None:
        self.panes: list[Pane] = []
        self.forgotten: list[Pane] = []
        self._place = (connection, channel)
        self._made = 0
        self._layouts = 0
        self._shown_in: dict[Pane, int] = {}

    def at(
        self,
        places: tuple[Place, ...],
        rows_of: Callable[[Rect], tuple[str, ...]],
        before: list[Shown],
        active: Pane | None,
    ) -> list[Shown]:
        """Return the pane that each place shows, new ones included.

        Args:
            places: Where panes lie.
            rows_of: Gives the rows that stand in a place.
            before: What was shown until now.
            active: The pane that had the keys.

        """
        shown: list[Shown] = []
        for place in self._by_certainty(places):
            taken = [each.pane for each in shown]
            rows = rows_of(place.rect)
            pane = self._known(place, rows, taken, len(places), active)
            pane = pane or self._left_over(place, taken, len(places), active)
            if pane is None and self.panes and all(row.isspace() for row in rows):
                # Nothing to know it by yet: it is drawn in a moment.
                pane = _blank(place, taken, before)
            pane = pane or self._new(place, taken)
            self._shown_in[pane] = self._layouts
            shown.append(Shown(place, pane))
        self._layouts += 1
        return shown

    def drop(self, pane: Pane) -> None:
        """Forget a pane."""
        if pane in self.panes:
            self.panes.remove(pane)
            self._shown_in.pop(pane, None)

    def _by_certainty(self, places: tuple[Place, ...]) -> list[Place]:
        """Order places: those that a pane has already had come first."""
        had = {(pane.window, pane.rect) for pane in self.panes}
        return sorted(places, key=lambda place: (place.window, place.rect) not in had)

    def _known(
        self,
        place: Place,
        rows: tuple[str, ...],
        taken: list[Pane],
        count: int,
        active: Pane | None,
    ) -> Pane | None:
        """Return the pane that is most like what stands there."""
        best, score = None, 0.0
        for pane in self.panes:
            if pane in taken or not _may_be(pane, place):
                continue
            same = pane.window == place.window and pane.rect == place.rect
            alike = pane.alike(rows)
            if same and place.window is not None and count == pane.among:
                alike = max(1.0, alike)
            points = alike + (0.3 if same else 0.0) + (0.1 if pane is active else 0.0)
            if alike >= _ALIKE and points > score:
                best, score = pane, points
        return best

    def _left_over(
        self, place: Place, taken: list[Pane], count: int, active: Pane | None
    ) -> Pane | None:
        """Return the one pane of a window that can be meant, as when it is zoomed or was."""
        if place.window is None:
            return None
        left = [each for each in self.panes if each not in taken and each.window == place.window]
        left = [each for each in left if not each.may_close]
        if count == 1 and active in left:
            return active
        return left[0] if len(left) == 1 and len(taken) == count - 1 else None

    def _new(self, place: Place, taken: list[Pane]) -> Pane:
        """Make a pane; where there are too many, the one that was hidden for longest goes."""
        self._made += 1
        hidden = [pane for pane in self.panes if pane not in taken]
        if len(self.panes) >= _PANES_MOST and hidden:
            oldest = min(hidden, key=self._shown_in.__getitem__)
            self.drop(oldest)
            self.forgotten.append(oldest)
        pane = Pane(self._place, self._made, place.rect, place.window)
        self.panes.append(pane)
        return pane


def _may_be(pane: Pane, place: Place) -> bool:
    return None in (pane.window, place.window) or pane.window == place.window


def _blank(place: Place, taken: list[Pane], before: list[Shown]) -> Pane | None:
    for each in before:
        if each.place == place and each.pane not in taken:
            return each.pane
    return None
