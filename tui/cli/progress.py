"""How far long work has come, on stderr, where a person looks. The work itself is the caller's."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

WORTH_BYTES = 1 << 20
"""Less is done before anybody wonders."""


@contextmanager
def progress(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """Show a bar while so many bytes are read; yield what is told of each further part.

    In a pipe, and for little, nothing is shown.
    """
    if length < WORTH_BYTES or not sys.stderr.isatty():
        yield _ignore
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


def _ignore(_: int) -> None:
    return None
