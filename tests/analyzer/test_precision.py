"""How often signals were right: only of what was judged, only of tags that stand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert

from analyzer.judgements import Saying, Verdict, judge, of_tag
from analyzer.precision import LEAST, SignalPrecision, precisions, wilson
from analyzer.records import Analysis, Tag
from analyzer.rows import store_analysis
from analyzer.tables import TagRow
from recorder.store.tables import SessionRow


def a_tag(number: int, signal: str = "stuck", *, model: bool = False) -> Tag:
    return Tag(
        id=f"{signal}-{number}",
        signal=signal,
        topic="flow",
        t=60.0 * number,
        until=None,
        outcome="unknown",
        confidence=1.0,
        detector="model" if model else "rule",
        evidence=(),
    )


@pytest.fixture
def store(engine: Engine) -> Engine:
    with engine.begin() as connection:
        for session in ("s1", "s2"):
            values = {"state": "closed", "target": "web01", "started": datetime.now(UTC)}
            connection.execute(insert(SessionRow).values(id=session, **values))
    return engine


def tags(engine: Engine, session: str, *found: Tag) -> None:
    store_analysis(engine, session, Analysis(commands=(), tags=found, covered={".": 1}))


def say(engine: Engine, session: str, tag: Tag, verdict: Verdict, who: str = "ada") -> None:
    judge(engine, session, [of_tag(tag, verdict)], who)


def of(engine: Engine, signal: str = "stuck") -> SignalPrecision:
    return next(each for each in precisions(engine) if each.signal == signal)


def test_without_judgements_there_is_no_precision(store: Engine) -> None:
    tags(store, "s1", a_tag(1))
    assert precisions(store) == ()


def test_precision_is_counted_over_all_sessions_and_by_the_last_word(store: Engine) -> None:
    mine = [a_tag(number, model=number == 1) for number in range(1, 5)]
    tags(store, "s1", *mine)
    tags(store, "s2", *mine)
    for session in ("s1", "s2"):
        for tag in mine[:3]:
            say(store, session, tag, "confirmed")
    say(store, "s2", mine[0], "rejected", "bob")
    found = of(store)
    assert (found.confirmed, found.rejected, found.judged) == (5, 1, 6)
    assert found.precision == pytest.approx(5 / 6)
    assert found.interval == pytest.approx(wilson(5, 6))
    assert found.disputed == 1
    assert found.of_models == (1, 2)


def test_a_handful_of_judgements_gives_no_figure(store: Engine) -> None:
    mine = [a_tag(number) for number in range(LEAST)]
    tags(store, "s1", *mine)
    for tag in mine[1:]:
        say(store, "s1", tag, "confirmed")
    assert of(store).precision is None
    assert of(store).interval is None
    say(store, "s1", mine[0], "confirmed")
    assert of(store).precision == 1.0


def test_judgements_of_tags_that_are_gone_are_counted_apart(store: Engine) -> None:
    tags(store, "s1", a_tag(1), a_tag(2))
    say(store, "s1", a_tag(1), "rejected")
    say(store, "s1", a_tag(2), "confirmed")
    with store.begin() as connection:
        connection.execute(delete(TagRow).where(TagRow.id == "stuck-1"))
    found = of(store)
    assert (found.confirmed, found.rejected, found.orphaned) == (1, 0, 1)


def test_what_a_tag_should_have_been_was_missed_there(store: Engine) -> None:
    tags(store, "s1", a_tag(1))
    judge(store, "s1", [of_tag(a_tag(1), "relabelled", label="rabbit-hole")], "ada")
    for start, label in enumerate(("rabbit-hole", "web/reading")):
        stretch = Saying(
            tag=None,
            signal=None,
            start=float(start),
            until=90.0,
            verdict="relabelled",
            label=label,
        )
        judge(store, "s1", [stretch], "ada")
    assert of(store).relabelled == 1
    assert (of(store, "rabbit-hole").missed, of(store, "rabbit-hole").judged) == (2, 0)
    assert {each.signal for each in precisions(store)} == {"stuck", "rabbit-hole"}


def test_withdrawn_words_leave_nothing_behind(store: Engine) -> None:
    tags(store, "s1", a_tag(1))
    say(store, "s1", a_tag(1), "confirmed")
    say(store, "s1", a_tag(1), "withdrawn")
    assert precisions(store) == ()


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(counts: tuple[int, int]) -> None:
    hits, cases = counts
    low, high = wilson(hits, cases)
    assert 0 <= low <= hits / cases + 1e-9
    assert hits / cases - 1e-9 <= high <= 1
    assert low < high


def test_the_interval_is_wilsons() -> None:
    # 8 of 10: https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm gives the formula.
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-3)
