"""Every key of the card over the seat: rated, written, attached, submitted, and nothing lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from textual import events

from recorder.cards.card import MOST_TEXT, Card, Evidence, Rating
from recorder.errors import StoreError
from recorder.store.notes import Note
from tests.tui.seat.support import VIEWER, FakeFeed, Seat, make_feed, run_replay
from tui.seat import unkept_words
from tui.seat.card.edits import Explain, Look, Rate, Recommend, Say, Submit
from tui.seat.card.screen import CardScreen
from tui.seat.card.which_screen import WhichScreen
from tui.seat.card.words_screen import WordsScreen

LOST = StoreError("the store is gone", "bring it back")


def own_card(feed: FakeFeed) -> Card:
    return feed.cards.own(VIEWER).card


def whole(feed: FakeFeed, *, but: str = "") -> None:
    """Let the viewer's card lack nothing."""
    steps = [Rate(each.id, 2) for each in feed.cards.known]
    steps += [Explain(each.id, "seen") for each in feed.cards.known if each.id != but]
    feed.cards.take(VIEWER, [*steps, Recommend(3), Say("reason", "on the whole")])


async def open_card(seat: Seat) -> CardScreen:
    await seat.press("C")
    await seat.until(lambda: seat.app.filling.folder is not None)
    screen = seat.app.screen
    assert isinstance(screen, CardScreen)
    return screen


async def kept(seat: Seat) -> None:
    await seat.until(lambda: not seat.app.filling.is_waiting)
    await seat.pilot.pause()


async def test_a_digit_rates_at_once_and_it_is_kept_without_another_key() -> None:
    async with run_replay() as seat:
        await open_card(seat)
        await seat.press("3", "down", "0")
        await kept(seat)
        card = own_card(seat.feed)
        assert [card.rating(each).level for each in ("debugging", "ssh", "time")] == [3, 0, None]
        await seat.until(lambda: "3 good" in seat.text and "draft, kept" in seat.text)
        assert "Missing: 1 rating · 1 reason · a recommendation" in seat.text
        await seat.press("3", "minus", "up", "3")
        await kept(seat)
        card = own_card(seat.feed)
        assert [card.rating(each).level for each in ("debugging", "ssh")] == [3, None]
        # Neither the seat's own 3 nor its 0 was meant.
        assert seat.feed.noted == []
        await seat.press("escape")
        assert len(seat.app.screen_stack) == 1


async def test_keys_that_come_faster_than_the_screen_is_drawn_rate_the_row_that_was_meant() -> None:
    async with run_replay() as seat:
        await open_card(seat)
        for key in ("3", "j", "2", "down", "1", "up", "up", "4", "j", "j"):
            seat.app.simulate_key(key)
        await seat.pilot.pause()
        await seat.press("0")
        await kept(seat)
        card = own_card(seat.feed)
        assert [card.rating(each).level for each in ("debugging", "ssh", "time")] == [4, 2, 0]


async def test_a_reason_has_several_lines_and_escape_keeps_it() -> None:
    async with run_replay() as seat:
        await open_card(seat)
        await seat.press("enter", *"one", "enter", *"two", "escape")
        await kept(seat)
        assert own_card(seat.feed).rating("debugging").reason == "one\ntwo"
        await seat.press("e", *"!", "escape")
        await kept(seat)
        assert own_card(seat.feed).rating("debugging").reason == "one\ntwo!"


async def test_words_are_kept_while_they_are_written_and_when_the_seat_is_left() -> None:
    async with run_replay() as seat:
        await open_card(seat)
        await seat.press("e", *"while I write")
        await seat.until(lambda: own_card(seat.feed).rating("debugging").reason == "while I write")
        await seat.press(*" and go")
        seat.app.exit()
    assert own_card(seat.feed).rating("debugging").reason == "while I write and go"


async def test_words_that_are_too_long_are_not_cut_in_silence() -> None:
    async with run_replay() as seat:
        await open_card(seat)
        await seat.press("e")
        screen = seat.app.screen
        assert isinstance(screen, WordsScreen)
        screen.area.text = "x" * (MOST_TEXT + 5)
        await seat.until(lambda: "5 characters too many" in seat.text)
        await seat.press("escape")
        assert seat.app.screen is screen
        screen.area.text = "short"
        await seat.press("escape")
        await kept(seat)
        assert own_card(seat.feed).rating("debugging").reason == "short"


async def test_words_that_are_looked_at_and_left_are_kept_as_they_were_written() -> None:
    feed = make_feed()
    feed.cards.take(
        VIEWER, [Explain("debugging", "from a form:\n\ta tab \x1b[1m, ends in blanks \n")]
    )
    written = own_card(feed).rating("debugging").reason
    async with run_replay(feed) as seat:
        await open_card(seat)
        await seat.press("e", "escape")
        await kept(seat)
        assert own_card(feed).rating("debugging").reason == written
        await seat.press("e", "x", "backspace", "escape")
        await kept(seat)
        assert own_card(feed).rating("debugging").reason == written
        assert not any(isinstance(each, Explain) for each in feed.cards.taken[1:])


async def test_an_exercises_question_acts_on_no_terminal_above_the_words() -> None:
    feed = make_feed()
    hostile, *others = feed.cards.known
    feed.cards.known = (
        hostile.model_copy(update={"question": "Why?\x1b]0;pwned\x07\nAnd how?"}), *others
    )  # fmt: skip
    async with run_replay(feed) as seat:
        await open_card(seat)
        await seat.press("e")
        await seat.until(lambda: "And how?" in seat.text)
        assert "\x1b" not in seat.text
        assert "Why?\N{SYMBOL FOR ESCAPE}]0;pwned" in seat.text


async def test_what_is_pasted_acts_on_no_terminal() -> None:
    async with run_replay() as seat:
        await open_card(seat)
        await seat.press("e", *"a ")
        screen = seat.app.screen
        assert isinstance(screen, WordsScreen)
        screen.area.post_message(events.Paste("one\x1b]0;x\x07\ntwo\u202e"))
        await seat.until(lambda: "two" in screen.area.text)
        await seat.press("escape")
        await kept(seat)
        reason = own_card(seat.feed).rating("debugging").reason
        assert reason == "a one\N{SYMBOL FOR ESCAPE}]0;x\N{SYMBOL FOR BELL}\ntwo\\u202e"


async def test_strengths_gaps_and_recommendation_are_rows_like_the_others() -> None:
    async with run_replay() as seat:
        await open_card(seat)
        await seat.press("j", "j", "j", "enter", *"calm", "escape")
        await seat.press("j", "e", *"tests", "escape", "j", "4", "e", *"yes", "escape")
        await kept(seat)
        card = own_card(seat.feed)
        assert (card.strengths, card.gaps, card.recommendation, card.reason) == (
            "calm",
            "tests",
            4,
            "yes",
        )
        await seat.until(lambda: "Strong hire" in seat.text)
        await seat.press("k", "2")
        await seat.until(lambda: "gaps have no level" in seat.text)


async def test_submitting_asks_once_and_says_what_follows() -> None:
    feed = make_feed()
    whole(feed)
    async with run_replay(feed, size=(120, 40)) as seat:
        await open_card(seat)
        await seat.press("S")
        await seat.until(lambda: "Others see it when the debrief is opened" in seat.text)
        await seat.press("n")
        assert not feed.cards.own(VIEWER).submitted
        await seat.press("S", "y")
        await seat.until(lambda: "submitted " in seat.text and "your card is in" in seat.text)
        assert feed.cards.own(VIEWER).draft is None


async def test_what_is_missing_is_named_and_nothing_is_asked() -> None:
    feed = make_feed()
    whole(feed, but="ssh")
    async with run_replay(feed) as seat:
        await open_card(seat)
        await seat.press("S")
        await seat.until(lambda: "Securing SSH: why 2?" in seat.text)
        assert isinstance(seat.app.screen, CardScreen)
        assert not feed.cards.own(VIEWER).submitted


async def test_a_change_after_submission_asks_what_changed_ones_mind() -> None:
    feed = make_feed()
    whole(feed)
    feed.cards.take(VIEWER, [Submit()])
    async with run_replay(feed) as seat:
        await open_card(seat)
        await seat.press("S")
        await seat.until(lambda: "nothing is changed on it" in seat.text)
        await seat.press("4")
        await seat.until(lambda: "a change is drafted" in seat.text)
        await seat.press("S", "ctrl+s")
        await seat.until(lambda: "say what changed your mind" in seat.text)
        await seat.press(*"12:40", "ctrl+s")
        await seat.until(lambda: len(feed.cards.own(VIEWER).submitted) == 2)
        first, second = feed.cards.own(VIEWER).submitted
        assert (first.card.rating("debugging").level, second.card.rating("debugging").level) == (
            2,
            4,
        )
        assert second.reason == "12:40"


async def test_a_drafted_change_is_forgotten_after_a_yes() -> None:
    feed = make_feed()
    whole(feed)
    feed.cards.take(VIEWER, [Submit(), Rate("ssh", 4)])
    async with run_replay(feed) as seat:
        await open_card(seat)
        await seat.press("D", "y")
        await seat.until(lambda: feed.cards.own(VIEWER).draft is None)
        assert own_card(feed).rating("ssh").level == 2
        await seat.until(lambda: "the draft is gone" in seat.text)
        await seat.press("D")
        await seat.until(lambda: "there is no draft" in seat.text)


async def test_others_are_shown_by_name_and_state_alone() -> None:
    feed = make_feed()
    feed.cards.asked = (VIEWER, "ben")
    feed.cards.take("ben", [Rate("ssh", 1), Explain("ssh", "zzQuartz")])
    async with run_replay(feed, size=(120, 40)) as seat:
        await open_card(seat)
        await seat.until(lambda: "Others: ben begun" in seat.text)
        assert "zzQuartz" not in seat.text
        whole(feed)
        feed.cards.owns["ben"] = feed.cards.owns.pop(VIEWER)
        feed.cards.take("ben", [Submit()])
        await seat.until(lambda: "Others: ben in" in seat.text)


# Attaching


async def attach(seat: Seat, key: str) -> Evidence:
    """Attach what is at hand by one more key, and return it."""
    before = sum(len(each.evidence) for each in own_card(seat.feed).ratings)
    await seat.press("A", key)
    await seat.until(
        lambda: sum(len(each.evidence) for each in own_card(seat.feed).ratings) > before
    )
    await kept(seat)
    assert len(seat.app.screen_stack) == 1
    pieces = [piece for each in own_card(seat.feed).ratings for piece in each.evidence]
    return pieces[-1]


async def test_the_moment_is_attached_with_the_command_that_was_run_and_one_stays_there() -> None:
    async with run_replay() as seat:
        seat.app.player.seek(51.0)
        await seat.at(51.0)
        piece = await attach(seat, "2")
        assert (piece.kind, piece.t) == ("moment", 51.0)
        assert piece.text.startswith("for each in a b; do")
        assert own_card(seat.feed).rating("ssh").evidence == (piece,)
        assert "evidence for Securing SSH" in seat.text
        assert seat.app.player.transport.position == 51.0


async def test_a_tag_that_was_gone_to_is_attached_and_its_topic_proposes_the_competency() -> None:
    feed = make_feed()
    async with run_replay(feed) as seat:
        await seat.press("n")
        await seat.at(18.0)
        piece = await attach(seat, "enter")
        assert (piece.kind, piece.subject, piece.t) == ("tag", "t1", 20.0)
        assert piece.text == "Apache was stopped"
        assert own_card(feed).rating("debugging").evidence == (piece,)


async def test_a_tag_that_one_only_came_past_is_not_meant() -> None:
    async with run_replay() as seat:
        seat.app.player.seek(80.0)
        await seat.at(80.0)
        assert (await attach(seat, "3")).kind == "moment"


async def test_in_the_lists_the_marked_row_is_attached() -> None:
    said = datetime(2026, 1, 1, tzinfo=UTC)
    note = Note(number=7, kind="note", t=44.0, text="asked why", who=VIEWER, said=said)
    feed = make_feed()
    feed.found = replace(feed.found, notes=(note,))
    async with run_replay(feed, size=(120, 40)) as seat:
        await seat.until(lambda: seat.app.player.notes)
        await seat.press("M", "up")
        await seat.until(lambda: seat.app.side.notes.highlighted_moment)
        piece = await attach(seat, "1")
        assert (piece.kind, piece.subject, piece.text) == ("note", "7", "asked why")
        await seat.press("escape", "t", "down", "down")
        marked = seat.app.side.tags.highlighted_moment
        assert marked is not None
        assert (await attach(seat, "3")).subject == marked.id


async def test_a_number_that_comes_before_the_card_was_read_is_not_lost_or_a_tick() -> None:
    feed = make_feed()
    feed.cards.gate = threading.Event()
    async with run_replay(feed) as seat:
        await seat.press("A", "2")
        assert isinstance(seat.app.screen, WhichScreen)
        feed.cards.gate.set()
        await seat.until(lambda: own_card(feed).rating("ssh").evidence)
        assert feed.noted == []


async def test_escape_attaches_nothing_and_twice_is_once() -> None:
    async with run_replay() as seat:
        await attach(seat, "1")
        await seat.press("A", "escape")
        await seat.press("A", "1")
        await seat.until(lambda: "that is attached already" in seat.text)
        assert len(own_card(seat.feed).rating("debugging").evidence) == 1


async def test_an_exercise_without_competencies_takes_no_evidence_and_says_so() -> None:
    feed = make_feed()
    feed.cards.known = ()
    async with run_replay(feed) as seat:
        for _ in range(2):
            await seat.press("A")
            await seat.until(lambda: "names nothing to rate" in seat.text)
            assert len(seat.app.screen_stack) == 1
            seat.app.clear_notifications()
        await open_card(seat)
        await seat.press("down", "down", "2")
        await kept(seat)
        assert own_card(feed).recommendation == 2


async def test_enter_on_a_piece_goes_there_and_x_takes_it_off() -> None:
    feed = make_feed()
    piece = Evidence(kind="moment", t=70.0, text="looked at the log")
    rating = Rating(competency="debugging", evidence=(piece,))
    feed.cards.take(VIEWER, [Rate("debugging", 2)])
    own = feed.cards.own(VIEWER)
    assert own.draft is not None
    draft = replace(own.draft, card=Card(ratings=(rating,)))
    feed.cards.owns[VIEWER] = replace(own, draft=draft)
    async with run_replay(feed) as seat:
        await open_card(seat)
        await seat.until(lambda: "looked at the log" in seat.text)
        await seat.press("tab", "enter")
        await seat.at(68.0)
        assert len(seat.app.screen_stack) == 1
        await seat.press("C", "x")
        await seat.until(lambda: "tab goes to the evidence" in seat.text)
        await seat.press("tab", "x")
        await kept(seat)
        assert own_card(feed).rating("debugging").evidence == ()


async def test_levels_below_the_fold_are_told_of_and_the_chosen_one_is_brought_up() -> None:
    feed = make_feed()
    said = tuple(f"Level {level}, " + "told in so many words that it fills rows. " * 5
                 for level in range(5))  # fmt: skip
    known = feed.cards.known
    feed.cards.known = (known[0].model_copy(update={"levels": said}), *known[1:])
    async with run_replay(feed, size=(80, 24)) as seat:
        await open_card(seat)
        await seat.until(lambda: "pgdn reads on" in seat.text)
        assert "4 exceptional" not in seat.text
        await seat.press("4")
        await seat.until(lambda: "▸ 4 exceptional" in seat.text)
        await seat.press("0")
        await seat.until(lambda: "▸ 0 could not tell" in seat.text)
        await seat.press("pagedown", "pagedown", "pagedown")
        await seat.until(lambda: "pgdn reads on" not in seat.text)
        await seat.press("j")
        await seat.until(lambda: "Looks at logs and state first" in seat.text)
        assert "pgdn reads on" not in seat.text


async def test_a_replay_waits_behind_the_card_and_goes_on_after_it() -> None:
    async with run_replay(paused=False) as seat:
        transport = seat.app.player.transport
        await open_card(seat)
        stood = transport.position
        await seat.pass_time(30)
        assert not transport.playing
        await seat.press("escape")
        assert transport.playing
        assert transport.position == stood
        await seat.pass_time(1)
        await seat.until(lambda: transport.position > stood)
        await seat.press("space")
        await open_card(seat)
        await seat.press("escape")
        assert not transport.playing


async def test_the_sidebar_has_the_card_and_no_screen_to_go_to() -> None:
    feed = make_feed()
    feed.overview = replace(feed.overview, live=True)
    async with run_replay(feed, live=True, sidebar=True, size=(40, 30), ready=False) as seat:
        await seat.until(lambda: seat.app.player.tags)
        piece = await attach(seat, "1")
        assert piece.kind == "moment"
        await open_card(seat)
        await seat.press("tab", "enter")
        await seat.until(lambda: "there is no screen here" in seat.text)


# What cannot be kept


async def test_what_cannot_be_kept_stays_is_said_and_is_kept_once_it_can_be() -> None:
    feed = make_feed()
    async with run_replay(feed, size=(120, 40)) as seat:
        await open_card(seat)
        feed.cards.failure = LOST
        await seat.press("3")
        await seat.until(lambda: "not kept yet: the store is gone" in seat.text)
        assert "3 good" in seat.text
        await seat.press("S")
        feed.cards.failure = None
        await kept(seat)
        assert own_card(feed).rating("debugging").level == 3
        await seat.until(lambda: "draft, kept" in seat.text)


async def test_what_was_never_kept_is_told_to_whoever_left() -> None:
    feed = make_feed()
    async with run_replay(feed) as seat:
        await open_card(seat)
        feed.cards.failure = LOST
        await seat.press("3", "e", *"why not", "escape")
        await seat.until(lambda: seat.app.filling.trouble)
    lines = unkept_words(seat.app)
    assert lines == [
        "not kept on your card: debugging: 3 (the store is gone)",
        "not kept on your card: debugging, why: why not (the store is gone)",
    ]


async def test_a_card_that_cannot_be_read_says_why_and_takes_no_key() -> None:
    feed = make_feed()
    feed.cards.failure = LOST
    async with run_replay(feed, size=(120, 40)) as seat:
        await seat.press("C")
        await seat.until(lambda: "the store is gone; bring it back" in seat.text)
        await seat.press("3", "enter", "S", "B", "D")
        seat.app.clear_notifications()
        seat.app.filling.order(Look())
        await seat.pass_time(0)
        assert not [each for each in seat.app._notifications if each.severity == "error"]
        assert isinstance(seat.app.screen, CardScreen)
        feed.cards.failure = None
        await seat.until(lambda: seat.app.filling.folder is not None)
        assert feed.cards.own(VIEWER).draft is None


@pytest.mark.parametrize("size", [(10, 5), (30, 12), (200, 60)])
async def test_the_card_opens_in_whatever_room_there_is(size: tuple[int, int]) -> None:
    async with run_replay(size=size, ready=False) as seat:
        await seat.until(lambda: seat.app.player.overview)
        await open_card(seat)
        await seat.press("2", "question_mark", "escape", "e", "x", "escape")
        await kept(seat)
        assert own_card(seat.feed).rating("debugging").level == 2
