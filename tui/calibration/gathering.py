"""The sessions that calibration rests on: those whose cards are on the table and may be seen.

Every session is asked of its book, as whoever looks; what is left out is counted by its reason.
Nothing is printed or computed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine, select

from analyzer.calibration.judged import Judged, scores
from analyzer.models.profiles import profiles
from recorder.cards.book import Book
from recorder.cards.calls import calls_of, standing_calls
from recorder.cards.debriefing import decided_level, decision_in, entries_of, standing_entries
from recorder.cards.opening import Sheet
from recorder.cards.sealing import SealError
from recorder.cards.seeing import BlindError
from recorder.cards.tables import CardRow
from recorder.errors import UsageError
from recorder.store.engine import store_errors
from recorder.store.tables import SessionRow
from tui.books import book_of
from tui.cli.settings import Settings

NOT_OPEN = "whose debrief is not open"
OWED = "whose cards you may not see before your own is in"
NO_CARDS = "without cards"
ALTERED = "whose cards were altered, or cannot be read here"
ELSEWHERE = "recorded elsewhere, whose home's key is not known here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What calibration looks at.

    Attributes:
        sessions: Those whose cards may be seen, by id.
        left_out: How many others there are, by reason.
        late: Cards of these sessions that are left out: their authors could see the others'.

    """

    sessions: tuple[Judged, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    late: int = 0


def sessions_with_cards(engine: Engine) -> dict[str, str | None]:
    """Return the sessions that somebody submitted a card of, and their exercises, by id.

    Raises:
        StoreError: The store cannot be read.

    """
    query = (
        select(SessionRow.id, SessionRow.exercise)
        .join(CardRow, CardRow.session == SessionRow.id)
        .where(CardRow.purpose == "interview", CardRow.kind != "draft")
        .distinct()
        .order_by(SessionRow.id)
    )
    with store_errors(engine), engine.connect() as connection:
        return {row.id: row.exercise for row in connection.execute(query)}


def gather(
    settings: Settings,
    engine: Engine,
    sessions: Sequence[str],
    viewer: str,
    tell: Callable[[float], None] | None = None,
) -> Gathered:
    """Return these sessions as somebody may see them.

    Args:
        settings: Whose home's key opens cards.
        engine: The store, which knows the sessions.
        sessions: Their ids.
        viewer: Who looks.
        tell: Is called with the share that is done, from 0 to 1.

    Raises:
        StoreError: The store cannot be read.
        HomeError: The home's key cannot be read or made.

    """
    exercises = sessions_with_cards(engine)
    signals = _signals(engine)
    found: list[Judged] = []
    left_out: Counter[str] = Counter()
    late = 0
    for number, session in enumerate(sessions, start=1):
        known = session in exercises
        seen = _seen(settings, engine, session, viewer) if known else NO_CARDS
        if isinstance(seen, str):
            left_out[seen] += 1
        else:
            book, every = seen
            sheets = independent(engine, session, every)
            late += len(every) - len(sheets)
            tags = signals.get(session) if book.standing(viewer).sees_tags else None
            found.append(judged(engine, book, sheets, exercises[session], tags))
        if tell is not None:
            tell(number / len(sessions))
    return Gathered(sessions=tuple(found), left_out=dict(left_out), late=late)


def independent(engine: Engine, session: str, sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Return the cards that were submitted before their authors could see another's.

    Before the debrief opened; or later, by whoever was waited for from then on, and so saw none.

    Raises:
        StoreError: The store cannot be read.

    """
    opened = next(each.said for each in entries_of(engine, session) if each.kind == "opened")
    calls = calls_of(engine, session)
    waited_for = standing_calls([each for each in calls if each.said <= opened]).asked

    def saw_none(sheet: Sheet) -> bool:
        submitted = sheet.first.said
        if submitted <= opened:
            return True
        # Whoever is excused meanwhile owes nothing, and may look.
        excused = any(
            each.kind == "excused" and each.who == sheet.who and opened < each.said <= submitted
            for each in calls
        )
        return sheet.who in waited_for and not excused

    return tuple(filter(saw_none, sheets))


def judged(
    engine: Engine,
    book: Book,
    sheets: Sequence[Sheet],
    exercise: str | None,
    signals: frozenset[str] | None,
) -> Judged:
    """Return a session whose cards are seen, as calibration takes it.

    Raises:
        StoreError: The store cannot be read.

    """
    return Judged(
        session=book.session,
        exercise=exercise,
        first={each.who: scores(each.first.card) for each in sheets},
        latest={each.who: scores(each.latest.card) for each in sheets},
        decision=decision_of(engine, book.session),
        signals=signals,
    )


def decision_of(engine: Engine, session: str) -> int | None:
    """Return what the debrief came to, 1 to 4; None where it did not.

    Raises:
        StoreError: The store cannot be read.

    """
    return decided_level(decision_in(standing_entries(entries_of(engine, session))))


def _seen(
    settings: Settings, engine: Engine, session: str, viewer: str
) -> tuple[Book, tuple[Sheet, ...]] | str:
    """Return a session's book and its cards, or why somebody cannot see them."""
    try:
        book = book_of(settings.home, engine, session, settings.card_key)
    except UsageError:
        return ELSEWHERE
    try:
        return book, book.sheets(viewer)
    except BlindError:
        return OWED if book.standing(viewer).opened else NOT_OPEN
    except SealError:
        return ALTERED


def _signals(engine: Engine) -> dict[str, frozenset[str]]:
    """Return the signals of every session that was analysed; rejected tags do not count."""
    return {
        each.session: frozenset(each.signals)
        for those in profiles(engine).values()
        for each in those
    }
