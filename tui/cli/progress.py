"""A bar on stderr for work that takes long, where a person is there to see it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import click

from tui.cli.output import plain

PATIENCE = 0.5
"""Seconds of work before there is a bar."""

_STEPS = 1000


@contextmanager
def progress(label: str) -> Iterator[Callable[[float], None] | None]:
    """Give what is called with the share that is done, from 0 to 1; None where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    with ExitStack() as stack:
        yield _Bar(label, stack).tell


class _Bar:
    def __init__(self, label: str, stack: ExitStack) -> None:
        self._label = plain(label)
        self._stack = stack
        self._began = time.monotonic()
        self._done = 0
        self._update: Callable[[int], None] | None = None

    def tell(self, share: float) -> None:
        if self._update is None:
            if time.monotonic() - self._began < PATIENCE:
                return
            bar = click.progressbar(
                length=_STEPS, label=self._label, file=sys.stderr, show_pos=False
            )
            self._update = self._stack.enter_context(bar).update
        step = int(_STEPS * share)
        if step > self._done:
            self._update(step - self._done)
            self._done = step
