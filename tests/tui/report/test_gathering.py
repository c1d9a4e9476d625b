"""A report tells what was seen, judged and missed, and never to whom it must not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from sqlalchemy import update

from analyzer.models.words import RESTS
from recorder.cards.calls import call
from recorder.cards.debriefing import Entering, add_entry
from recorder.cards.tables import DebriefRow
from tests.tui.report import staging
from tests.tui.report.staging import DOWN, SESSION, UP, Stage
from tui.calibration.gathering import decision_of
from tui.report.as_html import html_lines
from tui.report.as_json import json_lines
from tui.report.as_markdown import markdown_lines
from tui.report.gathering import gather, gather_for_candidate
from tui.report.values import Report

WORD = "zzQuartzOwl"
"""Planted where it must not come out."""


@pytest.fixture(scope="module")
def report(told: Stage) -> Report:
    return gather(told.asked())


def forms(report: Report, stage: Stage) -> Iterator[tuple[str, str]]:
    yield "json", b"".join(json_lines(report)).decode()
    yield "md", b"".join(markdown_lines(report)).decode()
    for replay in (True, False):
        page = html_lines(report, stage.directory, None, replay=replay, say=lambda _: None)
        yield "html", b"".join(page).decode()


def test_tasks_say_whether_work_on_them_was_seen(report: Report) -> None:
    assert {each.id: each.reached for each in report.tasks} == {
        "address": "ticked",
        "ghost": "worked-on",
        "not-public": "not-seen",
        "no-passwords": "worked-on",
    }
    assert all(each.seconds > 600 for each in report.tasks if each.reached == "worked-on")
    assert any("Keep the blog from the public" in line for line in report.not_reached)
    assert any("care for production" in line and "linus" in line for line in report.not_reached)


def test_what_was_seen_comes_with_times_and_quotes_of_the_screen(report: Report) -> None:
    seen = {each.signal: each for topic in report.topics for each in topic.seen}
    notice = (
        seen["page-notice-seen"]
        if "page-notice-seen" in seen
        else next(each for each in seen.values() if "must stay up" in each.title)
    )
    quote = notice.evidence[-1].quote
    assert quote is not None
    assert "I must stay up" in quote.rows[quote.marked[0]]
    stopped = next(
        each for each in seen.values() if "Apache" in each.title and "Stop" in each.title
    )
    assert stopped.t == pytest.approx(staging.STOPPED, abs=1.0)
    assert stopped.evidence[0].text == "sudo systemctl stop apache2"


def test_the_page_that_must_stay_up_is_told_from_when_to_when(report: Report) -> None:
    (page,) = report.probes
    assert page.must_hold
    assert [(each.start, each.until, each.good) for each in page.looks] == [
        (130.0, DOWN, True),
        (DOWN, UP, False),
        (UP, pytest.approx(staging.HOUR, abs=1.0), True),
    ]
    assert any("from 23:20 to 33:20 (down)" in line for line in report.summary)


def test_ratings_come_side_by_side_with_what_they_differ_by(report: Report) -> None:
    assert report.judged is not None
    debugging, care = report.judged.competencies
    given = [each.recommendation for each in report.judged.cards if each.recommendation]
    assert (debugging.spread, care.spread) == (0, 1)
    assert report.judged.recommendation_spread == max(given) - min(given)
    levels = [(each.who, each.level, each.first) for each in care.ratings]
    assert levels == [("ada", 1, None), ("grace", 2, 4), ("linus", 0, None)]
    evidence = debugging.ratings[0].evidence[0]
    assert evidence.quote is not None
    assert any("systemctl stop apache2" in row for row in evidence.quote.rows)
    (change,) = report.judged.changes
    assert change.opened
    assert change.what[0] == "Recommendation: No hire \u2192 Hire"


def test_the_debrief_is_told(report: Report) -> None:
    judged = report.judged
    assert judged is not None
    assert judged.decision_words == "Hire"
    assert [each.answers for each in judged.questions] == [("they did answer (facilitator)",)]
    assert [each.text for each in judged.next_steps] == ["call them step"]


def test_the_timeline_is_in_order_and_holds_notes_probes_and_tags(report: Report) -> None:
    times = [each.t for each in report.timeline]
    assert times == sorted(times)
    assert {each.kind for each in report.timeline} >= {
        "login", "tag", "probe", "note", "question", "task", "clock", "ended",
    }  # fmt: skip


def test_the_recording_says_by_what_it_was_made(report: Report) -> None:
    found = report.provenance
    assert (found.verdict, found.gaps) == ("intact", ())
    assert found.exercise_sha256 is not None
    assert re.fullmatch("[0-9a-f]{64}", found.exercise_sha256)
    assert {name for name, _ in found.models} >= {"activity", "stuck"}


def test_an_altered_recording_is_told_at_once(fresh) -> None:
    stage = fresh()
    journal = stage.directory / "session.jsonl"
    journal.write_text(journal.read_text().replace("Ada Example", "Eve Example"))
    assert "NOT as it was signed" in gather(stage.asked()).summary[-1]


def test_sealed_cards_tell_names_and_states_only(fresh) -> None:
    stage = fresh()
    staging.submit(stage, WORD)
    call(stage.engine, SESSION, "asked", ("mary",), "ada")
    stage.book.save_draft(staging.a_card(1, 1, 1, WORD), "mary")
    for viewer in ("ada", "mary", "nobody"):
        report = gather(stage.asked(viewer))
        assert report.judged is not None
        assert report.judged.sealed == "the cards of this session are not opened yet"
        states = {each.who: each.state for each in report.judged.waiting}
        assert states == dict.fromkeys(("ada", "grace", "linus"), "submitted") | {"mary": "begun"}
        for form, text in forms(report, stage):
            assert WORD not in text, (viewer, form)


def test_who_owes_a_card_sees_neither_cards_nor_what_was_said_over_them(fresh) -> None:
    stage = fresh()
    staging.submit(stage, WORD)
    call(stage.engine, SESSION, "asked", ("mary",), "ada")
    stage.book.open("ada", early=True)
    report = gather(stage.asked("mary"))
    assert report.judged is not None
    assert report.judged.sealed is not None
    for form, text in forms(report, stage):
        assert WORD not in text, form
    report = gather(stage.asked("ada"))
    assert report.judged is not None
    assert (report.judged.sealed, report.judged.missing) == (None, "mary")
    assert all(WORD in text for _, text in forms(report, stage))


@pytest.mark.parametrize("subject", ["9", "hire"])
def test_a_decision_that_comes_to_no_recommendation_is_told_in_its_words(fresh, subject) -> None:
    stage = fresh()
    staging.submit(stage, WORD)
    stage.book.open("ada")
    # As a file that was imported may hold it.
    entering = Entering(kind="decision", text="see the mail", subject="3")
    add_entry(stage.engine, SESSION, entering, "ada")
    with stage.engine.begin() as connection:
        connection.execute(
            update(DebriefRow).where(DebriefRow.kind == "decision").values(subject=subject)
        )
    judged = gather(stage.asked("ada")).judged
    assert judged is not None
    assert judged.decision is not None
    assert (judged.decision.text, judged.decision_words) == ("see the mail", "")
    assert decision_of(stage.engine, SESSION) is None


def test_who_judges_blind_gets_no_tags(fresh) -> None:
    stage = fresh()
    call(stage.engine, SESSION, "asked", ("ada",), "ada")
    call(stage.engine, SESSION, "blind", ("ada",), "ada")
    seen = gather(stage.asked("grace"))
    titles = [each.title for topic in seen.topics for each in topic.seen]
    assert titles
    report = gather(stage.asked("ada"))
    assert (report.topics, bool(report.blind)) == ((), True)
    assert {each.task for each in report.work} == {each.task for each in seen.work}
    kinds = {kind for each in report.work for kind in each.activities}
    assert kinds <= RESTS < {kind for each in seen.work for kind in each.activities} | RESTS
    for form, text in forms(report, stage):
        assert [title for title in titles if title in text] == [], form


def test_a_candidates_copy_holds_nothing_that_was_judged(fresh) -> None:
    stage = fresh(
        summary=f"{WORD} summary",
        say=f"{WORD} say",
        competency=[{"id": "x", "title": f"{WORD}t", "question": f"{WORD}q",
                     "levels": [f"{WORD}{n}" for n in range(5)]}],
        information=[{"id": "i", "title": f"{WORD}i", "text": f"{WORD}i"}],
        **{"closing-question": [{"id": "c", "text": f"{WORD}c"}]},
    )  # fmt: skip
    staging.note(stage, WORD)
    call(stage.engine, SESSION, "asked", ("ada", f"{WORD}rater"), f"{WORD}asker")
    tags = gather(stage.asked())
    titles = {each.title for topic in tags.topics for each in topic.seen}
    questions = {each.question for topic in tags.topics for each in topic.seen}
    report = gather_for_candidate(stage.asked(f"{WORD}viewer"))
    for form, text in forms(report, stage):
        assert WORD not in text, form
        assert [each for each in titles | questions if each and each in text] == [], form
        assert "stop apache2" in text, form
        assert "password logins" in text, form
    assert [each.title for each in report.tasks][1] == "Install a Ghost blog"


def test_a_candidates_copy_comes_from_cards_and_debrief_as_little(told: Stage) -> None:
    words = ("grace", "linus", "facilitator", "mentor", "asks late", "noter", "order matter")
    # The team's report has them all, so that looking for them says something.
    team = b"".join(json_lines(gather(told.asked()))).decode()
    assert [word for word in words if word not in team] == []
    report = gather_for_candidate(told.asked())
    assert (report.judged, report.topics, report.made_for) == (None, (), None)
    for form, text in forms(report, told):
        assert [word for word in words if word in text] == [], form


def test_json_is_the_values(report: Report) -> None:
    text = b"".join(json_lines(report))
    assert text.isascii()
    assert json.loads(text) == json.loads(json.dumps(asdict(report)))
