"""A real session's card, from the feed: kept sealed, in the viewer's name, and tags cut out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert

from analyzer.service import ensure_analysed
from analyzer.tables import TagRow
from recorder.cards.book import Book
from recorder.cards.calls import call
from recorder.cards.card import Card, Evidence, checked
from recorder.cards.keeping import Purpose
from recorder.cards.own import Own
from recorder.errors import StoreError, UsageError
from recorder.exercise.loader import load_exercise
from recorder.home import Home
from recorder.recording.journal import ExerciseChosen
from recorder.store.rows import speaking_of
from tests.tui.seat.recordings import RecordingBuilder
from tests.tui.seat.running import PATIENCE
from tui.books import book_of
from tui.person import person, sit_as
from tui.seat.card.edits import (
    Attach,
    BeBlind,
    Discard,
    Edit,
    Explain,
    Look,
    Rate,
    Recommend,
    Say,
    Submit,
    edited,
)
from tui.seat.home.stored import StoredHome
from tui.seat.recording_feed import RecordingFeed


@pytest.fixture
def live(home: Home) -> Iterator[RecordingBuilder]:
    """A session that goes on, so that its tags are what the store has."""
    with recorded(home, "s1", blind=False) as made:
        yield made


def recorded(home: Home, name: str, *, blind: bool) -> RecordingBuilder:
    plan = load_exercise(home, "ghost").plan
    plan = plan.model_copy(update={"cards": plan.cards.model_copy(update={"blind_to_tags": blind})})
    made = RecordingBuilder(home.recording(name))
    chosen = plan.model_dump(mode="json", by_alias=True, exclude_none=True)
    made.write(ExerciseChosen(t=0, name="ghost", plan=chosen))
    made.terminal(0.5)
    made.output(1.0, b"candidate@web01:~$ ")
    return made


def test_after_a_lost_key_another_card_is_put_beside_the_lost_one(
    live: RecordingBuilder, home: Home, engine: Engine
) -> None:
    feed = RecordingFeed(live.directory, engine)
    feed.open()
    edits = whole(book_of(home, engine, "s1"))
    feed.card([*edits, Submit()])
    feed.close()
    home.card_key.unlink()
    feed = RecordingFeed(live.directory, engine)
    feed.open()
    folder = feed.card([Look()])
    assert (folder.is_in, folder.submitted, folder.own.card) == (True, None, Card())
    folder = feed.card([*edits, Submit("the key was lost")])
    assert [each.reason for each in folder.own.submitted] == ["the key was lost"]
    assert [each.kind for each in folder.own.lost] == ["submitted"]
    feed.close()


def tag(engine: Engine, session: str) -> None:
    values = {
        "signal": "apache-stopped", "topic": "web", "until": None, "outcome": "ok", "id": "t1",
        "confidence": 1.0, "detector": "rule", "state": "established", "evidence": [], "t": 5.0,
    }  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(TagRow).values(session=session, **values))


def whole(book: Book) -> list[Edit]:
    edits: list[Edit] = [Rate(each.id, 3) for each in book.competencies]
    edits += [Explain(each.id, "zzQuartz") for each in book.competencies]
    return [*edits, Recommend(3), Say("reason", "on the whole")]


def test_edits_become_a_draft_that_only_its_author_reads(
    live: RecordingBuilder, home: Home, engine: Engine
) -> None:
    feed = RecordingFeed(live.directory, engine)
    feed.open()
    folder = feed.card([Look()])
    assert folder.competencies == load_exercise(home, "ghost").plan.competency
    assert (folder.own.draft, folder.own.submitted) == (None, ())
    name = folder.competencies[0].id
    seen = Evidence(kind="moment", t=3.0, text="looked")
    folder = feed.card([Rate(name, 2), Explain(name, "zzQuartz"), Attach(name, seen)])
    assert folder.own.card.rating(name).evidence == (seen,)
    book = book_of(home, engine, "s1")
    assert book.own(person()).card == folder.own.card
    assert [(each.who, each.state) for each in book.progress()] == [(person(), "draft")]
    # Back to nothing is no draft.
    folder = feed.card([Rate(name, None), Explain(name, "")])
    assert folder.own.draft is not None
    folder = feed.card([Discard()])
    assert folder.own.draft is None
    feed.close()


def test_it_is_submitted_once_and_changed_beside_with_a_reason(
    live: RecordingBuilder, home: Home, engine: Engine
) -> None:
    feed = RecordingFeed(live.directory, engine)
    feed.open()
    with pytest.raises(UsageError, match="not whole"):
        feed.card([Submit()])
    book = book_of(home, engine, "s1")
    edits = whole(book)
    folder = feed.card([*edits, Submit()])
    assert folder.standing.state == "submitted"
    folder = feed.card([Rate(book.competencies[0].id, 1)])
    assert folder.own.draft is not None
    folder = feed.card([Rate(book.competencies[0].id, 3)])
    assert folder.own.draft is None, "nothing differs from what is in"
    with pytest.raises(UsageError, match="reason"):
        feed.card([Rate(book.competencies[0].id, 1), Submit()])
    folder = feed.card([Submit("12:40")])
    assert [each.reason for each in folder.own.submitted] == ["", "12:40"]
    feed.close()


def test_what_is_said_in_two_seats_at_once_is_kept_of_both(
    live: RecordingBuilder, home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = RecordingFeed(live.directory, engine), RecordingFeed(live.directory, engine)
    asks = threading.Event()
    other = threading.Thread(target=there.card, args=([Say("gaps", "seen there")],))

    def speaking(engine: Engine, session: str) -> AbstractContextManager[Connection]:
        if threading.current_thread() is other:
            asks.set()
        return speaking_of(engine, session)

    def slowly(card: Card, edit: Edit) -> Card:
        if threading.current_thread() is not other:
            # Whatever it reads before it wants to write, it has read by then.
            other.start()
            assert asks.wait(PATIENCE)
        return edited(card, edit)

    with closing(here), closing(there):
        for feed in (here, there):
            feed.open()
            feed.card([Look()])
        monkeypatch.setattr("recorder.cards.book.speaking_of", speaking)
        monkeypatch.setattr("tui.seat.card.stored.edited", slowly)
        here.card([Say("strengths", "seen here")])
        other.join()
    card = book_of(home, engine, "s1").own(person()).card
    assert (card.strengths, card.gaps) == ("seen here", "seen there")


def test_what_is_said_elsewhere_as_the_card_goes_in_goes_in_with_it(
    live: RecordingBuilder, home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, read = book_of(home, engine, "s1"), Book.own

    def read_then_said(self: Book, who: str, purpose: Purpose = "interview") -> Own:
        own = read(self, who, purpose)
        if own.draft is not None and not own.card.gaps:
            book.save_draft(checked(own.card, gaps="seen there"), who)
        return own

    with closing(RecordingFeed(live.directory, engine)) as feed:
        feed.open()
        feed.card(whole(book))
        monkeypatch.setattr(Book, "own", read_then_said)
        feed.card([Submit()])
    assert [each.card.gaps for each in read(book, person()).submitted] == ["seen there"]


def test_tags_are_cut_out_of_the_findings_and_come_back_without_another_opening(
    live: RecordingBuilder, home: Home, engine: Engine
) -> None:
    feed = RecordingFeed(live.directory, engine)
    feed.open()
    feed.card([Look()])
    tag(engine, "s1")
    assert [each.id for each in feed.findings().tags] == ["t1"]
    feed.card([BeBlind(blind=True)])
    found = feed.findings()
    assert (found.tags, found.questions, found.titles, found.hidden) == ((), {}, {}, True)
    feed.card([BeBlind(blind=False)])
    assert feed.findings().tags
    feed.card([BeBlind(blind=True)])
    feed.card([*whole(book_of(home, engine, "s1")), Submit()])
    found = feed.findings()
    assert (len(found.tags), found.hidden) == (1, False)
    with pytest.raises(UsageError, match="your card is in"):
        feed.card([BeBlind(blind=True)])
    feed.close()


def test_who_chooses_to_see_no_tags_while_they_are_still_looked_for_is_shown_none(
    home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with recorded(home, "s1", blind=False) as made:
        feed = RecordingFeed(made.directory, engine)
    with closing(feed):
        assert not feed.open().live

        def analyse(*args: Any, **options: Any) -> Any:
            feed.card([BeBlind(blind=True)])
            return ensure_analysed(*args, **options)

        monkeypatch.setattr("analyzer.service.ensure_analysed", analyse)
        assert feed.findings().hidden


def test_an_exercise_may_ask_it_of_everybody_and_each_is_judged_by_their_own_card(
    home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with recorded(home, "s1", blind=True) as made:
        monkeypatch.setattr("tui.person._interviewers", [])
        sit_as("alice")
        alice = RecordingFeed(made.directory, engine)
        with closing(alice):
            alice.open()
            alice.card([Look()])
            tag(engine, "s1")
            assert alice.findings().hidden
            sit_as("bob")
            bob = RecordingFeed(made.directory, engine)
            with closing(bob):
                bob.open()
                assert bob.findings().hidden
                alice.card([*whole(book_of(home, engine, "s1")), Submit()])
                assert not alice.findings().hidden
                assert bob.findings().hidden
                folder = bob.card([Look()])
        assert [(each.who, each.state) for each in folder.progress] == [("alice", "submitted")]
        assert "zzQuartz" not in repr(folder)


def test_where_it_cannot_be_told_whether_tags_may_be_seen_none_are(
    live: RecordingBuilder, engine: Engine
) -> None:
    feed = RecordingFeed(live.directory, engine)
    feed.open()
    feed.card([Look()])
    Path(str(engine.url.database)).unlink()
    with pytest.raises(StoreError):
        feed.findings()
    feed.close()


def test_a_file_that_is_no_session_has_no_card_and_says_the_way_out(tmp_path: Path) -> None:
    with RecordingBuilder(tmp_path / "s-1") as made:
        made.terminal(0.5)
        made.output(1.0, b"hello")
        made.close(2.0)
    feed = RecordingFeed(tmp_path / "s-1", None)
    feed.open()
    with pytest.raises(StoreError, match="session import"):
        feed.card([Look()])
    feed.close()


def test_home_shows_no_tags_of_sessions_that_are_judged_without_them(
    home: Home, engine: Engine
) -> None:
    with recorded(home, "s1", blind=False), recorded(home, "s2", blind=True):
        rows = {row.id: row for row in StoredHome(engine, home, viewer="ada").sittings()}
        assert not any(row.hidden for row in rows.values()), "there is nothing to hide yet"
        tag(engine, "s1")
        tag(engine, "s2")
        feed = StoredHome(engine, home, viewer="ada")
        rows = {row.id: row for row in feed.sittings()}
        assert rows["s1"].topics == (("web", 1),)
        hidden = rows["s2"]
        assert (hidden.topics, hidden.last, hidden.words, hidden.hidden) == ((), None, "", True)
        call(engine, "s1", "blind", ["ada"], "ada")
        call(engine, "s2", "asked", ["ben"], "lead")
        rows = {row.id: row for row in feed.sittings()}
        assert rows["s1"].hidden
        assert not rows["s2"].hidden, "ada is not asked"
        Book(engine, book_of(home, engine, "s1").key, "s1", None).submit(
            Card(recommendation=3, reason="x"), "ada"
        )
        assert not {row.id: row for row in feed.sittings()}["s1"].hidden
