"""Pages and text hold whatever people wrote: every line fits, nothing acts on a terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from recorder.cards.card import Card, Rating
from recorder.cards.debriefing import Entry
from recorder.errors import JumpseatError
from tests.tui.debrief.support import COMPETENCIES, NOW, seen
from tests.tui.debrief.test_table import sheet
from tui.debrief.drawn import draw_page
from tui.debrief.meeting import Heading, Meeting
from tui.debrief.minutes import minutes
from tui.debrief.pages import OUTCOME, OVERVIEW, page_names
from tui.debrief.table import make_table
from tui.debrief.text import text_lines

# What terminals act on, what is wide, what is not to be seen, what Markdown takes for markup.
words = st.text(
    st.sampled_from("a b\x1b\x07\n\t\u202e\u200b長 \U0001f600[]()<>|`*_#\\-1.e\u0301"), max_size=80
)


def heading(candidate: str = "Ada Example", exercise: str = "Ghost") -> Heading:
    return Heading(
        session="s1", candidate=candidate, target="web-1", exercise=exercise, started=NOW,
        duration=300.0,
    )  # fmt: skip


def entry(number: int, kind: str, text: str, subject: str | None = None) -> Entry:
    values = {"kind": kind, "text": text, "subject": subject, "who": "ada", "number": number}
    return Entry(**values, said=NOW + timedelta(minutes=number))  # type: ignore[arg-type] - JSON's


def meeting_of(text: str, names: list[str]) -> Meeting:
    """One in which everybody says the same."""
    sheets = []
    for number, name in enumerate(sorted(names)):
        ratings = tuple(
            Rating(
                competency=each.id,
                level=(number + shift) % 5,
                reason=text,
                evidence=(seen(12.5, text, "tag"),),
            )
            for shift, each in enumerate(COMPETENCIES)
        )
        first = Card(ratings=ratings, recommendation=1 + number % 4, reason=text, strengths=text)
        later = first.rated(ratings[0].model_copy(update={"level": 4}))
        sheets.append(sheet(name, first, (later, text)))
    kinds = (("opened", None), ("question", "care"), ("answer", "2"), ("minute", None),
             ("decision", "3"), ("decision", "x"), ("next-step", None))  # fmt: skip
    entries = tuple(entry(n, kind, text, about) for n, (kind, about) in enumerate(kinds, start=1))
    return Meeting(
        heading=heading(text, text),
        viewer="ada",
        state="open",
        opened=entries[0],
        table=make_table(sheets, COMPETENCIES),
        entries=entries,
    )


def acts(line: str) -> bool:
    return any(ord(each) < 32 or each in "\x7f\u202e\u200b" for each in line)


@given(
    text=words,
    names=st.lists(words.filter(str.strip), min_size=1, max_size=7, unique=True),
    width=st.integers(30, 130),
)
def test_every_line_fits_and_nothing_acts(text: str, names: list[str], width: int) -> None:
    meeting = meeting_of(text, names)
    for page in page_names(meeting):
        paper = draw_page(meeting, page, width, 0, roomy=width % 2 == 0)
        for line in paper.lines:
            assert cell_len(line.plain) <= width
            assert not acts(line.plain)
        assert all(0 <= each.line < len(paper.lines) for each in paper.spots)
    for row in text_lines(meeting, width):
        assert cell_len(row) <= width
        assert not acts(row)
    for row in minutes(meeting).split("\n"):
        assert not acts(row)


def test_markup_in_minutes_is_text() -> None:
    text = minutes(meeting_of("[x](http://a) <b> | `y` *z*", ["ada", "bo"]))
    assert "\\[x\\]\\(http://a\\) \\<b\\> \\| \\`y\\` \\*z\\*" in text
    assert re.search(r"(?<!\\)[\[<`*]", text) is None


@pytest.mark.parametrize("words", ["- two", "+ two", "1. two", "2) two", "---", "==="])
def test_what_begins_like_a_list_or_a_heading_is_text_in_the_minutes(words: str) -> None:
    shown = minutes(meeting_of(words, ["ada"]))
    begun = [re.sub(r"^ *- ", "", line) for line in shown.split("\n")]
    assert sum("wo" in line or line.startswith("\\") for line in begun) > 0
    assert [line for line in begun if line.startswith(words)] == []


@pytest.mark.parametrize("width", [24, 40, 78])
def test_an_overview_without_room_for_columns_still_has_everybody(width: int) -> None:
    names = [f"interviewer-{number}" for number in range(12)]
    lines = draw_page(meeting_of("x", names), OVERVIEW, width, None).lines
    squeezed = "".join("".join(line.plain.split()) for line in lines)
    assert all(squeezed.count(name) >= len(COMPETENCIES) for name in names)


def test_a_decision_that_names_no_recommendation_is_its_words() -> None:
    # An import may bring two: the last one counts.
    odd = meeting_of("yes", ["ada"])
    assert "Decision: yes" in " ".join(text_lines(odd, 78))
    named = replace(odd, entries=tuple(each for each in odd.entries if each.subject != "x"))
    last = " ".join(line.plain for line in draw_page(named, OUTCOME, 78, None).lines)
    assert "Hire: yes" in last
    assert "Decision: Hire: yes" in " ".join(text_lines(named, 78))


@pytest.mark.parametrize("page", [OVERVIEW, OUTCOME])
def test_no_page_has_the_name_of_what_a_card_may_rate(page: str) -> None:
    """An imported card may rate anything, and one would turn round between two pages for ever."""
    odd = Rating(competency=page, level=3, reason="from elsewhere")
    table = make_table([sheet("eve", Card(ratings=(odd,)))], COMPETENCIES)
    names = page_names(replace(meeting_of("x", ["ada"]), table=table))
    assert len(names) == len(set(names)) == len(COMPETENCIES) + 4


@pytest.mark.parametrize("state", ["waiting", "owed"])
def test_what_is_hidden_has_one_page_and_no_minutes(state: str) -> None:
    hidden = Meeting(heading=heading(), viewer="bo", state=state, hidden="not yet")  # type: ignore[arg-type] - two of its words
    assert page_names(hidden) == (OVERVIEW,)
    with pytest.raises(JumpseatError, match=r"not in|not open"):
        minutes(hidden)
