"""The replay's one table of keys, which the live view shares: all groups in the help's order.

Bindings, footer, help screen and command palette are made from it, so that they cannot differ.
Every name in it is an ``action_`` method of the replay.
"""

from __future__ import annotations

from tui.seat.keys.action import Action, Group, actions_of
from tui.seat.keys.desk import DESK
from tui.seat.keys.looking import LEAVING, LOOKING
from tui.seat.keys.moments import MOMENTS
from tui.seat.keys.playing import MOVING, PLAYING

GROUPS: tuple[Group, ...] = (PLAYING, MOVING, MOMENTS, DESK, LOOKING, LEAVING)

ACTIONS = actions_of(GROUPS)

_BY_NAME = {action.name: action for action in ACTIONS}


def as_in_replay(name: str) -> Action:
    """Return the table's action of a name, for tables of other screens that mean the same by it.

    Raises:
        KeyError: It has none of that name.

    """
    return _BY_NAME[name]


AT_ONCE = frozenset(action.name for action in ACTIONS if action.at_once)
"""The names of the actions behind whose keys something is typed."""
