from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analyzer.records import Evidence
from tests.tui.seat.support import make_command, make_tag
from tui.seat.feed import Findings, TerminalKey
from tui.seat.moments import Moment, command_moments, current_index, draw_moment, tag_moments

LONG = "Tried a new login while an earlier session stayed open"


def a_moment(outcome: str, words: str = LONG) -> Moment:
    return Moment(id="m", t=62.0, words=words, outcome=outcome)


def test_only_an_outcome_that_is_not_the_usual_one_gets_a_word() -> None:
    assert draw_moment(a_moment("ok"), 80, is_tag=True).plain == f"01:02 ● {LONG}"
    assert draw_moment(a_moment("failed"), 80, is_tag=True).plain.endswith(f"{LONG}  failed")


def test_in_a_narrow_list_the_title_gives_way_to_the_word() -> None:
    assert draw_moment(a_moment("ok", "A title of 20 cells."), 29, is_tag=True).plain == (
        "01:02 ● A title of 20 cells."
    )
    for outcome in ("failed", "unknown"):
        row = draw_moment(a_moment(outcome), 30, is_tag=True)
        assert row.cell_len == 30
        assert row.plain.endswith(f"…  {outcome}")


@given(width=st.integers(12, 120), words=st.text("abc 世\U0001f600", max_size=80))
def test_a_row_with_an_outcome_is_never_wider_than_its_list(width: int, words: str) -> None:
    assert draw_moment(a_moment("failed", words), width + 8, is_tag=True).cell_len <= width + 8


def test_a_tag_knows_the_terminal_of_its_first_evidence_that_has_one() -> None:
    evidence = (
        Evidence(kind="login", t=1.0, text="refused"),
        Evidence(kind="command", t=2.0, text="ls", connection=3, channel=1),
    )
    found = Findings(tags=(make_tag("a", 2.0, evidence=evidence), make_tag("b", 3.0)))
    assert [each.terminal for each in tag_moments(found)] == [TerminalKey(3, 1), None]


def test_a_command_of_many_lines_takes_one_row() -> None:
    found = Findings(commands=(make_command("k", 1.0, "cat <<X\n\tone\nX\n"),))
    assert command_moments(found)[0].words == "cat <<X ⏎  one ⏎ X"


def test_the_moment_that_a_jump_leads_to_counts_as_reached() -> None:
    moments = (a_moment("ok"),)
    assert current_index(moments, 59.9) is None
    assert current_index(moments, 60.0) == 0
