"""Looks at a session every half a minute of its own time, for the signals that a model helps with.

Part of the pipeline: what comes in is what was seen up to a moment, what goes out are tags. The
moments are the recording's, so a session that is followed is told the same as one that is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import floor

from analyzer.models.alarms import Alarm
from analyzer.models.linear import Linear
from analyzer.models.observed import Observed
from analyzer.models.windows import LONG, STEP, Window, Windows
from analyzer.records import Tag
from analyzer.signals.schema import Rules

Note = Callable[[float, Window | None], None]
"""Takes a moment and the look at it."""


class Troubles:
    """The models' part of some rules over one session; without a model it does nothing."""

    def __init__(
        self, rules: Rules, scorers: Mapping[str, Linear], note: Note | None = None
    ) -> None:
        """Begin.

        Args:
            rules: Those of them that name a model are helped.
            scorers: The models that there are, by the name that a rule gives.
            note: Takes every look, for training and for explaining.

        """
        self._note = note
        self.alarms = [
            Alarm(signal, scorers[signal.model])
            for signal in rules.signal
            if signal.model is not None and signal.model in scorers
        ]
        self._windows = Windows()
        self._next = STEP

    def due(self, t: float, observed: Observed) -> Iterator[float]:
        """Take the moments before ``t``; all that happened up to each was observed.

        A silence of days costs no more than one of a quarter of an hour.
        """
        if not self.alarms and self._note is None:
            return
        while self._next < t:
            moment = self._next
            # When nothing has come for so long, no look can differ from the one before.
            quiet = moment > observed.now + LONG + STEP
            self._next = max(moment + STEP, STEP * floor(t / STEP)) if quiet else moment + STEP
            yield moment

    def look(self, t: float, observed: Observed) -> list[Tag]:
        """Look at a session at a moment; return the tags that are made or changed."""
        window = self._windows.at(t, observed)
        tags = [tag for alarm in self.alarms for tag in alarm.look(t, window)]
        if self._note is not None:
            self._note(t, window)
        return tags

    def ruled(self, tags: Iterable[Tag]) -> list[Tag]:
        """Take in the tags of rules; return those of models that they take the place of."""
        known = list(tags)
        return [tag for alarm in self.alarms for tag in alarm.ruled(known)] if known else []
