"""Phases of a session that goes on: told anew now and then, never at each event.

Telling them costs time in proportion to the commands so far, so the pause grows with them, and the
cost of an event does not grow with the session. Storing them is the follower's.
"""

from __future__ import annotations

from analyzer.models.observed import Observed
from analyzer.models.phases import PhaseModels, phases_of
from analyzer.records import Phase

EVERY = 10.0
"""Seconds of the session between two tellings, for as many commands as an interview has."""

_COMMANDS_A_SECOND = 50


class LivePhases:
    """The phases of one session while it is followed; a telling waits until it was taken."""

    def __init__(self, observed: Observed, models: PhaseModels | None = None) -> None:
        self._observed = observed
        self._models = models
        self._told_at = 0.0
        self.waiting: tuple[Phase, ...] | None = None

    def look(self, *, last: bool = False) -> None:
        """Tell the phases if it is time to; at the ``last`` look it always is."""
        pause = max(EVERY, len(self._observed.ran) / _COMMANDS_A_SECOND)
        if last or self._observed.now >= self._told_at + pause:
            self._told_at = self._observed.now
            self.waiting = phases_of(self._observed, self._models)

    def taken(self) -> None:
        """Note that what waited was stored."""
        self.waiting = None
