"""A session's cards as whoever touches them gets them: the book, for the home that this runs on.

Finds the exercise and the key; neither click nor Textual belongs here.
"""

from __future__ import annotations

from sqlalchemy import Engine, select

from recorder.cards.book import Book
from recorder.cards.progress import standing_of
from recorder.cards.sealing import load_card_key
from recorder.cards.seeing import BlindError, check_tags
from recorder.errors import JumpseatError, SessionNotFoundError, UsageError
from recorder.exercise.loader import load_exercise
from recorder.exercise.recorded import followed
from recorder.exercise.schema import Exercise
from recorder.home import Home
from recorder.store.catalogue import find_session
from recorder.store.engine import store_errors
from recorder.store.tables import SessionRow


def book_of(home: Home, engine: Engine, session: str, team_key: str | None = None) -> Book:
    """Return the cards of a session.

    Args:
        home: Whose key opens and seals.
        engine: The store, which must know the session.
        session: Its id.
        team_key: What cards are sealed to where another home's `serve` keeps the session.

    Raises:
        UsageError: The session was recorded elsewhere, and the key of that home is not known here.
        HomeError: The key cannot be read or made.
        StoreError: The store cannot be read.

    """
    here = home.recording(session).is_dir()
    if not here and team_key is None:
        raise UsageError(
            f"session {session} was recorded elsewhere, and its cards are sealed to that home",
            "set card_key to what `jumpseat card key` prints there",
        )
    key = load_card_key(home, None if here else team_key)
    return Book(engine, key, session, plan_of_session(home, engine, session))


def plan_of_session(home: Home, engine: Engine, session: str) -> Exercise | None:
    """Return the exercise that a session followed: as recorded, else that of its name, else None.

    Raises:
        StoreError: The store cannot be read.

    """
    recorded = followed(home.recording(session))
    if recorded is not None:
        return recorded.plan
    with store_errors(engine), engine.connect() as connection:
        name = connection.execute(
            select(SessionRow.exercise).where(SessionRow.id == session)
        ).scalar_one_or_none()
    try:
        return load_exercise(home, name).plan if name else None
    except JumpseatError:
        return None


def session_named(home: Home, engine: Engine, name: str, team_key: str | None = None) -> str:
    """Return the id of a session of this home, or, for its cards, of one that the store knows.

    Raises:
        SessionNotFoundError: None, or more than one, answers to the name.
        StoreError: The store cannot be read.

    """
    try:
        return find_session(home, name).name
    except SessionNotFoundError:
        if team_key is None:
            raise
        return session_in_store(engine, name)


def session_in_store(engine: Engine, name: str) -> str:
    """Return the id that a name stands for in the store alone: an id, a unique prefix, `latest`.

    For homes that share a database and not its recordings.

    Raises:
        SessionNotFoundError: None, or more than one, answers to it.
        StoreError: The store cannot be read.

    """
    query = select(SessionRow.id).order_by(SessionRow.started.desc(), SessionRow.id)
    with store_errors(engine), engine.connect() as connection:
        known = list(connection.execute(query).scalars())
    if name == "latest" and known:
        return known[0]
    matching = [name] if name in known else [each for each in known if each.startswith(name)]
    if len(matching) != 1:
        words = "more than one session begins with" if matching else "there is no session"
        raise SessionNotFoundError(
            f"{words} {name!r}", "`jumpseat session list` shows the sessions"
        )
    return matching[0]


def blind_because(home: Home, engine: Engine, session: str, viewer: str) -> str | None:
    """Return why somebody does not see the machine's tags of a session; None where they do.

    Raises:
        StoreError: The store cannot be read.

    """
    try:
        check_sees_tags(home, engine, session, viewer)
    except BlindError as error:
        return error.cause
    return None


def check_sees_tags(home: Home, engine: Engine, session: str, viewer: str) -> None:
    """Let somebody see the machine's tags of a session.

    Raises:
        BlindError: They, or their team, chose that they judge without them first.
        StoreError: The store cannot be read.

    """
    # Needs no key, and must make none: only envelopes are looked at.
    plan = plan_of_session(home, engine, session)
    check_tags(standing_of(engine, session, plan, viewer))
