"""Whether this process may give orders to a running `serve`; decided once, by whoever starts it.

Kept apart from the client, so that a seat can ask before it has loaded what orders are made of.
"""

from __future__ import annotations

from recorder.errors import ControlError

_given_up: list[str] = []
"""Why this process gives no orders; empty where it may."""


def give_no_orders(why: str) -> None:
    """Let no order leave this process from now on; ``why`` is what whoever tries is told."""
    _given_up[:] = [why]


def may_order() -> bool:
    """Return whether this process may give orders."""
    return not _given_up


def check_permission() -> None:
    """Let an order pass.

    Raises:
        ControlError: This process gives none.

    """
    if _given_up:
        raise ControlError(_given_up[0], "ask whoever runs `jumpseat serve`")
