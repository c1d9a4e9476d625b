"""In which order files of tests are handed out to the workers of pytest-xdist.

A worker that gets a long file last keeps the others waiting for it. And what starts many processes
is better mixed with what needs one. No test may need any order: this is about time alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

LONG = (
    "tests/end_to_end/",
    "tests/tui/seat/",
    "tests/analyzer/commands/panes/",
    "tests/analyzer/commands/test_random_mixes.py",
    "tests/analyzer/edits/",
    "tests/bench/",
    "tests/recorder/practice/",
    "tests/tui/cli/test_analyze.py",
    "tests/tui/cli/test_demo.py",
    "tests/tui/cli/test_learning_loop.py",
    "tests/tui/debrief/",
    "tests/test_packaging.py",
)
"""How the names of files begin that may take more than some seconds; each is spread by itself."""

LAST_QUICK = 0.25
"""The part of the other files that comes when the long ones are all handed out."""


class Item(Protocol):
    """A test, as far as its place in the order goes."""

    @property
    def nodeid(self) -> str:
        """Its file, then its name in there."""


Test = TypeVar("Test", bound=Item)


def in_order(items: Sequence[Test]) -> list[Test]:
    """Return tests with those of one file together, and long files in front, between others."""
    files: dict[str, list[Test]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    others = [name for name in files if not name.startswith(LONG)]
    place = _spread(others, 1.0)
    for start in LONG:
        place |= _spread([name for name in files if name.startswith(start)], 1 - LAST_QUICK)
    return [item for name in sorted(files, key=place.__getitem__) for item in files[name]]


def _spread(names: Sequence[str], until: float) -> dict[str, float]:
    """Return a place between 0 and ``until`` for each."""
    return {name: until * number / len(names) for number, name in enumerate(names)}
