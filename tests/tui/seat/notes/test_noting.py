"""Every key of noting, in a replay and live: what is kept, what is said, what is never lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from textual import events

from recorder.errors import StoreError
from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.home import Home
from recorder.recording.journal import ChannelClosed, ExerciseChosen, SessionClosed
from recorder.store.notes import MOST_TEXT, Kind, Note, Noting, add_note, notes_of, standing
from tests.tui.seat.recordings import RecordingBuilder
from tests.tui.seat.support import VIEWER, FakeFeed, Seat, make_feed, run_replay
from tui.person import person
from tui.seat import unkept_words
from tui.seat.choose_screen import Choice, ChooseScreen, matching
from tui.seat.feed import TaskWords
from tui.seat.recording_feed import RecordingFeed

TASKS = tuple(
    TaskWords(id=name, title=f"Task of {name}") for name in ("address", "ghost", "private")
)
LOST = StoreError("the store is gone", "bring it back")


def a_note(number: int, kind: Kind, t: float, text: str = "", **more: Any) -> Note:
    values: dict[str, Any] = {"who": VIEWER, "said": datetime(2026, 1, 1, tzinfo=UTC)}
    return Note(number=number, kind=kind, t=t, text=text, **(values | more))


def noting_feed(*notes: Note, **changes: Any) -> FakeFeed:
    feed = make_feed(**changes)
    feed.overview = replace(feed.overview, tasks=TASKS, announcements=(30, 15))
    feed.found = replace(feed.found, notes=notes)
    return feed


def stands(feed: FakeFeed) -> list[tuple[str, float, str]]:
    return [(e.kind, e.t, e.text or e.subject or "") for e in standing(feed.noted)]


async def at(seat: Seat, t: float) -> None:
    seat.app.player.seek(t)
    await seat.at(t)


async def kept(seat: Seat, count: int) -> None:
    """Wait until so many notings were kept and shown."""
    await seat.until(lambda: len(seat.feed.noted) == count and not seat.app.notebook.is_keeping)
    await seat.pass_time(0)


async def test_a_mark_is_set_at_once_at_the_moment_that_is_shown() -> None:
    async with run_replay(noting_feed(), size=(140, 40)) as seat:
        await at(seat, 33.0)
        await seat.press("m")
        await kept(seat, 1)
        assert stands(seat.feed) == [("mark", 33.0, "")]
        assert "mark at 00:33; w adds words, u takes it back" in seat.text
        await seat.until(lambda: "◆ mark" in seat.text)


async def test_live_the_moment_is_now() -> None:
    feed = noting_feed()
    feed.overview = replace(feed.overview, live=True)
    async with run_replay(feed, live=True) as seat:
        feed.grow(150.0)
        await seat.until(lambda: seat.app.player.transport.position == 150.0)
        await seat.press("m")
        await kept(seat, 1)
        assert stands(feed) == [("mark", 150.0, "")]
        feed.grow(160.0, live=False)


async def test_a_note_is_about_the_moment_of_its_key_while_the_replay_goes_on() -> None:
    async with run_replay(noting_feed()) as seat:
        await at(seat, 20.0)
        await seat.press("w", *"m1 sq")
        assert "Note 00:20 m1 sq" in seat.text
        seat.app.player.seek(50.0)
        await seat.press("?", "/", "enter")
        await kept(seat, 1)
        assert stands(seat.feed) == [("note", 20.0, "m1 sq?/")]
        assert not seat.app.note_bar.is_open
        assert "note kept: m1 sq?/ (00:20)" in seat.text


async def test_what_is_typed_in_the_moment_of_the_key_goes_into_the_note() -> None:
    async with run_replay(noting_feed()) as seat:
        for key in "wwhy":
            seat.app.post_message(events.Key(key, key))
        await seat.until(lambda: seat.app.note_bar.entry.value == "why")


async def test_a_question_has_a_mark_of_its_own() -> None:
    async with run_replay(noting_feed(), size=(140, 40)) as seat:
        await at(seat, 20.0)
        await seat.press("o", *"does it", "enter")
        await kept(seat, 1)
        assert stands(seat.feed) == [("question", 20.0, "does it")]
        await seat.until(lambda: "? does it" in seat.text)


async def test_words_written_after_a_mark_replace_it() -> None:
    async with run_replay(noting_feed()) as seat:
        await at(seat, 20.0)
        await seat.press("m")
        seat.app.player.seek(24.0)
        await seat.press("w", *"yes", "enter")
        await kept(seat, 2)
        assert stands(seat.feed) == [("note", 20.0, "yes")]


async def test_what_is_put_aside_is_offered_again() -> None:
    async with run_replay(noting_feed()) as seat:
        await at(seat, 20.0)
        await seat.press("w", *"half", "escape")
        assert not seat.app.note_bar.is_open
        assert "w offers it again" in seat.text
        await at(seat, 60.0)
        await seat.press("w")
        assert "Note 00:20 half" in seat.text
        assert "as you left it" in seat.text
        await seat.press("end", *" way", "enter")
        await kept(seat, 1)
        assert stands(seat.feed) == [("note", 20.0, "half way")]


async def test_an_empty_entry_keeps_nothing() -> None:
    async with run_replay(noting_feed()) as seat:
        await seat.press("w", "space", "enter")
        assert not seat.app.note_bar.is_open
        await seat.press("o", "escape", "m")
        await kept(seat, 1)
        assert [kind for kind, _, _ in stands(seat.feed)] == ["mark"]


async def test_all_lines_of_a_paste_are_kept_and_no_more_than_fits() -> None:
    async with run_replay(noting_feed()) as seat:
        await seat.press("w")
        entry = seat.app.note_bar.entry
        entry.post_message(events.Paste("one\r\ntwo\n\tthree \x1b[31m"))
        await seat.until(lambda: entry.value == "one two three ␛[31m")
        entry.value = ""
        entry.post_message(events.Paste("x" * (MOST_TEXT + 50)))
        await seat.until(lambda: len(entry.value) == MOST_TEXT)
        await seat.until(lambda: "50 characters did not fit" in seat.text)
        await seat.until(lambda: "0 left" in seat.text)


async def test_digits_tick_and_untick_the_tasks_of_the_exercise() -> None:
    async with run_replay(noting_feed(), size=(140, 40)) as seat:
        await at(seat, 20.0)
        await seat.press("2", "3")
        await kept(seat, 2)
        assert stands(seat.feed) == [("task", 20.0, "ghost"), ("task", 20.0, "private")]
        await seat.until(lambda: "✓ 2 Task of ghost" in seat.text)
        await seat.press("2")
        await kept(seat, 3)
        assert stands(seat.feed) == [("task", 20.0, "private")]
        await seat.press("9")
        await seat.until(lambda: "the exercise has 3 tasks" in seat.text)


async def test_without_an_exercise_there_is_nothing_to_tick_or_announce() -> None:
    async with run_replay() as seat:
        await seat.press("1")
        await seat.until(lambda: "names no tasks" in seat.text)
        await seat.press("s")
        await seat.until(lambda: "announces nothing" in seat.text)
        assert seat.feed.noted == []


async def test_announcements_are_said_one_after_the_other() -> None:
    async with run_replay(noting_feed()) as seat:
        await seat.press("s", "s")
        await kept(seat, 2)
        assert [each.subject for each in seat.feed.noted] == ["30", "15"]
        await seat.press("s")
        await seat.until(lambda: "all announcements were made" in seat.text)


async def test_the_last_noting_is_undone_and_after_a_judgement_that_is() -> None:
    async with run_replay(noting_feed()) as seat:
        await at(seat, 30.0)
        await seat.press("m", "u")
        await kept(seat, 2)
        assert stands(seat.feed) == []
        assert "taken back: mark (00:30)" in seat.text
        await seat.press("m", "y", "u")
        await seat.until(lambda: len(seat.feed.said) == 2)
        assert [verdict for _, verdict in seat.feed.said] == ["confirmed", "withdrawn"]
        assert stands(seat.feed) == [("mark", 30.0, "")]


async def test_marks_and_notes_are_gone_to_by_key() -> None:
    notes = (a_note(1, "mark", 40.0), a_note(2, "note", 80.0, "x", who="grace"))
    async with run_replay(noting_feed(*notes)) as seat:
        await seat.press("apostrophe")
        await seat.at(38.0)
        await seat.press("apostrophe")
        await seat.at(78.0)
        await seat.press("apostrophe")
        await seat.until(lambda: "no mark or note after this" in seat.text)
        await seat.press("quotation_mark")
        await seat.at(38.0)


async def test_the_list_of_notes_changes_takes_back_and_goes_there() -> None:
    notes = (
        a_note(1, "question", 40.0, "why"),
        a_note(2, "note", 60.0, "[b]theirs[/b] " + "long " * 30, who="grace"),
        a_note(3, "task", 80.0, subject="ghost"),
    )
    async with run_replay(noting_feed(*notes)) as seat:
        await seat.press("M", "down", "w")
        assert "They asked 00:40 why" in seat.text
        await seat.press("end", "?", "enter")
        await kept(seat, 1)
        assert stands(seat.feed) == [("question", 40.0, "why?")]
        await seat.press("M", "down", "down", "w")
        await seat.until(lambda: "that is grace's" in seat.text)
        await seat.press("enter")
        await seat.at(58.0)
        await seat.until(lambda: "[b]theirs[/b]" in seat.text and "long long long" in seat.text)


async def test_ones_own_note_is_taken_back_in_the_list_and_anothers_is_not() -> None:
    notes = (a_note(1, "note", 40.0, "mine"), a_note(2, "note", 60.0, "theirs", who="grace"))
    async with run_replay(noting_feed(*notes), size=(140, 40)) as seat:
        assert "00:40 ✎ mine" in seat.text
        assert "01:00 ✎ grace: theirs" in seat.text
        await seat.press("M", "down", "down", "x")
        await seat.until(lambda: "that is grace's" in seat.text)
        await seat.press("up", "x")
        await kept(seat, 1)
        assert (seat.feed.noted[0].replaces, seat.feed.noted[0].withdrawn) == (1, True)
        await seat.until(lambda: "00:40 ✎ mine" not in seat.text)
        await seat.press("u")
        await seat.until(lambda: "00:40 ✎ mine" in seat.text)
        assert seat.feed.said == []


async def test_the_marked_tag_gets_another_label_from_a_list_that_narrows() -> None:
    async with run_replay(noting_feed(), size=(120, 36)) as seat:
        await seat.press("n", "R")
        await seat.until(lambda: isinstance(seat.app.screen, ChooseScreen))
        await seat.press(*"apt upg")
        await seat.until(lambda: "Upgraded packages  apt-upgrade" in seat.text)
        await seat.press("enter")
        await seat.until(lambda: seat.feed.said == [("t1", "relabelled")])
        assert seat.feed.labels == {"t1": "apt-upgrade"}
        await seat.until(lambda: "Apache was stopped (00:20) is: Upgraded packages" in seat.text)
        await seat.press("u")
        await seat.until(lambda: len(seat.feed.said) == 2)
        assert seat.feed.said[1] == ("t1", "withdrawn")


async def test_leaving_the_list_of_signals_says_nothing_of_the_tag() -> None:
    async with run_replay(noting_feed()) as seat:
        await seat.press("R")
        await seat.until(lambda: "there is no tag up to here" in seat.text)
        await seat.press("n", "R")
        await seat.until(lambda: isinstance(seat.app.screen, ChooseScreen))
        await seat.press(*"nothing like it", "enter", "w", "escape")
        await seat.until(lambda: not isinstance(seat.app.screen, ChooseScreen))
        assert seat.feed.said == []
        assert not seat.app.note_bar.is_open


def test_signals_are_found_by_words_of_title_or_id_in_any_order() -> None:
    choices = (Choice("apt-upgrade", "Upgraded packages"), Choice("stuck", "Stuck"))
    assert matching(choices, "PACK apt") == choices[:1]
    assert matching(choices, "") == choices
    assert matching(choices, "x") == ()


async def test_what_cannot_be_kept_is_said_and_its_words_come_back() -> None:
    async with run_replay(noting_feed(not_noted=LOST), size=(120, 36)) as seat:
        await at(seat, 20.0)
        await seat.press("w", *"words", "enter")
        await seat.until(lambda: "not kept: the store is gone" in seat.text)
        assert "w offers them again" in seat.text
        assert seat.app.player.notes == ()
        seat.feed.not_noted = None
        await at(seat, 60.0)
        await seat.press("w", "enter")
        await kept(seat, 1)
        assert stands(seat.feed) == [("note", 20.0, "words")]


async def test_what_was_noted_is_kept_when_the_app_ends_even_what_is_being_typed() -> None:
    feed = noting_feed(note_gate=threading.Event())
    assert feed.note_gate is not None
    async with run_replay(feed) as seat:
        await seat.press("m", "1")
        await seat.press("o", *"open word")
        seat.app.exit()
        feed.note_gate.set()
    assert [each.kind for each in feed.noted] == ["mark", "task", "question"]
    assert feed.noted[-1].text == "open word"
    assert unkept_words(seat.app) == []


async def test_what_could_not_be_kept_to_the_end_is_told_to_whoever_started_it() -> None:
    feed = noting_feed(not_noted=LOST)
    async with run_replay(feed) as seat:
        await seat.press("w", *"first", "enter")
        await seat.until(lambda: "not kept" in seat.text)
        await seat.press("o", *"second\\")
    assert unkept_words(seat.app) == [
        "not kept: 00:00 first",
        "not kept: 00:00 second\\ (the store is gone)",
    ]


async def test_a_live_view_that_leaves_by_itself_waits_for_the_end_of_the_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.seat.news_actions.CLOSING_PAUSE", 0.01)
    monkeypatch.setattr("tui.seat.notes.actions._LOOK_AGAIN", 0.01)
    feed = noting_feed()
    feed.overview = replace(feed.overview, live=True)
    async with run_replay(feed, live=True, until_closed=True) as seat:
        await seat.press("w", "a")
        feed.grow(150.0, live=False)
        await seat.until(lambda: not seat.app.player.transport.live)
        await seat.press("b", "enter")
        await seat.until(lambda: seat.app._exit)
    assert [each.text for each in feed.noted] == ["ab"]


async def test_notes_of_others_appear_while_the_session_is_live() -> None:
    feed = noting_feed()
    feed.overview = replace(feed.overview, live=True)
    async with run_replay(feed, live=True, size=(140, 40)) as seat:
        feed.noted.append(a_note(1, "note", 90.0, "look here", who="grace"))
        await seat.until(lambda: "✎ grace: look here" in seat.text)
        feed.grow(150.0, live=False)


async def test_notes_work_in_the_narrowest_terminals() -> None:
    async with run_replay(noting_feed(a_note(1, "note", 40.0, "mine")), size=(38, 24)) as seat:
        await seat.press("M")
        await seat.until(lambda: "00:40 ✎ mine" in seat.text)
        await seat.press("escape", "w", *"narrow")
        assert "Note 00:00 narrow" in seat.text
        await seat.press("enter")
        await kept(seat, 1)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    loaded = read_exercise(Home(tmp_path / "home"), shipped_directory() / "ghost.toml")
    plan = loaded.plan.model_dump(mode="json", by_alias=True, exclude_none=True)
    with RecordingBuilder(tmp_path / "s1") as made:
        made.write(ExerciseChosen(t=0, name="ghost", plan=plan))
        made.terminal(0.5)
        made.output(1.0, b"candidate@web01:~$ ")
        made.write(ChannelClosed(t=98.0, connection=1, channel=1))
        made.write(SessionClosed(t=99.0, reason="closed"))
    return tmp_path / "s1"


def test_a_recordings_feed_keeps_notes_in_the_viewers_name_and_gives_everybodys(
    recording: Path, engine: Engine
) -> None:
    feed = RecordingFeed(recording, engine)
    overview = feed.open()
    assert [each.id for each in overview.tasks] == [
        "address", "ghost", "not-public", "no-passwords",
    ]  # fmt: skip
    assert overview.announcements == (15,)
    # Nobody has told the store of this session yet.
    own = feed.note(Noting(kind="mark", t=1.0))
    other = add_note(engine, "s1", Noting(kind="note", t=0.5, text="hello"), "grace")
    found = feed.findings()
    assert found.notes == (other, own)
    assert (found.viewer, found.last_note) == (person(), 2)
    assert notes_of(engine, "s1") == (own, other)
    feed.close()


def test_of_a_file_the_feed_keeps_no_notes(recording: Path) -> None:
    feed = RecordingFeed(recording, None)
    feed.open()
    with pytest.raises(StoreError, match="a file is in none"):
        feed.note(Noting(kind="mark", t=1.0))
    assert feed.findings().notes == ()
    feed.close()


async def test_a_failure_that_nobody_foresaw_ends_the_seat_and_loses_no_words() -> None:
    feed = noting_feed(note_gate=threading.Event())
    assert feed.note_gate is not None
    feed.not_noted = OSError("boom")  # type: ignore[assignment] - what no feed should raise
    async with run_replay(feed) as seat:
        await seat.press("w", *"one", "enter", "y", "o", *"two", "enter")
        feed.note_gate.set()
        await seat.until(lambda: seat.app._exit)
        assert isinstance(seat.app.failure, Exception)
    assert unkept_words(seat.app) == [
        "not kept: 00:00 one (the seat failed)",
        "not kept: 00:00 two (the seat failed)",
    ]
