"""What looks, logins, tags and stretches of work mean to an interviewer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from recorder.exercise.schema import Exercise
from recorder.recording.journal import ConnectionClosed, ConnectionOpened, ConnectionRefused
from tests.tui.seat.scene import attempt, findings, journal, note, page, plan
from tests.tui.seat.support import make_tag
from tui.seat.desk.arrivals import host_of, login_of
from tui.seat.desk.book import Book
from tui.seat.desk.outside import seen_of
from tui.seat.desk.work import made_at, tasks_at
from tui.seat.feed import Findings

PLAN = Exercise.model_validate(plan())


@pytest.mark.parametrize(
    ("look", "words"),
    [
        ({}, "answers"),
        ({"contains": False}, "another page"),
        ({"status": 404, "contains": False}, "another page (404)"),
        ({"status": 404, "contains": None}, "answers 404"),
        ({"status": 502}, "error 502"),
        ({"status": 401, "auth": ("basic",)}, "asks for a password (basic)"),
        ({"status": 301, "location": "https://web-1/"}, "leads to https://web-1/"),
        ({"outcome": "refused", "status": None}, "nothing listens"),
        ({"outcome": "timeout", "status": None}, "no answer"),
        ({"outcome": "broken", "status": None}, "broken answer"),
        ({"kind": "logins", "methods": ("publickey", "password")}, "offers publickey, password"),
        ({"kind": "logins", "methods": ()}, "offers no login"),
    ],
)
def test_a_look_has_few_words(look: dict[str, Any], words: str) -> None:
    assert seen_of(page(1.0, **look), None).words == words


def test_what_answered_before_is_down_and_what_never_did_is_not() -> None:
    before = seen_of(page(1.0), None)
    assert seen_of(page(9.0, outcome="timeout"), before).words == "down"


def test_a_look_that_differs_in_nothing_told_keeps_its_time() -> None:
    first = seen_of(page(1.0), None)
    other = seen_of(page(61.0, server="nginx"), first)
    assert (other.since, other.detail) == (1.0, "http://web-1/ · by nginx")
    assert seen_of(page(121.0, outcome="refused"), other).since == 121.0


def test_only_a_page_that_must_stay_is_an_alarm_when_another_one_answers() -> None:
    book = Book()
    book.fold([*journal()[:3], page(20.0, contains=False), page(21.0, probe="ghost-port")])
    probes = {each.id: each for each in book.desk(30.0, live=True).probes}
    assert (probes["marketing-page"].alarm, probes["ghost-port"].alarm) == (True, False)
    assert (probes["https"].words, probes["https"].since) == ("no look yet", None)


@pytest.mark.parametrize(
    ("outcome", "cause", "words"),
    [
        ("accepted", None, "accepted"),
        ("partial", None, "accepted, more wanted"),
        ("refused", "refused", "refused"),
        ("error", "unreachable", "target unreachable"),
        ("error", "banned", "target shuts us out"),
        ("error", None, "failed"),
    ],
)
def test_a_login_says_how_it_came_out(outcome: str, cause: str | None, words: str) -> None:
    assert login_of(attempt(1.0, outcome=outcome, cause=cause)).words == words


@pytest.mark.parametrize(
    ("peer", "host"),
    [
        ("192.0.2.7:50000", "192.0.2.7"),
        ("[2001:db8::1]:22", "2001:db8::1"),
        ("somebody", "somebody"),
    ],
)
def test_of_a_peer_the_address_counts(peer: str, host: str) -> None:
    assert host_of(peer) == host


def test_hostile_names_are_shown_and_do_nothing() -> None:
    login = login_of(attempt(1.0, user="\x1b]52;c;x\x07[bold]"))
    assert "\x1b" not in login.user
    assert "[bold]" in login.user


def words_of(t: float, *more: Any, live: bool = True) -> list[str]:
    book = Book()
    book.fold([*journal(), *more])
    return [alarm.words for alarm in book.desk(t, live=live).alarms]


def test_a_failed_login_is_news_for_a_minute() -> None:
    assert "password login refused" in words_of(2361.0)
    assert "password login refused" in words_of(2420.0)
    assert "password login refused" not in words_of(2421.0)


def test_that_a_client_asks_what_is_offered_is_no_news() -> None:
    assert words_of(303.0) == []


def test_a_second_connection_is_news() -> None:
    more = (ConnectionOpened(t=2500.0, connection=3, peer="::1"), attempt(2505.0, 3))
    assert "connection 3 beside the first" in words_of(2510.0, *more)
    assert "connection 3 beside the first" not in words_of(2580.0, *more)


def test_that_nobody_is_connected_any_more_is_told_while_it_lasts() -> None:
    left = ConnectionClosed(t=2400.0, connection=1, reason="it broke")
    assert "nobody is connected" in words_of(2500.0, left)
    assert "nobody is connected" not in words_of(2500.0, left, live=False)
    again = (ConnectionOpened(t=2600.0, connection=3, peer="::1"), attempt(2601.0, 3))
    assert "nobody is connected" not in words_of(2700.0, left, *again)


def test_who_was_turned_away_is_told() -> None:
    away = ConnectionRefused(t=2400.0, peer="203.0.113.9:4000", reason="address")
    assert "203.0.113.9 turned away: address not admitted" in words_of(2410.0, away)


def test_the_due_announcement_comes_before_everything() -> None:
    assert words_of(2850.0)[0] == "15 minutes left: say so, then press s"
    assert words_of(2800.0)[0] == "announce 15 minutes in 20 s"
    assert words_of(3690.0)[1] == "the clock runs out and closes the session"


def test_a_task_is_touched_by_tags_and_by_stretches_of_work() -> None:
    tasks = {task.id: task for task in tasks_at(PLAN, findings(), 2400.0)}
    assert (tasks["ghost"].touched, tasks["no-passwords"].touched) == (306.0, 2000.0)
    assert [id_ for id_, task in tasks.items() if task.current] == ["no-passwords"]
    assert tasks["not-public"].touched is None
    only = Findings(tags=(make_tag("a", 50.0, topic="basic-auth"),))
    touched = {task.id: task.touched for task in tasks_at(PLAN, only, 60.0)}
    assert touched["not-public"] == 50.0
    assert all(task.touched is None for task in tasks_at(PLAN, only, 40.0))


def test_a_tag_that_was_withdrawn_touches_nothing() -> None:
    gone = Findings(tags=(make_tag("a", 50.0, topic="ssh", state="withdrawn"),))
    assert all(task.touched is None for task in tasks_at(PLAN, gone, 60.0))


def test_a_task_is_ticked_by_whoever_ticked_it_first() -> None:
    twice = (
        note(1, "task", 20.0, subject="ghost"),
        replace(note(2, "task", 30.0, subject="ghost"), who="uma"),
    )
    ghost = tasks_at(PLAN, Findings(notes=twice), 40.0)[1]
    assert (ghost.ticked, ghost.ticked_by) == (20.0, "ivo")
    assert tasks_at(PLAN, Findings(notes=twice), 10.0)[1].ticked is None


def test_an_announcement_was_made_when_somebody_said_so() -> None:
    said = Findings(notes=(note(1, "announced", 2830.0, subject="15"),))
    assert made_at(said, 2900.0) == {"15": 2830.0}
    assert made_at(said, 2829.0) == {}
