"""Which task of an exercise a topic of work serves, and how long each was worked on.

An exercise says so itself, in the ``topics`` of its tasks; this only looks it up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analyzer.models.words import OFF_TASK
from analyzer.records import Phase
from recorder.exercise.schema import Exercise


class Tasks:
    """The tasks of an exercise by topic; of several that name one, the first has it."""

    def __init__(self, plan: Exercise) -> None:
        self._of: dict[str, str] = {}
        for task in plan.task:
            for topic in task.topics:
                self._of.setdefault(topic, task.id)
        self.titles: Mapping[str, str] = {task.id: task.title for task in plan.task}

    @property
    def known(self) -> bool:
        """Whether the exercise says of any topic which task it serves."""
        return bool(self._of)

    def of(self, topic: str) -> str:
        """Return the id of the task that a topic serves, or `OFF_TASK`."""
        return self._of.get(topic, OFF_TASK)


def seconds_by(words: Iterable[tuple[str, Phase]]) -> dict[str, float]:
    """Return the seconds for each word that stands beside a phase, the longest first."""
    total: dict[str, float] = {}
    for word, phase in words:
        total[word] = total.get(word, 0.0) + phase.until - phase.start
    return dict(sorted(total.items(), key=lambda item: -item[1]))
