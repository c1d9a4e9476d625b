"""Topics as the tasks of an exercise."""

from __future__ import annotations

import pytest

from analyzer.models.tasks import Tasks, seconds_by
from analyzer.models.words import TOPICS
from analyzer.records import Phase
from recorder.exercise.loader import read_exercise, shipped_directory
from recorder.exercise.schema import Exercise
from recorder.home import Home


@pytest.fixture
def ghost(tmp_path) -> Exercise:
    return read_exercise(Home(tmp_path), shipped_directory() / "ghost.toml").plan


def test_the_shipped_exercise_names_topics_that_there_are(ghost: Exercise) -> None:
    named = [topic for task in ghost.task for topic in task.topics]
    assert set(named) <= set(TOPICS)
    assert len(named) == len(set(named))
    tasks = Tasks(ghost)
    assert (tasks.of("ssh"), tasks.of("web"), tasks.of("basic-auth"), tasks.of("other")) == (
        "no-passwords", "ghost", "not-public", "off-task",
    )  # fmt: skip


def test_an_exercise_that_names_none_is_not_known(ghost: Exercise) -> None:
    bare = [task.model_copy(update={"topics": ()}) for task in ghost.task]
    assert not Tasks(ghost.model_copy(update={"task": tuple(bare)})).known


def test_time_by_word_adds_up_and_the_longest_comes_first() -> None:
    def phase(start: float, until: float) -> Phase:
        return Phase(start=start, until=until, topic="web", activity="idle", confidence=1)

    words = [("a", phase(0, 10)), ("b", phase(10, 40)), ("a", phase(40, 45))]
    assert list(seconds_by(words).items()) == [("b", 30), ("a", 15)]
