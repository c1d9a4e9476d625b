"""What keys say on a card, without a screen: edits, what is on its way, what is proposed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.cards.card import MOST_EVIDENCE, MOST_QUOTED, MOST_TEXT, Card, Evidence
from recorder.errors import StoreError, UsageError
from recorder.store.noted import Note
from tests.tui.seat.card.support import SAID, FakeCards
from tests.tui.seat.support import make_tag
from tui.seat.card.at_hand import of_moment, of_note, of_tag
from tui.seat.card.drawn import draw_details, draw_missing, draw_people, draw_row, draw_state
from tui.seat.card.edits import (
    Attach,
    Detach,
    Edit,
    Explain,
    Look,
    Rate,
    Recommend,
    Say,
    Step,
    Submit,
    edited,
)
from tui.seat.card.filling import Filling
from tui.seat.card.lost import unkept_edits
from tui.seat.moments import Moment

SEEN = Evidence(kind="moment", t=12.0, text="reads the log")


class Kept:
    """A filling whose steps are kept when a test says so."""

    def __init__(self, cards: FakeCards | None = None) -> None:
        self.cards = cards or FakeCards()
        self.steps: list[Step] = []
        self.filling = Filling(self.put)
        self.filling.take(self.cards.take("ada", [Look()]), 0)

    def put(self, step: Step) -> int:
        self.steps.append(step)
        return len(self.steps)

    def keep(self) -> None:
        self.filling.take(self.cards.take("ada", self.steps), len(self.steps))
        self.steps.clear()


def test_a_level_rates_the_marked_row_once_and_is_taken_back() -> None:
    kept = Kept()
    filling = kept.filling
    filling.marked = 1
    filling.rate(3)
    assert filling.card.rating("ssh").level == 3
    filling.rate(3)
    filling.rate(None)
    assert filling.card.rating("ssh").level is None
    filling.rate(0)
    assert filling.card.rating("ssh").level == 0
    assert kept.steps == [Rate("ssh", 3), Rate("ssh", None), Rate("ssh", 0)]


def test_rows_that_have_no_level_say_so() -> None:
    filling = Kept().filling
    filling.marked = [row.kind for row in filling.rows].index("strengths")
    with pytest.raises(UsageError, match="no level"):
        filling.rate(2)
    filling.marked = [row.kind for row in filling.rows].index("recommendation")
    with pytest.raises(UsageError, match="1, 2, 3 or 4"):
        filling.rate(0)
    filling.rate(4)
    assert filling.card.recommendation == 4


def test_what_is_on_its_way_is_shown_and_what_is_kept_meanwhile_stays() -> None:
    """The same card may be filled in two seats."""
    kept = Kept()
    kept.filling.rate(3)
    kept.cards.take("ada", [Explain("ssh", "from elsewhere")])
    kept.filling.write("looked first")
    assert kept.filling.is_waiting
    kept.keep()
    assert not kept.filling.is_waiting
    card = kept.filling.card
    assert (card.rating("debugging").level, card.rating("debugging").reason) == (3, "looked first")
    assert card.rating("ssh").reason == "from elsewhere"


def test_an_answer_that_is_older_than_the_last_key_takes_nothing_back() -> None:
    kept = Kept()
    kept.filling.rate(1)
    folder = kept.cards.take("ada", kept.steps)
    kept.filling.rate(4)
    kept.filling.take(folder, 1)
    assert kept.filling.card.rating("debugging").level == 4
    assert kept.filling.is_waiting


def test_evidence_is_ordered_by_time_and_attached_once() -> None:
    kept = Kept()
    later = Evidence(kind="tag", t=30.0, subject="t1", text="later")
    kept.filling.attach("debugging", later)
    kept.filling.attach("debugging", SEEN)
    assert kept.filling.evidence == (SEEN, later)
    with pytest.raises(UsageError, match="attached already"):
        kept.filling.attach("debugging", later.model_copy(update={"text": "other words"}))
    assert kept.filling.detach(0) == SEEN
    assert kept.filling.evidence == (later,)
    assert kept.filling.detach(5) is None


def test_more_evidence_than_a_rating_holds_is_refused_and_nothing_is_lost() -> None:
    filling = Kept().filling
    for number in range(MOST_EVIDENCE):
        filling.attach("time", Evidence(kind="moment", t=float(number)))
    with pytest.raises(UsageError, match="attached there already"):
        filling.attach("time", Evidence(kind="moment", t=999.0))
    assert len(filling.card.rating("time").evidence) == MOST_EVIDENCE
    with pytest.raises(UsageError):
        filling.write("x" * (MOST_TEXT + 1))


def test_the_competency_is_proposed_by_topic_else_the_last_one() -> None:
    filling = Kept().filling
    assert filling.proposed(None) == 0
    assert filling.proposed("ssh") == 1
    filling.attach("time", SEEN)
    assert filling.proposed(None) == 2
    assert filling.proposed("nothing-of-it") == 2
    assert filling.proposed("web") == 0


def test_what_is_missing_shrinks_to_nothing_and_a_change_is_seen() -> None:
    kept = Kept()
    filling = kept.filling
    assert draw_missing(filling).plain == "Missing: 3 ratings · a recommendation"
    for index, level in enumerate((3, 0, 2)):
        filling.marked = index
        filling.rate(level)
    assert draw_missing(filling).plain == "Missing: 2 reasons · a recommendation"
    for index in (0, 2):
        filling.marked = index
        filling.write("seen")
    filling.marked = len(filling.rows) - 1
    filling.rate(3)
    assert draw_missing(filling).plain == "Missing: why you recommend so"
    filling.write("because")
    assert draw_missing(filling).plain == "Nothing is missing: S submits it."
    filling.order(Submit())
    kept.keep()
    assert not filling.is_changed
    assert draw_state(filling).plain.startswith("submitted ")
    filling.rate(4)
    assert filling.is_changed
    assert "a change is drafted" in draw_state(filling_kept(kept)).plain


def filling_kept(kept: Kept) -> Filling:
    kept.keep()
    return kept.filling


def test_others_are_names_and_states_and_nothing_they_wrote() -> None:
    cards = FakeCards(asked=("ada", "ben"))
    cards.take("ben", [Rate("ssh", 1), Explain("ssh", "zzQuartz")])
    kept = Kept(cards)
    assert draw_people(kept.filling.folder).plain == "Others: ben begun"
    assert "zzQuartz" not in repr(kept.filling.folder)


@pytest.mark.parametrize("width", [20, 33, 60, 120])
def test_a_row_is_as_wide_as_it_may_be_and_acts_on_no_terminal(width: int) -> None:
    known = FakeCards().known
    nasty = known[0].model_copy(update={"title": "[bold]\x1b[31mred\x1b]0;x\x07" + "w" * 80})
    filling = Kept(FakeCards(known=(nasty, *known[1:]))).filling
    filling.rate(4)
    for row in filling.rows:
        drawn = draw_row(filling, row, width)
        assert drawn.cell_len == width
        assert "\x1b" not in drawn.plain
    details = draw_details(filling, width).text
    assert "\x1b" not in details.plain
    assert all(line.cell_len <= max(width, 60) for line in details.split("\n")[3:])


@pytest.mark.parametrize(("width", "shown"), [(33, "Strong hire"), (60, "Recommendation: Strong")])
def test_what_is_recommended_is_readable_in_a_narrow_row(width: int, shown: str) -> None:
    filling = Kept(FakeCards()).filling
    filling.marked = len(filling.rows) - 1
    filling.rate(4)
    assert shown in draw_row(filling, filling.rows[-1], width).plain


def test_a_tag_a_note_and_a_moment_become_evidence() -> None:
    tag = of_tag(make_tag("t9", 20.0, topic="ssh", until=25.0), "Turned\npasswords off")
    assert tag.topic == "ssh"
    assert tag.evidence == Evidence(
        kind="tag", t=20.0, until=25.0, subject="t9", text="Turned passwords off"
    )
    note = Note(number=4, kind="mark", t=7.0, text="", who="ada", said=SAID, subject=None)
    assert of_note(note).evidence == Evidence(kind="note", t=7.0, subject="4", text="mark")
    long = of_note(replace(note, text="x" * 900)).evidence
    assert len(long.text) == MOST_QUOTED


def test_a_moment_says_which_command_runs_or_has_just_ended() -> None:
    commands = (
        Moment(id="k1", t=10.0, words="apt update", outcome="ok", until=20.0),
        Moment(id="k2", t=90.0, words="top", outcome="unknown"),
    )
    said = [of_moment(t, commands).evidence.text for t in (5.0, 15.0, 49.0, 51.0, 500.0)]
    assert said == ["", "apt update", "apt update", "", "top"]


def test_what_could_not_be_kept_is_told_once_for_each_thing() -> None:
    steps = [
        Rate("ssh", 2),
        Explain("ssh", "one"),
        Explain("ssh", "two\nlines"),
        Rate("ssh", None),
        Attach("ssh", SEEN),
        Detach("time", SEEN),
        Say("gaps", "none"),
        Recommend(3),
        Look(),
    ]
    lines = unkept_edits(steps, StoreError("the disk is full", ""))
    assert len(lines) == 6
    assert "not kept on your card: ssh, why: two⏎lines (the disk is full)" in [
        line.replace("\N{RETURN SYMBOL}", "⏎") for line in lines
    ]
    assert any("ssh: no level" in line for line in lines)


names = st.sampled_from(["debugging", "ssh", "time"])
words = st.text(max_size=30)
pieces = st.builds(
    Evidence, kind=st.just("moment"), t=st.integers(0, 9).map(float), text=st.just("x")
)
edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(Rate, names, st.none() | st.integers(0, 4)),
    st.builds(Explain, names, words),
    st.builds(Attach, names, pieces),
    st.builds(Detach, names, pieces),
    st.builds(Recommend, st.none() | st.integers(1, 4)),
    st.builds(Say, st.sampled_from(["reason", "strengths", "gaps"]), words),
)


@given(st.lists(edits, max_size=12))
def test_the_card_is_the_same_whether_edits_are_kept_one_by_one_or_shown_on_their_way(
    said: list[Edit],
) -> None:
    kept, card = Kept(), Card()
    for each in said:
        try:
            kept.filling.say(each)
        except UsageError:
            continue
        card = edited(card, each)
    assert kept.filling.card == card
    kept.keep()
    assert kept.filling.card == card
