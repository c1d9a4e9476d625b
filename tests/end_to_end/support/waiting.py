"""Waiting for something to become true, with a deadline and words for when it does not.

The one place that polls. A test never sleeps for a time that it hopes is long enough.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

INTERVAL = 0.02
"""Seconds between two looks."""

Value = TypeVar("Value")


def wait_for(
    look: Callable[[], Value | None],
    what: str,
    *,
    timeout: float = 40.0,
    detail: Callable[[], str] = str,
) -> Value:
    """Return the first true value of ``look``, waiting at most ``timeout`` seconds.

    Raises:
        AssertionError: It did not come; ``detail`` is asked for what there was instead.

    """
    deadline = time.monotonic() + timeout
    while True:
        value = look()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"no {what} within {timeout:g} s\n{detail()}")
        time.sleep(INTERVAL)
