"""What people say of tags is kept: appended, in order, on either database, whoever else speaks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, text

from analyzer.judgements import (
    MOST_REASON,
    Judgement,
    Saying,
    judge,
    judgeable,
    judged_by,
    judgements_of,
    of_tag,
    sessions_judged,
    standing,
)
from analyzer.records import Tag
from analyzer.rows import store_analysis
from analyzer.service import analyse, ensure_analysed
from analyzer.tables import TagRow
from recorder.errors import StoreError, UsageError
from recorder.store.tables import SessionRow

STORY = """
candidate@web01:~$ sudo systemctl stop apache2
candidate@web01:~$ sudo apt upgrade
2 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.
Setting up bash (5.1) ...
candidate@web01:~$
"""


@pytest.fixture
def recording(recorder: Any) -> Path:
    recorder.record_all(STORY)
    recorder.close()
    return Path(recorder.directory)


@pytest.fixture
def tags(recording: Path, engine: Engine) -> dict[str, Tag]:
    return {tag.signal: tag for tag in ensure_analysed(recording, engine).tags}


def words(found: tuple[Judgement, ...]) -> list[tuple[object, ...]]:
    return [(each.number, each.who, each.signal, each.verdict, each.label) for each in found]


def test_judgements_are_kept_in_order_and_the_last_counts(
    engine: Engine, tags: dict[str, Tag]
) -> None:
    stopped, upgraded = tags["apache-stopped"], tags["apt-upgrade"]
    judge(engine, "s1", [of_tag(stopped, "confirmed"), of_tag(upgraded, "rejected")], "ada")
    judge(engine, "s1", [of_tag(stopped, "relabelled", label="stuck", reason="seen")], "bob")
    found = judgements_of(engine, "s1")
    assert words(found) == [
        (1, "ada", "apache-stopped", "confirmed", None),
        (2, "ada", "apt-upgrade", "rejected", None),
        (3, "bob", "apache-stopped", "relabelled", "stuck"),
    ]
    assert [each.number for each in standing(found)] == [3, 2]
    assert found[2].reason == "seen"
    assert (found[0].start, found[0].until) == (stopped.t, stopped.until)
    assert judged_by(found, "ada") == {stopped.id: "confirmed", upgraded.id: "rejected"}
    assert sessions_judged(engine) == ("s1",)


def test_a_withdrawn_word_counts_no_more_and_is_kept(engine: Engine, tags: dict[str, Tag]) -> None:
    tag = tags["apache-stopped"]
    judge(engine, "s1", [of_tag(tag, "rejected")], "ada")
    judge(engine, "s1", [of_tag(tag, "withdrawn")], "ada")
    found = judgements_of(engine, "s1")
    assert [each.verdict for each in found] == ["rejected", "withdrawn"]
    assert standing(found) == ()
    with pytest.raises(UsageError, match="no judgement to withdraw"):
        judge(engine, "s1", [of_tag(tag, "withdrawn")], "ada")


def test_what_one_says_again_is_not_added_and_what_another_says_is(
    engine: Engine, tags: dict[str, Tag]
) -> None:
    tag = tags["apache-stopped"]
    assert len(judge(engine, "s1", [of_tag(tag, "rejected")], "ada")) == 1
    assert judge(engine, "s1", [of_tag(tag, "rejected")], "ada") == ()
    assert len(judge(engine, "s1", [of_tag(tag, "rejected")], "bob")) == 1
    assert len(judge(engine, "s1", [of_tag(tag, "rejected", reason="for this")], "bob")) == 1


def test_all_of_one_call_is_kept_or_nothing(engine: Engine, tags: dict[str, Tag]) -> None:
    with pytest.raises(UsageError):
        judge(
            engine,
            "s1",
            [of_tag(tags["apache-stopped"], "rejected"), of_tag(tags["apt-upgrade"], "withdrawn")],
            "ada",
        )
    assert judgements_of(engine, "s1") == ()


def test_people_who_judge_at_once_are_all_kept(engine: Engine, tags: dict[str, Tag]) -> None:
    tag = tags["apache-stopped"]
    people = [f"person {number}" for number in range(8)]

    def say(who: str) -> None:
        judge(engine, "s1", [of_tag(tag, "confirmed"), of_tag(tag, "rejected")], who)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(say, people))
    found = judgements_of(engine, "s1")
    assert [each.number for each in found] == list(range(1, 17))
    assert {each.who for each in found} == set(people)
    assert all(judged_by(found, who) == {tag.id: "rejected"} for who in people)
    (last,) = standing(found)
    assert last == found[-1]


def test_judgements_outlive_an_analysis_made_anew(
    engine: Engine, recording: Path, tags: dict[str, Tag]
) -> None:
    tag = tags["apache-stopped"]
    judge(engine, "s1", [of_tag(tag, "confirmed")], "ada")
    store_analysis(engine, "s1", analyse(recording))
    again = ensure_analysed(recording, engine)
    (kept,) = judgements_of(engine, "s1")
    assert kept.tag == tag.id
    assert tag.id in {each.id for each in again.tags}


def test_judgements_outlive_their_tag(engine: Engine, tags: dict[str, Tag]) -> None:
    judge(engine, "s1", [of_tag(tags["apache-stopped"], "rejected")], "ada")
    with engine.begin() as connection:
        connection.execute(delete(TagRow))
    (kept,) = judgements_of(engine, "s1")
    assert kept.signal == "apache-stopped"


def test_times_and_odd_words_come_back_as_they_were(engine: Engine, tags: dict[str, Tag]) -> None:
    now = datetime(2026, 3, 4, 10, 0, tzinfo=UTC) + timedelta(microseconds=7)
    tag = tags["apache-stopped"]
    judge(engine, "s1", [of_tag(tag, "rejected", reason="a\0b \ud800 ünï")], "ädä", now=now)
    (kept,) = judgements_of(engine, "s1")
    assert (kept.said, kept.who) == (now, "ädä")
    assert kept.reason == "a\N{REPLACEMENT CHARACTER}b \N{REPLACEMENT CHARACTER} ünï"


def test_a_stretch_is_judged_beside_tags(engine: Engine, tags: dict[str, Tag]) -> None:
    stretch = Saying(
        tag=None, signal=None, start=60.0, until=120.0, verdict="relabelled", label="web/verifying"
    )
    judge(engine, "s1", [stretch, of_tag(tags["apt-upgrade"], "confirmed")], "ada")
    judge(engine, "s1", [replace(stretch, label="web/debugging")], "ada")
    found = standing(judgements_of(engine, "s1"))
    assert {(each.tag is None, each.label) for each in found} == {
        (True, "web/debugging"),
        (False, None),
    }


def test_a_reason_without_end_and_an_unknown_session_are_refused(
    engine: Engine, tags: dict[str, Tag]
) -> None:
    tag = tags["apache-stopped"]
    with pytest.raises(UsageError, match="2001 characters"):
        judge(engine, "s1", [of_tag(tag, "rejected", reason="x" * (MOST_REASON + 1))], "ada")
    with pytest.raises(StoreError, match="does not know session other"):
        judge(engine, "other", [of_tag(tag, "rejected")], "ada")
    assert judgements_of(engine, "s1") == ()


def test_judgements_go_with_their_session(engine: Engine, tags: dict[str, Tag]) -> None:
    judge(engine, "s1", [of_tag(tags["apache-stopped"], "rejected")], "ada")
    with engine.begin() as connection:
        connection.execute(delete(SessionRow))
        assert connection.execute(text("SELECT count(*) FROM judgements")).scalar_one() == 0


def test_only_what_detectors_did_not_take_back_can_be_judged(tags: dict[str, Tag]) -> None:
    tag = tags["apache-stopped"]
    states = [replace(tag, state=state) for state in ("established", "undetermined", "withdrawn")]
    assert judgeable(states) == tuple(states[:2])


verdicts = st.sampled_from(["confirmed", "rejected", "relabelled", "withdrawn"])


@given(st.lists(st.tuples(st.sampled_from("abc"), verdicts, st.sampled_from(["ada", "bob"]))))
def test_of_each_subject_one_judgement_counts_and_it_is_the_last(
    said: list[tuple[str, Any, str]],
) -> None:
    found = [
        Judgement(
            number=number,
            tag=tag,
            signal="stuck",
            start=1.0,
            until=None,
            verdict=verdict,
            who=who,
            said=datetime(2026, 3, 4, tzinfo=UTC),
        )
        for number, (tag, verdict, who) in enumerate(said)
    ]
    last = {each.tag: each for each in found}
    expected = {each.number for each in last.values() if each.verdict != "withdrawn"}
    assert {each.number for each in standing(found)} == expected
