"""Who gets how many rows of the desk: the one place where it is decided what gives way.

Panels keep their order on the screen; in order of importance each first gets what it cannot be
without, then what it wants. What is left goes to the tags.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Name = Literal["alarms", "clock", "tags", "tasks", "probes", "connections", "asked"]

ORDER: tuple[Name, ...] = ("clock", "alarms", "tags", "tasks", "probes", "connections", "asked")
"""From the top."""

LEAST_COLUMNS = 28
LEAST_ROWS = 8
"""Below these the desk says what it needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Rows of one panel without its heading: ``least`` to make sense at all, ``most`` to be whole.

    ``headed``: it has a heading, a row more.
    """

    name: Name
    least: int
    most: int
    headed: bool = True


def allot(rows: int, wishes: Sequence[Wish]) -> Mapping[Name, int]:
    """Return the rows of each panel without its heading; those that have no room are left out.

    Args:
        rows: Of the whole desk.
        wishes: The most important first.

    """
    given: dict[Name, int] = {}
    left = rows
    for wish in wishes:
        cost = wish.least + wish.headed
        if wish.least > 0 and cost <= left:
            given[wish.name] = wish.least
            left -= cost
    for wish in wishes:
        if wish.name in given:
            more = min(max(wish.most - given[wish.name], 0), left)
            given[wish.name] += more
            left -= more
    if "tags" in given:
        given["tags"] += left
    return given
