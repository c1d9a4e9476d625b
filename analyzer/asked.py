"""What a session's exercise asks for, as far as it changes what signals and models make of work.

Only looks into the plan that the recording holds. What work looks like, and what a task is called,
does not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from recorder.exercise.recorded import plan_of
from recorder.recording.journal import ExerciseChosen

LONGEST = 2000
"""Characters of a text that are looked at: names stand in front, and a paste may be endless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An exercise's tasks; of a session without one, or whose plan cannot be read, nothing.

    Attributes:
        topics: The topics of work that serve some task.
        names: Programs, packages and files by which work on the tasks is known.
        by_task: The names of each task that has some, with the first topic that serves it.

    """

    topics: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    by_task: tuple[tuple[frozenset[str], str], ...] = ()

    def has_tasks_for(self, topics: tuple[str, ...]) -> bool:
        """Whether all these topics serve a task; an exercise that names none may have any."""
        return not self.topics or self.topics.issuperset(topics)

    def is_named_in(self, text: str) -> bool:
        """Whether a text has one of the names as a word of its own."""
        return bool(self.names) and _any_of(self.names).search(text[:LONGEST]) is not None

    def topic_named_in(self, texts: Sequence[str]) -> str | None:
        """Return the first topic of the first task of which a text has a name, if there is one."""
        if not any(map(self.is_named_in, texts)):
            return None
        heads = [text[:LONGEST] for text in texts]
        named = (topic for names, topic in self.by_task if any(map(_any_of(names).search, heads)))
        return next(named, None)


NOTHING = Asked()


def asked_by(entry: ExerciseChosen) -> Asked:
    """Return what the exercise of a journal asks for."""
    plan = plan_of(entry)
    tasks = plan.task if plan else ()
    return Asked(
        topics=frozenset(topic for task in tasks for topic in task.topics),
        names=frozenset(name for task in tasks for name in task.names),
        by_task=tuple(
            (frozenset(task.names), task.topics[0]) for task in tasks if task.names and task.topics
        ),
    )


@lru_cache(maxsize=32)
def _any_of(names: frozenset[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(name) for name in sorted(names))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
