"""What is noted is kept: appended, numbered, on either database, and nobody changes another's."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from recorder.errors import StoreError, UsageError
from recorder.store.engine import open_engine
from recorder.store.migrations import prepare
from recorder.store.notes import MOST_TEXT, Note, Noting, add_note, notes_of, standing
from recorder.store.tables import SessionRow


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    made = open_engine(store_url)
    prepare(made)
    with made.begin() as connection:
        for session in ("s1", "s2"):
            connection.execute(
                insert(SessionRow).values(
                    id=session, state="open", target="t", started=datetime.now(UTC)
                )
            )
    yield made
    made.dispose()


def a_note(text: str = "reads the log", t: float = 10.0) -> Noting:
    return Noting(kind="note", t=t, text=text)


def test_notes_are_numbered_in_each_session_and_read_back_as_they_were_kept(engine: Engine) -> None:
    said = datetime(2026, 3, 4, 11, 0, tzinfo=timezone(timedelta(hours=2)))
    kept = [
        add_note(engine, "s1", a_note("zwölf Uhr 世 \U0001f600"), "ada", now=said),
        add_note(engine, "s1", Noting(kind="task", t=3.25, subject="ghost"), "grace"),
        add_note(engine, "s2", Noting(kind="mark", t=0.0), "ada"),
    ]
    assert [each.number for each in kept] == [1, 2, 1]
    assert notes_of(engine, "s1") == tuple(kept[:2])
    assert notes_of(engine, "s2") == (kept[2],)
    assert notes_of(engine, "s1")[0].said == datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def test_what_replaces_and_what_takes_back_leave_the_first_words_in_the_store(
    engine: Engine,
) -> None:
    add_note(engine, "s1", Noting(kind="mark", t=5.0), "ada")
    add_note(engine, "s1", Noting(kind="note", t=5.0, text="tests it", replaces=1), "ada")
    assert [each.text for each in standing(notes_of(engine, "s1"))] == ["tests it"]
    gone = Noting(kind="note", t=5.0, text="tests it", replaces=2, withdrawn=True)
    add_note(engine, "s1", gone, "ada")
    assert standing(notes_of(engine, "s1")) == ()
    assert [each.number for each in notes_of(engine, "s1")] == [1, 2, 3]


def test_nobody_changes_or_takes_back_what_another_noted(engine: Engine) -> None:
    add_note(engine, "s1", a_note(), "ada")
    for withdrawn in (False, True):
        with pytest.raises(UsageError, match="note 1 is ada's"):
            add_note(
                engine,
                "s1",
                Noting(kind="note", t=1.0, text="no", replaces=1, withdrawn=withdrawn),
                "grace",
            )
    assert len(notes_of(engine, "s1")) == 1


@pytest.mark.parametrize(
    ("noting", "words"),
    [
        (a_note(" \n"), "says nothing"),
        (Noting(kind="question", t=1.0), "says nothing"),
        (a_note("x" * (MOST_TEXT + 1)), f"has {MOST_TEXT + 1} characters"),
        (Noting(kind="task", t=1.0), "of what is this task"),
        (Noting(kind="announced", t=1.0), "of what is this announced"),
        (a_note(t=-1.0), "is no moment"),
        (a_note(t=float("nan")), "is no moment"),
        (a_note(t=float("inf")), "is no moment"),
        (Noting(kind="note", t=1.0, text="x", replaces=7), "no note 7 that still stands"),
        (Noting(kind="mark", t=1.0, withdrawn=True), "nothing was named"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_kept(
    engine: Engine, noting: Noting, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        add_note(engine, "s1", noting, "ada")
    assert notes_of(engine, "s1") == ()


def test_what_was_taken_back_cannot_be_taken_back_again(engine: Engine) -> None:
    add_note(engine, "s1", a_note(), "ada")
    gone = Noting(kind="note", t=10.0, replaces=1, withdrawn=True)
    add_note(engine, "s1", gone, "ada")
    with pytest.raises(UsageError, match="no note 1 that still stands"):
        add_note(engine, "s1", gone, "ada")


def test_the_longest_note_and_characters_that_no_database_holds_are_kept(engine: Engine) -> None:
    longest = add_note(engine, "s1", a_note("ü" * MOST_TEXT), "ada")
    odd = add_note(engine, "s1", a_note("a\0b\udcffc"), "ada")
    assert odd.text == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    assert notes_of(engine, "s1") == (longest, odd)


def test_a_session_that_the_store_does_not_know_is_said_and_not_made(engine: Engine) -> None:
    with pytest.raises(StoreError, match="does not know session s3"):
        add_note(engine, "s3", a_note(), "ada")


def test_notes_that_are_made_at_the_same_moment_get_numbers_of_their_own(engine: Engine) -> None:
    def say(number: int) -> Note:
        return add_note(engine, "s1", a_note(f"note {number}"), f"person {number % 3}")

    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(say, range(12)))
    assert sorted(each.number for each in kept) == list(range(1, 13))
    assert {each.text for each in notes_of(engine, "s1")} == {f"note {n}" for n in range(12)}


@st.composite
def histories(draw: st.DrawFn) -> list[Note]:
    """Notes as one store could hold them: each replaces at most one that stood until then."""
    notes: list[Note] = []
    stands: list[int] = []
    for number in range(1, draw(st.integers(0, 12)) + 1):
        replaces = draw(st.sampled_from([None, *stands]))
        withdrawn = replaces is not None and draw(st.booleans())
        if replaces is not None:
            stands.remove(replaces)
        if not withdrawn:
            stands.append(number)
        notes.append(
            Note(
                kind="mark",
                t=float(draw(st.integers(0, 5))),
                replaces=replaces,
                withdrawn=withdrawn,
                number=number,
                who="ada",
                said=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
    return notes


@given(notes=histories(), data=st.data())
def test_what_stands_is_what_nobody_replaced_by_moment_in_whatever_order_it_is_read(
    notes: list[Note], data: st.DataObject
) -> None:
    found = standing(data.draw(st.permutations(notes)))
    expected: set[int] = set()
    for each in notes:
        expected.discard(each.replaces or 0)
        if not each.withdrawn:
            expected.add(each.number)
    assert {each.number for each in found} == expected
    assert [(each.t, each.number) for each in found] == sorted(
        (each.t, each.number) for each in found
    )
