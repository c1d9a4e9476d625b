"""Made-up sessions: the same each time, labelled without gaps, seen by the analysis as meant."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.analysis import Pipeline
from analyzer.models.examples.generator import HELD_OUT, Split, generated
from analyzer.models.examples.ledger import Ledger
from analyzer.models.examples.personas import PERSONAS
from analyzer.models.examples.scenes import families
from analyzer.models.labels import LabelledSession
from analyzer.models.words import ACTIVITIES, BY_NAMES, TOPICS, Activity, Topic
from analyzer.records import Command
from analyzer.signals.loader import active_rules
from recorder.recording.events import Input, Logged, Output
from recorder.recording.journal import SessionClosed

GAP = 180.0
"""Seconds without a key from which a gap is idle: what the interviewers' rule says too."""


@pytest.fixture(scope="module")
def sessions() -> list[LabelledSession]:
    return [*generated(11, 84), *generated(11, 28, "held-out")]


def digest(sessions: Iterable[LabelledSession]) -> str:
    return hashlib.sha256("\n".join(map(repr, sessions)).encode()).hexdigest()


@pytest.mark.parametrize("split", ["train", "held-out"])
def test_the_same_seed_gives_the_same_bytes(split: Split) -> None:
    assert digest(generated(3, 4, split)) == digest(generated(3, 4, split))
    assert digest(generated(3, 4, split)) != digest(generated(4, 4, split))


def test_sessions_do_not_depend_on_how_many_are_asked_for() -> None:
    assert digest(generated(3, 2)) == digest(list(generated(3, 5))[:2])


def test_every_persona_meets_every_family(sessions: list[LabelledSession]) -> None:
    pairs = {(each.groups["persona"], each.groups["family"]) for each in sessions}
    train = set(families()) - HELD_OUT
    assert {(persona.name, family) for persona in PERSONAS for family in train} <= pairs
    assert {family for _, family in pairs} == set(families())


def test_a_family_is_in_one_split_only() -> None:
    train = {each.groups["family"] for each in generated(1, 24)}
    held_out = {each.groups["family"] for each in generated(1, 24, "held-out")}
    assert not train & held_out
    assert held_out == HELD_OUT


def test_phases_follow_each_other_without_a_gap(sessions: list[LabelledSession]) -> None:
    for session in sessions:
        phases = session.phases
        assert phases[0].start == 0
        assert phases[-1].until == session.happenings[-1].t
        assert all(a.until == b.start for a, b in itertools.pairwise(phases))
        assert all(each.start < each.until for each in phases)
        assert all(
            (a.topic, a.activity) != (b.topic, b.activity) for a, b in itertools.pairwise(phases)
        )


def test_all_words_are_used(sessions: list[LabelledSession]) -> None:
    phases = [phase for session in sessions for phase in session.phases]
    assert {phase.topic for phase in phases} == set(TOPICS) - BY_NAMES
    assert {phase.activity for phase in phases} == set(ACTIVITIES)
    assert {each.kind for session in sessions for each in session.troubles} == {
        "stuck",
        "rabbit-hole",
    }


def test_time_never_runs_backwards(sessions: list[LabelledSession]) -> None:
    for session in sessions:
        times = [happening.t for happening in session.happenings]
        assert times == sorted(times)
        last = session.happenings[-1]
        assert isinstance(last, Logged)
        assert isinstance(last.entry, SessionClosed)


def test_idle_is_where_nothing_happens_and_nowhere_else(sessions: list[LabelledSession]) -> None:
    for session in sessions:
        busy = [each.t for each in session.happenings if isinstance(each, Input | Output)]
        gaps = [(a, b) for a, b in itertools.pairwise(busy) if b - a >= GAP]
        idle = [each for each in session.phases if each.activity == "idle"]
        assert [b for _, b in gaps] == pytest.approx([each.until for each in idle], abs=1)
        assert all(a <= each.start + 1 for (a, _), each in zip(gaps, idle, strict=True))


def test_troubles_last_long_enough_to_be_one(sessions: list[LabelledSession]) -> None:
    for session in sessions:
        for trouble in session.troubles:
            assert trouble.until - trouble.start >= (180 if trouble.kind == "stuck" else 300)
            assert 0 < trouble.start < trouble.until <= session.phases[-1].until
        starts = [each.start for each in session.troubles]
        assert starts == sorted(starts)


def test_a_rabbit_hole_is_off_every_task(sessions: list[LabelledSession]) -> None:
    for session in sessions:
        for trouble in session.troubles:
            inside = [
                p for p in session.phases if p.start < trouble.until and p.until > trouble.start
            ]
            topics = {p.topic for p in inside}
            if trouble.kind == "rabbit-hole":
                assert "other" in topics
            else:
                assert topics != {"other"}


def test_habits_show_in_what_is_typed(sessions: list[LabelledSession]) -> None:
    def pace(persona: str) -> float:
        keys = [
            b.t - a.t
            for session in sessions
            if session.groups["persona"] == persona
            for inputs in [[each for each in session.happenings if isinstance(each, Input)]]
            for a, b in itertools.pairwise(inputs)
            if b.t - a.t < 1
        ]
        return sum(keys) / len(keys)

    assert pace("novice") > 2 * pace("fast")
    root = next(each for each in sessions if each.groups["persona"] == "root-only")
    shown = b"".join(each.data for each in root.happenings if isinstance(each, Output))
    assert b":~# " in shown
    # Root needs no sudo, unless to be somebody else.
    typed = [each.text for each in commands(root)][1:]
    assert [text for text in typed if re.search(r"(?:^| )sudo (?!-)|^-", text)] == []


def commands(session: LabelledSession) -> list[Command]:
    pipeline = Pipeline(active_rules())
    for happening in session.happenings:
        pipeline.observe(happening)
    pipeline.finish()
    return [each.command for each in pipeline.observed.ran.values()]


def test_the_analysis_sees_what_was_played() -> None:
    rules = active_rules()
    for session in [*generated(5, 6), *generated(5, 3, "held-out")]:
        pipeline = Pipeline(rules)
        for happening in session.happenings:
            pipeline.observe(happening)
        pipeline.finish()
        entered = sum(
            isinstance(each, Input) and each.data.endswith(b"\r") for each in session.happenings
        )
        ran = [each.command for each in pipeline.observed.ran.values()]
        # Answers and hidden words are entered too, and are no commands.
        assert 0.6 * entered <= len(ran) <= entered
        assert sum(each.outcome == "unknown" for each in ran) < len(ran) / 2
        assert pipeline.observed.tags


@given(
    st.lists(
        st.tuples(st.floats(0, 1000), st.sampled_from(TOPICS), st.sampled_from(ACTIVITIES)),
        min_size=1,
    ),
    st.floats(1000.5, 2000),
)
@settings(max_examples=60)
def test_whatever_is_marked_has_no_gaps(
    marks: list[tuple[float, Topic, Activity]], end: float
) -> None:
    ledger = Ledger()
    for mark in sorted(marks, key=lambda each: each[0]):
        ledger.mark(*mark)
    phases = ledger.phases(end)
    assert phases[0].start == 0
    assert phases[-1].until == end
    assert all(a.until == b.start for a, b in itertools.pairwise(phases))
