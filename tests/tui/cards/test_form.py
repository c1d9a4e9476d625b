"""A card written as a form is read back as the same card; what is wrong in one is named by line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.records import Tag
from recorder.cards.card import MOST_TEXT, Card, Evidence, Rating
from recorder.errors import UsageError
from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.exercise.schema import Competency, Exercise
from recorder.home import Home, default_home
from recorder.store.noted import Note
from tui.cards.form import FormError, read_form, write_form
from tui.cards.pointing import Known, read_evidence, shown_evidence
from tui.cli.output import moment
from tui.cli.times import parse_time

NAMES = ("debugging", "care")


def plan() -> Exercise:
    shipped = read_exercise(Home(default_home()), shipped_directory() / "ghost.toml").plan
    levels = ("nothing seen", "weak", "fair", "good", "as good as it gets")
    known = tuple(
        Competency(id=each, title=each, question="How did they?", levels=levels) for each in NAMES
    )
    return shipped.model_copy(update={"competency": known})


PLAN = plan()
NOTE = Note(
    kind="note",
    t=75.0,
    text="asked about DNS",
    number=3,
    who="ada",
    said=datetime(2026, 3, 4, tzinfo=UTC),
)
TAG = Tag(
    id="t-17",
    signal="apache-stopped",
    topic="web",
    t=100.0,
    until=None,
    outcome="ok",
    confidence=1.0,
    detector="rule",
    evidence=(),
    state="established",
)


def spoken(subject: str) -> tuple[float, str]:
    if subject != "1:4":
        raise UsageError(f"nothing was said at {subject!r}", "")
    return 62.0, "what does the log say?"


KNOWN = Known(tags=(TAG,), notes=(NOTE,), spoken=spoken, parse_time=parse_time, show_time=moment)


def show(evidence: Evidence) -> str:
    return shown_evidence(evidence, moment)


def read_one(words: str, before: Sequence[Evidence] = ()) -> Evidence:
    return read_evidence(words, KNOWN, before)


def filled(text: str, card: Card | None = None) -> Card:
    return read_form(text, card or Card(), PLAN.competency, "form", read_one)


# What reading takes off at both ends, and what no TOML can hold as it is.
texts = st.text(max_size=60).map(lambda text: text.replace("\r", "").strip())
evidence = st.builds(
    Evidence,
    kind=st.sampled_from(["moment", "tag", "note", "quote"]),
    t=st.floats(0, 1e5),
    subject=st.sampled_from(["a1", "3", "1:2"]),
    text=texts,
)
ratings = st.builds(
    Rating,
    competency=st.sampled_from(NAMES),
    level=st.none() | st.integers(0, 4),
    reason=texts,
    evidence=st.lists(evidence, max_size=3, unique_by=show).map(tuple),
)
cards = st.builds(
    Card,
    ratings=st.lists(ratings, unique_by=lambda each: each.competency, max_size=2).map(tuple),
    recommendation=st.none() | st.integers(1, 4),
    reason=texts,
    strengths=texts,
    gaps=texts,
)


@given(card=cards)
def test_a_form_says_the_card_that_it_was_written_from(card: Card) -> None:
    back = filled(write_form(card, PLAN, "session k7", show), card)
    assert [back.rating(each) for each in NAMES] == [card.rating(each) for each in NAMES]
    assert back.model_copy(update={"ratings": ()}) == card.model_copy(update={"ratings": ()})


@pytest.mark.parametrize(
    "unseen", ["\x1b", "\x9b", "\u202e", "\u2028", "\u2066", "\ufeff", "\U000e0041"]
)
def test_a_form_has_nothing_that_a_terminal_acts_on_or_nobody_sees(unseen: str) -> None:
    words = f"a{unseen}31mb"
    evidence = (Evidence(kind="moment", t=75.0, text=words),)
    rating = Rating(competency="care", level=1, reason=words, evidence=evidence)
    card = Card(ratings=(rating,), reason=words, gaps=words)
    text = write_form(card, PLAN, "session k7", show)
    assert unseen not in text
    back = filled(text, card)
    assert (back.rating("care"), back.reason, back.gaps) == (rating, words, words)


@given(text=st.text(max_size=200))
def test_whatever_is_written_is_a_card_or_refused(text: str) -> None:
    try:
        found = filled(text)
    except FormError as error:
        assert error.faults  # noqa: PT017 - either outcome is right, and is looked at
    else:
        assert found == Card() or "=" in text


def test_the_form_explains_every_level_and_leaves_open_what_is_open() -> None:
    text = write_form(Card(), PLAN, "session k7", show)
    for words in ("1 Strong no hire", "[debugging]", "0 nothing seen", "4 as good as it gets"):
        assert words in text
    assert "# level = " in text
    assert filled(text).recommendation is None


def test_evidence_is_named_as_people_say_it() -> None:
    text = """
    [debugging]
    level = 3
    evidence = ["1:15 reads the log", "tag apache-stopped@1:40", "note 3", "quote 1:4"]
    """
    found = filled(text).rating("debugging").evidence
    assert [(each.kind, each.t, each.subject) for each in found] == [
        ("moment", 75.0, None),
        ("tag", 100.0, "t-17"),
        ("note", 75.0, "3"),
        ("quote", 62.0, "1:4"),
    ]
    assert found[0].text == "reads the log"
    assert found[3].text == "what does the log say?"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("recommendation = 5", ["form:1: recommendation: "]),
        ("\nluck = 1", ["form:2: luck: unknown; competencies are care, debugging"]),
        ("[debugging]\nlevel = 7", ["form:1: debugging: level: "]),
        ('[care]\nlevl = 1\nevidence = ["note 9"]', ["form:2: care.levl: ", "form:3: care.evid"]),
        ('[care]\nevidence = ["", "9:99:99:99"]', ["form:2: care.evid", "form:2: care.evid"]),
        ("reason = 3", ["form:1: reason: "]),
        ("[care]\nlevel = true", ["form:1: care: level: "]),
        ("\nx = ]", ["form:2: x: not TOML"]),
        ("\nrecommendation = " + "9" * 5000, ["form:2: recommendation: not TOML"]),
        ("\ncare" + ".x" * 5000 + " = 1", ["form:2: c: not TOML"]),
        (f'gaps = "{"x" * (MOST_TEXT + 1)}"', ["form:1: gaps: "]),
    ],
)
def test_faults_are_named_with_their_lines(text: str, faults: list[str]) -> None:
    with pytest.raises(FormError) as caught:
        filled(text)
    found = [str(each) for each in caught.value.faults]
    assert len(found) == len(faults)
    assert all(a.startswith(b) for a, b in zip(found, faults, strict=True)), found
