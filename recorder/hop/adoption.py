"""Makes an object that a library has made one of a class of ours, in place.

asyncssh makes its connections itself and asks nobody of which class. What an object became before,
it stays: each adoption puts one more class in front. Nothing else belongs here.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

Adopted = TypeVar("Adopted")

_HANDLERS = "_packet_handlers"


def adopt(thing: object, kind: type[Adopted]) -> Adopted:
    """Make ``thing`` also a ``kind``, whose constructor is not called.

    Where ``kind`` has ``own_packet_handlers``, they win over the handlers that the object had
    (asyncssh finds those in a table of the class, not by their names).
    """
    if not isinstance(thing, kind):
        before: Any = type(thing)
        own: Any = kind
        thing.__class__ = _combined(own, before)
    return cast("Adopted", thing)


@cache
def _combined(kind: Any, before: Any) -> Any:
    own = getattr(kind, "own_packet_handlers", {})
    return type(kind.__name__, (kind, before), {_HANDLERS: getattr(before, _HANDLERS, {}) | own})
