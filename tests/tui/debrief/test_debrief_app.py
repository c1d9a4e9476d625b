"""The debrief on the shared screen: each key, what others say, and what a viewer may not see."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update
from textual.widgets import Input

from recorder.cards.book import Book
from recorder.cards.debriefing import (
    Entering,
    add_entry,
    entries_of,
    put_entry,
    standing_entries,
)
from recorder.cards.tables import DebriefRow
from recorder.errors import JumpseatError, RecordingError
from recorder.home import Home
from tests.tui.debrief.running import feed_of, run_debrief
from tests.tui.debrief.support import (
    CARDS,
    SECRET,
    asked,
    opened_book,
    recorded_book,
    submit,
)
from tui import debrief
from tui.debrief.app import DebriefApp
from tui.debrief.asking import Draft, Kept
from tui.debrief.feed import StoredDebrief
from tui.debrief.keys import ACTIONS, TALKING
from tui.debrief.pages import OUTCOME, OVERVIEW
from tui.debrief.saying import say
from tui.debrief.table import RECOMMENDATION
from tui.debrief.view import Jump, View
from tui.seat.keys.action import Action

_CLOSED = re.compile(r"closed \d\d:\d\d")
"""What the head says of a debrief that is closed: since when."""


@pytest.fixture
def book(home: Home, engine: Engine) -> Book:
    return opened_book(home, engine)


@pytest.fixture
def waiting(home: Home, engine: Engine) -> Book:
    """All three were asked, bo is not in."""
    made = recorded_book(home, engine)
    asked(made, *CARDS)
    submit(made, "ada", "cleo")
    return made


def said(book: Book) -> list[tuple[str, str, str | None]]:
    entries = standing_entries(entries_of(book.engine, book.session))
    return [(each.kind, each.text, each.subject) for each in entries if each.kind != "opened"]


ONCE_OPEN = [each for each in ACTIONS if each.name != "open"]


async def test_each_key_runs_its_action(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def instead(action: Action) -> None:
        monkeypatch.setattr(
            DebriefApp, f"action_{action.name}", lambda _app: ran.append(action.name)
        )

    for each in ACTIONS:
        instead(each)
    async with run_debrief(book) as table:
        for each in ONCE_OPEN:
            await table.press(*each.keys)
    assert ran == [each.name for each in ONCE_OPEN for _ in each.keys]


async def test_the_talk_goes_from_the_widest_difference_to_what_it_comes_to(book: Book) -> None:
    async with run_debrief(book, size=(100, 40)) as table:
        await table.shows("1 of 3 differ", "could not tell", "all agree")
        pages = []
        for _ in range(6):
            await table.press("n")
            pages.append(table.app.view.page)
        assert pages == ["care", "debugging", "talk", RECOMMENDATION, OUTCOME, OUTCOME]
        await table.press("p", "p")
        await table.shows("Can one follow", "Looks at state and logs first", "thinks aloud")
        await table.press("escape")
        assert table.app.view.page == OVERVIEW
        assert table.app.paper.spots[table.app.view.marked].page == "talk"
        await table.press("up", "enter")
        await table.shows("bo could not tell", "Not enough was seen.")
        await table.press("end")
        await table.shows("None yet", "never looked at the certificate")


async def test_enter_on_evidence_leaves_for_its_moment_and_the_place_is_kept(book: Book) -> None:
    async with run_debrief(book, size=(80, 20)) as table:
        await table.press("n", "down", "down")
        await table.shows("▶ 3:20 went on")
        top = round(table.app.page_box.scroll_offset.y)
        assert top > 0
        await table.press("enter")
    jump = table.app.return_value
    assert jump is not None
    assert jump.t == 200.0
    async with run_debrief(book, size=(80, 20), view=jump.view) as table:
        await table.shows("▶ 3:20 went on")
        await table.until(lambda: round(table.app.page_box.scroll_offset.y) == top)


async def test_evidence_stays_where_there_is_no_recording(book: Book) -> None:
    async with run_debrief(book, replayable=False) as table:
        await table.press("n", "enter")
        await table.shows("not on this machine")
    assert table.app.return_value is None


async def test_questions_answers_minutes_and_steps_are_kept_and_seen(book: Book) -> None:
    async with run_debrief(book, size=(100, 44)) as table:
        await table.press("a")
        await table.shows("no question was noted")
        await table.press("n", "Q")
        await table.shows("What is still unknown about: Care for what runs")
        await table.type("did they ask?")
        await table.press("enter")
        await table.no_form()
        await table.shows("question (bo", "did they ask?")
        await table.press("w")
        await table.form()
        await table.type("ada explains")
        await table.press("enter")
        await table.shows("minute (bo", "ada explains")
        await table.press("a")
        await table.shows("did they ask?", "the answer, and where")
        await table.type("at 2:00")
        await table.press("enter")
        await table.shows("answer (bo")
        await table.press("end", "s")
        await table.form()
        await table.type("cleo calls")
        await table.press("enter")
        await table.shows("next step (bo", "cleo calls")
    number = entries_of(book.engine, book.session)[1].number
    assert said(book) == [
        ("question", "did they ask?", "care"),
        ("minute", "ada explains", "care"),
        ("answer", "at 2:00", str(number)),
        ("next-step", "cleo calls", None),
    ]


async def test_of_several_questions_one_is_chosen_to_answer(book: Book) -> None:
    for text in ("first?", "second?"):
        add_entry(book.engine, "s1", Entering(kind="question", text=text), "ada")
    async with run_debrief(book) as table:
        await table.press("a")
        await table.shows("Which question?", "first?", "second?")
        await table.type("second")
        await table.press("enter")
        await table.shows("the answer, and where it is seen")
        await table.type("yes")
        await table.press("enter")
        await table.no_form()
    assert said(book)[-1][:2] == ("answer", "yes")
    assert said(book)[-1][2] == str(entries_of(book.engine, "s1")[2].number)


async def test_a_decision_has_a_recommendation_and_words(book: Book) -> None:
    async with run_debrief(book) as table:
        await table.press("end", "d")
        await table.form()
        await table.press("3", "tab")
        await table.type("yes, if the team agrees")
        await table.press("enter")
        await table.shows("Hire: yes, if the team agrees")
    assert said(book) == [("decision", "yes, if the team agrees", "3")]


async def test_a_change_of_mind_stands_beside_the_card_and_is_ones_own(book: Book) -> None:
    async with run_debrief(book, "bo", size=(100, 44)) as table:
        await table.press("C")
        await table.shows("Change of mind: Care for what runs", "2  Reads messages")
        await table.press("3", "enter")
        await table.type("ada showed me 1:15")
        await table.press("enter")
        await table.no_form()
        await table.shows("2→3")
        await table.press("n")
        await table.shows(
            "changed from 2 to 3", "ada showed me 1:15", "said first, 2: did not ask", "→bo"
        )
    states = next(each for each in book.sheets("bo") if each.who == "bo").states
    assert [each.card.rating("care").level for each in states] == [2, 3]
    assert states[0].card.rating("care").evidence == states[1].card.rating("care").evidence
    assert [each.latest.card.rating("care").level for each in book.sheets("bo")] == [4, 3, 3]


async def test_a_refusal_stands_beside_what_was_typed_and_nothing_is_lost(book: Book) -> None:
    async with run_debrief(book) as table:
        await table.press("n", "C")
        await table.form()
        await table.press("2", "enter")
        await table.type("all the same")
        await table.press("enter")
        await table.shows("that is the level that you gave", "all the same")
        await table.press("escape")
        await table.no_form()
        await table.press("C")
        await table.shows("all the same", "2  Reads messages")


async def test_an_enter_that_comes_as_a_form_is_left_keeps_nothing_twice(book: Book) -> None:
    async with run_debrief(book) as table:
        await table.press("w")
        await table.form()
        await table.type("once")
        form = table.app.screen
        form.post_message(Kept())
        form.post_message(Input.Submitted(form.query_one(Input), "once"))
        await table.no_form()
        await table.pilot.pause()
        assert table.app.is_running
    assert said(book) == []


async def test_only_what_somebody_typed_waits_in_a_form(book: Book) -> None:
    async with run_debrief(book) as table:
        await table.press("e")
        await table.form()
        await table.press("escape", "w")
        await table.form()
        await table.type("half")
        await table.press("escape")
        await table.no_form()
    assert [each.words for each in table.app.view.drafts.values()] == ["half"]


async def test_what_stands_in_a_form_is_not_lost_where_the_debrief_ends_by_itself(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(StoredDebrief, "say", fails)
    async with run_debrief(book) as table:
        await table.press("w")
        await table.form()
        await table.type("half an hour")
        await table.press("enter")
        await table.until(lambda: table.app.failure is not None)
    assert [each.words for each in table.app.unkept.values()] == ["half an hour"]


@pytest.mark.parametrize("why", [RecordingError("it is gone"), None])
def test_what_was_typed_and_not_kept_is_printed_however_the_debrief_ends(
    book: Book,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    why: JumpseatError | None,
) -> None:
    typed = View(drafts={"minute ": Draft(words="half an hour")})

    def leaves_for_the_replay(app: DebriefApp) -> Jump | None:
        app.view = typed
        return None if why is None else Jump(t=75.0, view=typed)

    def no_replay(_t: float) -> None:
        assert why is not None
        raise why

    monkeypatch.setattr(DebriefApp, "run", leaves_for_the_replay)
    with contextlib.suppress(RecordingError):
        debrief.run_debrief(feed_of(book, "bo"), no_replay)
    assert "not kept: half an hour" in capsys.readouterr().err


@pytest.mark.parametrize("digit", ["5", "9"])
async def test_a_digit_that_is_no_level_chooses_none(book: Book, digit: str) -> None:
    async with run_debrief(book, "bo", size=(100, 44)) as table:
        await table.press("n", "n", "n", "n", "C")
        await table.shows("Change of mind: Recommendation", "2  No hire")
        await table.press(digit)
        await table.shows("2  No hire")
        await table.press("0")
        await table.shows("2  No hire")


async def test_whoever_has_no_card_has_no_mind_to_change(book: Book) -> None:
    async with run_debrief(book, "lead") as table:
        await table.press("n", "C")
        await table.shows("you have no card")
        assert len(table.app.screen_stack) == 1


async def test_what_others_say_is_seen_while_one_types(book: Book) -> None:
    async with run_debrief(book, "ada", size=(100, 44)) as table:
        await table.press("n", "w")
        await table.form()
        await table.type("half a sen")
        say(book, Entering(kind="minute", text="bo speaks", subject="care"), "bo")
        await table.shows("bo speaks")
        await table.type("tence")
        await table.press("enter")
        await table.shows("half a sentence", "bo speaks")
        changed = book.own("cleo").card
        book.change(
            changed.rated(changed.rating("talk").model_copy(update={"level": 1})), "cleo", "no"
        )
        await table.press("escape")
        await table.shows("3→1", "2 of 3 differ")


async def test_it_is_closed_with_a_word_on_what_is_open_and_takes_no_more(book: Book) -> None:
    async with run_debrief(book) as table:
        await table.press("c")
        await table.shows("nothing was decided")
        await table.press("enter")
        await table.until(lambda: _CLOSED.search(table.text))
        await table.press("s")
        await table.form()
        await table.type("late")
        await table.press("enter")
        await table.shows("the debrief is closed", "late")


async def test_one_key_closes_it_and_goes_on_with_it(book: Book) -> None:
    async with run_debrief(book) as table:
        await table.press("c")
        await table.form()
        await table.press("y")
        await table.until(lambda: _CLOSED.search(table.text))
        await table.press("u")
        await table.shows("c goes on with it")
        await table.press("c")
        await table.shows("bo closed the debrief", "Go on with it?")
        await table.form()
        await table.press("y")
        await table.until(lambda: not _CLOSED.search(table.text))
        await table.press("c")
        await table.shows("Is all said?")


async def test_what_was_said_is_chosen_and_taken_back_after_a_yes(book: Book) -> None:
    for text in ("first?", "second?"):
        add_entry(book.engine, "s1", Entering(kind="question", text=text), "ada")
    async with run_debrief(book) as table:
        await table.press("u")
        await table.shows("Take back what?", "question (ada", "first?", "second?")
        await table.press("enter")
        await table.shows("second?. Take it back?")
        await table.form()
        await table.press("escape", "u", "down", "enter")
        await table.shows("first?. Take it back?")
        await table.form()
        await table.press("y")
        await table.no_form()
        await table.shows("1 open question")
    entries = entries_of(book.engine, "s1")
    assert [each.text for each in standing_entries(entries) if each.kind == "question"] == [
        "second?"
    ]
    assert (entries[-1].withdrawn, entries[-1].who) == (True, "bo")


async def test_what_an_import_brought_of_a_kind_of_its_own_can_be_taken_back(book: Book) -> None:
    odd: Any = Entering(kind="minute", text="from elsewhere")
    with book.engine.begin() as connection:
        kept = put_entry(connection, "s1", odd, "eve")
        connection.execute(
            update(DebriefRow).where(DebriefRow.number == kept.number).values(kind="re\x1b[7mmark")
        )
    async with run_debrief(book, size=(100, 44)) as table:
        await table.press("u")
        await table.shows("Take back what?", "mark (eve,", "from elsewhere")
        await table.press("enter")
        await table.form()
        await table.press("y")
        await table.shows("taken back")
    assert said(book) == []


async def test_where_nothing_was_said_nothing_can_be_taken_back(book: Book) -> None:
    async with run_debrief(book) as table:
        await table.press("u")
        await table.shows("nothing was said yet")
        assert len(table.app.screen_stack) == 1


async def test_minutes_are_written_into_a_new_file(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "m.md"
    async with run_debrief(book) as table:
        await table.press("e")
        await table.shows("debrief-s1.md")
        await table.press("ctrl+u")
        await table.type(str(path))
        await table.press("enter")
        await table.shows("the minutes are written")
        await table.press("e")
        await table.form()
        await table.press("ctrl+u")
        await table.type(str(path))
        await table.press("enter")
        await table.shows("already there")
    assert path.read_text().startswith("# Debrief: Ada Example")


async def test_minutes_for_the_home_of_nobody_are_refused_in_the_form(book: Book) -> None:
    async with run_debrief(book) as table:
        await table.press("e")
        await table.form()
        await table.press("ctrl+u")
        await table.type("~nobody-here/m.md")
        await table.press("enter")
        await table.shows("nobody knows the home ~nobody-here")
    assert table.app.failure is None


async def test_where_no_files_are_written_the_key_is_not_there(book: Book) -> None:
    async with run_debrief(book, writes_files=False) as table:
        await table.press("e")
        assert len(table.app.screen_stack) == 1
        await table.press("question_mark")
        await table.shows("Note a question")
        assert "Write the minutes" not in table.text


async def test_before_the_opening_it_tells_who_is_in_and_no_word_of_any_card(
    waiting: Book,
) -> None:
    async with run_debrief(waiting, "ada") as table:
        await table.shows("Waiting for bo", "✓  ada", "○  bo", "not open")
        await table.press("n", "end", "Q", "d", "s", "w", "u", "C", "c", "e", "a", "enter")
        assert len(table.app.screen_stack) == 1
        assert SECRET not in table.text
        submit(waiting, "bo")
        await table.shows("All who were asked are in")
        await table.press("o")
        await table.shows("cannot be closed again")
        await table.form()
        await table.press("y")
        await table.shows("1 of 3 differ")
    assert entries_of(waiting.engine, "s1")[0].text == ""


async def test_opening_early_asks_and_notes_who_was_missing(waiting: Book) -> None:
    async with run_debrief(waiting, "lead") as table:
        await table.press("o")
        await table.shows("The card of bo is missing")
        await table.press("escape")
        assert not entries_of(waiting.engine, "s1")
        await table.press("o")
        await table.form()
        await table.press("enter")
        await table.shows("missing: bo", "Care for what runs")
    assert [(e.who, e.text) for e in entries_of(waiting.engine, "s1")] == [("lead", "bo")]


async def test_whose_card_is_owed_sees_the_others_when_it_is_in_and_not_before(
    waiting: Book,
) -> None:
    waiting.open("lead", early=True)
    say(waiting, Entering(kind="minute", text=f"ada says {SECRET}"), "ada")
    async with run_debrief(waiting, "bo") as table:
        await table.shows("yours is not in", "Opened by lead", "your own card is not in")
        every = [key for each in ACTIONS if each.name in TALKING | {"open"} for key in each.keys]
        await table.press(*every)
        assert len(table.app.screen_stack) == 1
        assert table.app.meeting is not None
        assert SECRET not in table.text + repr(table.app.meeting)
        assert "left Apache" not in repr(table.app.meeting)
        submit(waiting, "bo")
        await table.shows("Care for what runs", "ada")


@pytest.mark.parametrize("size", [(24, 6), (40, 10), (200, 60)])
async def test_it_works_in_every_size(book: Book, size: tuple[int, int]) -> None:
    async with run_debrief(book, size=size) as table:
        for _ in range(6):
            await table.press("n", "down", "pagedown", "pageup")
        await table.press("question_mark", "escape", "d", "escape", "escape", "q")
    assert table.app.failure is None
