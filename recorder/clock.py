"""A session's clock: started by the interviewer, extended, run out. And the limit on its length.

Times are the session's own, in seconds since its opening. Waiting is left to whoever has a loop:
here is only what the time left is.
"""

from __future__ import annotations

from recorder.errors import ControlError

DEFAULT_MINUTES = 60.0
LONGEST_MINUTES = 24 * 60.0


class SessionClock:
    """Counts down once it was started.

    Attributes:
        length: Seconds that it has in all, extensions included.
        started: When it was started, None while it was not.

    """

    def __init__(self, length: float, limit: float) -> None:
        """Set it to ``length`` seconds; whatever it says, the session ends at ``limit``."""
        self.length = length
        self.started: float | None = None
        self._limit = limit

    @property
    def ends(self) -> float | None:
        """When it runs out, None while it was not started."""
        return None if self.started is None else self.started + self.length

    def start(self, now: float) -> None:
        """Start it.

        Raises:
            ControlError: It runs already.

        """
        if self.started is not None:
            raise ControlError(
                "the clock of this session runs already", "`jumpseat session extend` gives it more"
            )
        self.started = now

    def extend(self, seconds: float) -> None:
        """Give it more time; also before it was started."""
        self.length += seconds

    @property
    def next_end(self) -> float:
        """When the session ends if nobody does anything: the clock's end or the limit."""
        return self._limit if self.ends is None else min(self.ends, self._limit)

    def over(self, now: float) -> str | None:
        """Return why the session is over at ``now``, None while it is not."""
        if self.ends is not None and now >= self.ends:
            return "the clock ran out"
        if now >= self._limit:
            return f"it lasted {self._limit / 3600:g} hours, the most that is allowed"
        return None
