"""How somebody stands to many sessions at once, for lists of sessions: a few queries for all.

The rule is `recorder.cards.seeing`'s; nobody's card is opened here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection

from sqlalchemy import Engine, select

from recorder.cards.calls import Call, call_of, standing_calls
from recorder.cards.seeing import Standing, state_of
from recorder.cards.tables import CardCallRow, CardRow
from recorder.store.engine import store_errors
from recorder.store.rows import readable

_Kinds = dict[str, dict[str, set[str]]]


def hidden_sessions(
    engine: Engine, who: str, sessions: Collection[str], requires: Callable[[str], bool]
) -> set[str]:
    """Return those of these sessions whose tags somebody does not see before their card is in.

    Args:
        engine: The store.
        who: Who looks.
        sessions: Ids.
        requires: Whether the exercise of a session lets nobody see them before; asked only where
            it matters.

    Raises:
        StoreError: The store cannot be read.

    """
    if not sessions:
        return set()
    kinds, calls = _read(engine, who)
    hidden = set()
    for session in sessions:
        stands = standing_calls(calls.get(session, ()))
        standing = Standing(
            who=who,
            state=state_of(kinds["interview"].get(session, set())),
            asked=who in stands.asked,
            blind=who in stands.blind,
            anybody_asked=bool(stands.asked or stands.excused),
            required=requires(session),
            # Whether others' cards are open is not asked here.
            opened=False,
            training=state_of(kinds["training"].get(session, set())) == "draft",
        )
        if not standing.sees_tags:
            hidden.add(session)
    return hidden


def _read(engine: Engine, who: str) -> tuple[_Kinds, dict[str, list[Call]]]:
    """Return which states of cards somebody has, by purpose and session, and all calls."""
    cards = (
        select(CardRow.purpose, CardRow.session, CardRow.kind).where(CardRow.who == who).distinct()
    )
    said = select(CardCallRow.__table__).order_by(CardCallRow.session, CardCallRow.number)
    kinds: _Kinds = {"interview": {}, "training": {}}
    calls: dict[str, list[Call]] = defaultdict(list)
    with store_errors(engine), engine.connect() as connection:
        for purpose, session, kind in connection.execute(cards):
            # What another program wrote counts for nothing, as where one session is looked at.
            kinds.setdefault(purpose, {}).setdefault(session, set()).add(kind)
        with readable("calls for cards"):
            for row in connection.execute(said).mappings():
                calls[row["session"]].append(call_of(row))
    return kinds, calls
