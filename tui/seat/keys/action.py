"""What an entry of a table of keys is, and what is made of a table: bindings, the row of keys.

Every screen has a table of its own; this knows none of them, and no behaviour.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One named action: its keys as Textual names them, and as a person reads them.

    ``footer`` is the short word for the row of keys, empty where it is left to the help screen.
    ``live`` is that word in a seat with the desk: a call leaves no time for all of them.
    ``row`` is keys and words of the help's row where one row tells of several actions; the others
    of these have an empty one, and no row of their own.
    ``at_once``: what is typed behind it is not for the table, even if it comes in the same moment.
    ``which``: the action is told which of its keys it was.
    """

    name: str
    keys: tuple[str, ...]
    shown: str
    words: str
    footer: str = ""
    live: str = ""
    row: tuple[str, str] | None = None
    at_once: bool = False
    which: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Actions that belong together in the help screen."""

    title: str
    actions: tuple[Action, ...]


def actions_of(groups: Sequence[Group]) -> tuple[Action, ...]:
    """Return the actions of a table, in its order."""
    return tuple(action for group in groups for action in group.actions)


def bindings(actions: Sequence[Action]) -> list[BindingType]:
    """Return a table as Textual's bindings."""
    return [binding for action in actions for binding in _bindings(action)]


def _bindings(action: Action) -> list[Binding]:
    told = action.keys if action.which else (",".join(action.keys),)
    return [
        Binding(
            key,
            f"{action.name}('{key}')" if action.which else action.name,
            action.words,
            show=False,
            priority=action.at_once,
        )
        for key in told
    ]


def footer_hints(
    actions: Sequence[Action],
    *,
    live: bool = False,
    without: Collection[str] = frozenset(),
) -> list[tuple[str, str]]:
    """Return key and short word of the actions that the row of keys names.

    Args:
        actions: The table.
        live: Name those that a seat with the desk needs.
        without: Names of actions that it leaves out.

    """
    named = [each for each in actions if each.name not in without]
    hints = [(each.shown, each.live if live else each.footer) for each in named]
    return [(shown, words) for shown, words in hints if words]
