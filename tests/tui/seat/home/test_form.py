from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import events
from textual.message import Message
from textual.widgets import Input

from recorder.errors import HomeError
from tests.tui.seat.home.support import Desk, FakeHome, run_home
from tests.tui.seat.running import PATIENCE
from tui.seat.home.form import Answered, NewSession
from tui.seat.home.sittings import Draft, DraftError


@asynccontextmanager
async def form(feed: FakeHome | None = None, **options: object) -> AsyncIterator[Desk]:
    async with run_home(feed, **options) as desk:  # type: ignore[arg-type]  # a test's options
        await desk.press("n")
        await desk.until(lambda: isinstance(desk.app.screen, NewSession))
        await desk.until(lambda: not screen(desk)._reading)
        yield desk


def screen(desk: Desk) -> NewSession:
    assert isinstance(desk.app.screen, NewSession)
    return desk.app.screen


async def test_what_is_typed_becomes_a_session_whose_row_is_marked() -> None:
    feed = FakeHome()
    async with form(feed, target="web-7") as desk:
        await desk.type("Gil Sample")
        await desk.press("tab", "right", "right", "left", "tab", "end", "9", "tab")
        await desk.type("198.51.100.7")
        await desk.press("tab", "4", "5", "tab", "space", "enter")
        await desk.shows("listens on 127.0.0.1:2302")
        await desk.until(lambda: desk.marked == "20261120-133000-4444")
        assert desk.app.view.draft == Draft(target="web-7")
    assert feed.drafts == [
        Draft(
            candidate="Gil Sample",
            exercise="ghost",
            target="web-79",
            address="198.51.100.7",
            minutes="45",
            consent="elsewhere",
        )
    ]


async def test_what_is_typed_in_one_moment_lands_in_its_fields() -> None:
    feed = FakeHome()
    async with form(feed) as desk:
        for key in [*"Zed", "tab", "right", "tab", *"web", "enter"]:
            desk.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await desk.until(lambda: feed.drafts)
    (draft,) = feed.drafts
    assert (draft.candidate, draft.exercise, draft.target) == ("Zed", "ghost", "web")


async def test_faults_stand_beside_their_fields_and_nothing_typed_is_lost() -> None:
    feed = FakeHome()
    feed.faults = [
        DraftError({"target": "no such port: 99999", "minutes": "not a number: 'x'"}),
        DraftError({"": "no `jumpseat serve` is running on this home"}),
    ]
    async with form(feed) as desk:
        await desk.type("Gil")
        await desk.press("tab", "tab")
        await desk.type("web:99999")
        await desk.press("enter")
        await desk.shows("no such port: 99999", "not a number: 'x'", "web:99999", "Gil")
        lines = desk.text.split("\n")
        row = next(n for n, line in enumerate(lines) if "web:99999" in line)
        assert "no such port: 99999" in lines[row + 1]
        await desk.until(lambda: desk.app.focused and desk.app.focused.id == "target")
        await desk.press("enter")
        await desk.shows("no `jumpseat serve` is running")
        assert "no such port" not in desk.text
        await desk.press("enter")
        await desk.shows("listens on")
    assert [each.target for each in feed.drafts] == ["web:99999"] * 3


async def test_leaving_the_form_keeps_what_was_typed() -> None:
    async with form() as desk:
        await desk.type("Gil q")
        await desk.press("tab", "right", "escape")
        await desk.until(lambda: len(desk.app.screen_stack) == 1)
        await desk.press("n")
        await desk.shows("Gil q", "ghost, 60 min")
        # Left before the exercises were known, the one of before is not forgotten.
        await desk.press("escape")
        assert desk.app.view.draft.exercise == "ghost"


async def test_an_implausible_address_can_be_insisted_on_once_it_was_refused() -> None:
    feed = FakeHome()
    feed.faults = [DraftError({"address": "10.0.0.1 is private"}, plausible=False)]
    async with form(feed) as desk:
        assert "all the same" not in desk.text
        await desk.press("tab", "tab", "tab")
        await desk.type("10.0.0.1")
        await desk.press("enter")
        await desk.shows("10.0.0.1 is private", "only if it can be a candidate's")
        await desk.until(lambda: desk.app.focused and desk.app.focused.id == "address")
        await desk.press("tab", "space", "enter")
        await desk.until(lambda: len(feed.drafts) == 2)
    assert [each.force for each in feed.drafts] == [False, True]


async def test_while_serve_is_asked_the_form_waits_and_says_so() -> None:
    feed = FakeHome()
    gate = threading.Event()
    original = feed.open

    def slow(draft: Draft) -> object:
        assert gate.wait(PATIENCE)
        return original(draft)

    feed.open = slow  # type: ignore[method-assign,assignment]  # holds the answer back
    async with form(feed) as desk:
        await desk.press("enter", "enter", "escape")
        await desk.shows("opening the session")
        assert isinstance(desk.app.screen, NewSession)
        gate.set()
        await desk.shows("listens on")
    assert len(feed.drafts) == 1


async def test_an_enter_that_comes_with_the_answer_opens_no_second_session() -> None:
    feed = FakeHome()
    async with form(feed) as desk:
        asked = screen(desk)
        post = asked.post_message

        def post_with_an_enter(message: Message) -> bool:
            if not isinstance(message, Answered):
                return post(message)
            # Both lie in its queue before it has taken either.
            again = Input.Submitted(asked.query_one("#candidate", Input), "")
            return post(message) and post(again)

        asked.post_message = post_with_an_enter  # type: ignore[method-assign]
        await desk.press("enter")
        await desk.shows("listens on")
        assert [each.name for each in desk.app.workers if each.name == "open"] == []
    assert len(feed.drafts) == 1


async def test_exercises_that_cannot_be_listed_are_said_beside_their_field() -> None:
    feed = FakeHome()
    feed.no_exercises = HomeError("the exercises cannot be read", "look at their rights")
    async with form(feed) as desk:
        await desk.shows("the exercises cannot be read")
        await desk.press("enter")
        await desk.until(lambda: feed.drafts)
    assert feed.drafts[0].exercise == ""


async def test_every_field_can_be_reached_in_80_by_24_with_all_faults_shown() -> None:
    feed = FakeHome()
    names = ("candidate", "exercise", "target", "address", "minutes", "consent", "listen", "relay")
    fault = "a fault that is told in rather many words, so that it takes more than one line here"
    feed.faults = [DraftError(dict.fromkeys([*names, ""], fault), plausible=False)]
    async with form(feed) as desk:
        await desk.press("enter")
        await desk.until(lambda: "a fault that is told" in desk.text)
        for name in [*names[1:4], "force", *names[4:]]:
            await desk.press("tab")
            await desk.until(lambda name=name: desk.app.focused.id == name)  # type: ignore[misc]
            region = desk.app.focused.region  # type: ignore[union-attr]  # something has it
            await desk.until(lambda r=region: desk.app.screen.region.contains_region(r))  # type: ignore[misc]
