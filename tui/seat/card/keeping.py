"""Keeps what is said on a card: in its order, in a thread, nothing of it lost.

Edits that cannot be kept stay, and are tried again; an order that fails is said to have failed. No
widget belongs here, and no rule of what a key says.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from recorder.errors import JumpseatError, UsageError

if TYPE_CHECKING:
    from tui.seat.card.edits import Step
    from tui.seat.card.folder import Folder
    from tui.seat.feed import Feed

RETRY = 2.0
"""Seconds between two tries of what could not be kept."""


class CardRead(Message):
    """How the card stands; all steps up to ``serial`` are in it."""

    def __init__(self, folder: Folder, serial: int, steps: tuple[Step, ...]) -> None:
        super().__init__()
        self.folder = folder
        self.serial = serial
        self.steps = steps


class CardRefused(Message):
    """A step makes no sense, or an order failed; it is forgotten."""

    def __init__(self, step: Step, serial: int, error: JumpseatError) -> None:
        super().__init__()
        self.step = step
        self.serial = serial
        self.error = error


class CardNotKept(Message):
    """Edits cannot be kept now; they are tried again."""

    def __init__(self, error: JumpseatError) -> None:
        super().__init__()
        self.error = error


class CardKeeper:
    """A queue, and the loop that empties it; stopped, it first tries to keep all that is in it."""

    def __init__(self, feed: Callable[[], Feed], post: Callable[[Message], object]) -> None:
        self._feed = feed
        self._post = post
        self._changed = threading.Condition()
        self._steps: deque[tuple[int, Step]] = deque()
        self._serial = 0
        self._new = False
        self._stopped = False
        self._failure: JumpseatError | None = None

    def put(self, step: Step) -> int:
        """Want something said; return its serial."""
        with self._changed:
            self._serial += 1
            self._steps.append((self._serial, step))
            self._new = True
            self._changed.notify()
            return self._serial

    def stop(self) -> None:
        """Let the loop end once it has tried everything."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    @property
    def unkept(self) -> tuple[tuple[Step, ...], JumpseatError | None]:
        """Edits that were said and could not be kept before the app had ended, and why."""
        with self._changed:
            return tuple(step for _, step in self._steps if not _is_order(step)), self._failure

    def run(self) -> None:
        """Keep what was put, until stopped."""
        while (batch := self._next()) is not None:
            if batch:
                self._keep(batch)
            if self._is_done():
                return

    def _is_done(self) -> bool:
        with self._changed:
            return self._stopped and (not self._steps or self._failure is not None)

    def _next(self) -> list[tuple[int, Step]] | None:
        """Wait for the next edits, up to an order, or for one order; None when it is to end."""
        with self._changed:
            if not self._stopped and not self._new:
                self._changed.wait_for(
                    lambda: self._new or self._stopped, RETRY if self._steps else None
                )
            self._new = False
            if self._stopped and not self._steps:
                return None
            batch: list[tuple[int, Step]] = []
            for each in self._steps:
                if _is_order(each[1]):
                    return batch or [each]
                batch.append(each)
            return batch

    def _keep(self, batch: list[tuple[int, Step]]) -> None:
        steps = tuple(step for _, step in batch)
        try:
            folder = self._feed().card(steps)
        except UsageError as error:
            if len(batch) > 1:
                # One of them makes no sense; the others are not to be lost over it.
                for each in batch:
                    self._keep([each])
                return
            self._forget(batch)
            self._post(CardRefused(steps[0], batch[0][0], error))
        except JumpseatError as error:
            self._fail(batch, error)
        else:
            self._failure = None
            self._forget(batch)
            self._post(CardRead(folder, batch[-1][0], steps))

    def _fail(self, batch: list[tuple[int, Step]], error: JumpseatError) -> None:
        repeated = self._failure is not None and str(self._failure) == str(error)
        self._failure = error
        if not _is_order(batch[0][1]):
            if not repeated:
                self._post(CardNotKept(error))
            # Orders that wait behind them rest on them, and somebody waits for the answer.
            with self._changed:
                waiting = [each for each in self._steps if _is_order(each[1])]
        else:
            waiting = batch
        self._forget(waiting)
        for serial, step in waiting:
            self._post(CardRefused(step, serial, error))

    def _forget(self, batch: list[tuple[int, Step]]) -> None:
        done = {serial for serial, _ in batch}
        with self._changed:
            self._steps = deque(each for each in self._steps if each[0] not in done)
            # More may have come behind an order meanwhile, or behind edits.
            self._new = self._new or (bool(self._steps) and self._failure is None)


def _is_order(step: Step) -> bool:
    # Loaded by whoever made the step; the first picture stands before.
    from tui.seat.card.edits import BeBlind, Discard, Look, Submit  # noqa: PLC0415

    return isinstance(step, Submit | Discard | BeBlind | Look)
