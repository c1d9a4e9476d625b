"""Which sessions are shown, and in which order: sorting and filtering, nothing drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from analyzer.visible import plain
from tui.seat.home.sittings import Sitting


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A way to sort; live sessions come first in every one, ties by the youngest."""

    name: str
    words: str
    key: Callable[[Sitting], Any]


ORDERS = (
    Order(name="started", words="youngest first", key=lambda row: -row.started.timestamp()),
    Order(
        name="candidate",
        words="by candidate",
        key=lambda row: ((row.candidate or "\U0010ffff").casefold(),),
    ),
    Order(name="tags", words="most tags first", key=lambda row: -tag_count(row)),
    Order(name="target", words="by target", key=lambda row: row.target.casefold()),
)


def tag_count(row: Sitting) -> int:
    """Return how many tags a session has."""
    return sum(count for _, count in row.topics)


def order_named(name: str) -> Order:
    """Return an order, the first where the name is none's."""
    return next((each for each in ORDERS if each.name == name), ORDERS[0])


def next_order(name: str) -> Order:
    """Return the order after this one, round and round."""
    index = ORDERS.index(order_named(name))
    return ORDERS[(index + 1) % len(ORDERS)]


def in_order(rows: Iterable[Sitting], name: str = "started") -> tuple[Sitting, ...]:
    """Return live sessions first, each part in the order of that name."""
    key = order_named(name).key
    young = sorted(rows, key=lambda row: (-row.started.timestamp(), row.id))
    return tuple(sorted(young, key=lambda row: (not row.live, key(row))))


def searchable(row: Sitting) -> str:
    """Return what a session is found by, casefolded."""
    topics = " ".join(topic for topic, _ in row.topics)
    parts = (row.candidate or "", row.target, row.id, row.state, topics, row.words)
    return plain("\n".join(part.replace("\n", " ") for part in parts)).casefold()


def matching(rows: Sequence[Sitting], query: str, texts: dict[str, str]) -> tuple[Sitting, ...]:
    """Return the sessions in which every word of a query occurs.

    Args:
        rows: The sessions.
        query: Words; case does not matter.
        texts: `searchable` of each session, by its id.

    """
    words = query.casefold().split()
    return tuple(row for row in rows if all(word in texts[row.id] for word in words))
