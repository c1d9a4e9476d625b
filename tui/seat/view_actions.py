"""Actions that the replay and the comparison share: moving in time, terminals, panning the view.

What they act on is the app's: which player is looked at, and which view. Keys have their own table.
"""

from __future__ import annotations

from tui.seat.candidate_screen import CandidateScreen
from tui.seat.player import Player
from tui.seat.seat_app import SeatApp

NEAR = 5.0
"""Seconds of a short jump."""

FAR = 30.0
"""Seconds of a long jump."""

_PAN_COLUMNS = 8
_PAN_LINES = 2


class ViewActions(SeatApp[None]):
    """The actions; an app that looks at a candidate's screen, and a beat that shows what became."""

    @property
    def looked_at(self) -> tuple[Player, CandidateScreen]:
        """The player whose screen the keys are for, and the view that shows it."""
        raise NotImplementedError

    def beat(self) -> None:
        """Show the state now."""
        raise NotImplementedError

    def move(self, seconds: float) -> None:
        """Go on by so many seconds, back where negative."""
        raise NotImplementedError

    def action_jump_back(self) -> None:
        """Go back a little."""
        self.move(-NEAR)

    def action_jump_forward(self) -> None:
        """Go on a little."""
        self.move(NEAR)

    def action_jump_back_far(self) -> None:
        """Go far back."""
        self.move(-FAR)

    def action_jump_forward_far(self) -> None:
        """Go far on."""
        self.move(FAR)

    def _terminal(self, step: int) -> None:
        if not self.looked_at[0].next_terminal(step):
            self.notify("there is no other terminal", timeout=2)
        self.beat()

    def action_next_terminal(self) -> None:
        """Stay on the next terminal."""
        self._terminal(1)

    def action_previous_terminal(self) -> None:
        """Stay on the terminal before."""
        self._terminal(-1)

    def action_follow_active(self) -> None:
        """Follow the terminal in use."""
        self.looked_at[0].follow_active()
        self.beat()

    def _pan(self, columns: int, lines: int) -> None:
        self.looked_at[1].pan(columns, lines)

    def action_pan_up(self) -> None:
        """Look further up."""
        self._pan(0, -_PAN_LINES)

    def action_pan_down(self) -> None:
        """Look further down."""
        self._pan(0, _PAN_LINES)

    def action_pan_left(self) -> None:
        """Look further left."""
        self._pan(-_PAN_COLUMNS, 0)

    def action_pan_right(self) -> None:
        """Look further right."""
        self._pan(_PAN_COLUMNS, 0)

    def action_keep_cursor(self) -> None:
        """Keep the cursor in view again."""
        self.looked_at[1].follow_cursor()
