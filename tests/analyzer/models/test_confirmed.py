"""Examples out of judgements: what was said is in them, and nothing else is claimed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from analyzer.judgements import Saying, Verdict, judge
from analyzer.models.confirmed import BEFORE, confirmed_examples
from analyzer.models.labels import LabelledSession
from analyzer.service import ensure_analysed
from recorder.home import Home
from recorder.recording.reader import RecordingReader
from tests.recorder.samples import begin_recording, end_recording, record_session


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def recording(home: Home, engine: Engine) -> Path:
    directory = record_session(home, "s1", shows="ls")
    ensure_analysed(directory, engine)
    return directory


def say(engine: Engine, verdict: Verdict, start: float, **changes: Any) -> None:
    values: dict[str, Any] = {"tag": f"tag-{start}", "signal": "stuck", "until": None}
    judge(engine, "s1", [Saying(start=start, verdict=verdict, **(values | changes))], "ada")


def example(engine: Engine, home: Home) -> LabelledSession:
    (found,) = confirmed_examples(engine, home)
    return found


def stretches(found: tuple[Any, ...]) -> list[tuple[str, float, float]]:
    return [(each.kind, each.start, each.until) for each in found]


def test_confirmed_tags_are_troubles_and_rejected_ones_are_refuted(
    engine: Engine, home: Home, recording: Path
) -> None:
    say(engine, "confirmed", 300.0, until=420.0)
    say(engine, "rejected", 900.0)
    say(engine, "rejected", 60.0, signal="rabbit-hole")
    found = example(engine, home)
    assert (found.name, found.origin, found.whole) == ("s1", "confirmed", False)
    assert found.groups == {"session": "s1"}
    assert stretches(found.troubles) == [("stuck", 300.0 - BEFORE, 420.0)]
    assert stretches(found.refuted) == [
        ("rabbit-hole", 0.0, 60.0),
        ("stuck", 900.0 - BEFORE, 900.0),
    ]
    assert found.phases == ()


def test_its_events_are_the_recordings(engine: Engine, home: Home, recording: Path) -> None:
    say(engine, "confirmed", 300.0)
    with RecordingReader(recording) as reader:
        assert example(engine, home).happenings == tuple(reader.read())


def test_a_tag_that_is_called_another_trouble_is_both(
    engine: Engine, home: Home, recording: Path
) -> None:
    say(engine, "relabelled", 300.0, label="rabbit-hole")
    say(engine, "relabelled", 900.0, signal="read-docs", label="stuck")
    found = example(engine, home)
    assert [each.kind for each in found.troubles] == ["rabbit-hole", "stuck"]
    assert [each.kind for each in found.refuted] == ["stuck"]


def test_a_stretch_is_what_somebody_named_it(engine: Engine, home: Home, recording: Path) -> None:
    stretch = {"tag": None, "signal": None}
    say(engine, "relabelled", 60.0, until=600.0, label="stuck", **stretch)
    say(engine, "relabelled", 0.0, until=900.0, label="database/configuring", **stretch)
    say(engine, "relabelled", 300.0, until=400.0, label="web/reading", **stretch)
    found = example(engine, home)
    assert stretches(found.troubles) == [("stuck", 60.0, 600.0)]
    assert [(each.start, each.until, each.topic, each.activity) for each in found.phases] == [
        (0.0, 300.0, "database", "configuring"),
        (300.0, 400.0, "web", "reading"),
        (400.0, 900.0, "database", "configuring"),
    ]


def test_what_was_withdrawn_or_is_of_no_model_teaches_nothing(
    engine: Engine, home: Home, recording: Path
) -> None:
    say(engine, "rejected", 300.0, signal="apache-stopped")
    say(engine, "confirmed", 900.0)
    say(engine, "withdrawn", 900.0)
    assert list(confirmed_examples(engine, home)) == []


def test_sessions_that_go_on_or_are_gone_are_left_out(
    engine: Engine, home: Home, recording: Path
) -> None:
    say(engine, "confirmed", 300.0)
    recording.rename(recording.with_name("elsewhere"))
    assert list(confirmed_examples(engine, home)) == []
    recording.with_name("elsewhere").rename(recording)
    assert example(engine, home)


def test_a_live_session_is_not_learned_from(engine: Engine, home: Home) -> None:
    writer = begin_recording(home, "s1")
    ensure_analysed(writer.directory, engine)
    say(engine, "confirmed", 300.0)
    assert list(confirmed_examples(engine, home)) == []
    end_recording(home, writer)
    assert example(engine, home)
