"""The words of phases: what work serves (topics), and what kind of work it is (activities).

Topics are not wired to an exercise: its tasks say which topics serve them. What belongs to none of
an exercise's tasks is off-task there.
"""

from __future__ import annotations

from typing import Literal, get_args

Topic = Literal[
    "orientation",
    "updates",
    "credentials",
    "ssh",
    "ghost",
    "database",
    "web",
    "basic-auth",
    "diagnosis",
    "writing",
    "other",
]
"""What a stretch of work serves. ``ghost`` holds Node.js, ``diagnosis`` load and logs. ``writing``,
notes for people, is told by nothing but what an exercise's tasks name."""

Activity = Literal[
    "looking-around",
    "installing",
    "configuring",
    "verifying",
    "debugging",
    "reading",
    "waiting",
    "idle",
]
"""What kind of work it is. ``waiting``: a program runs and nobody types; ``idle``: nothing does."""

TOPICS: tuple[Topic, ...] = get_args(Topic)
BY_NAMES: frozenset[Topic] = frozenset({"writing"})
"""Topics for which there are no tables and no examples: the exercise has to name what is theirs."""
ACTIVITIES: tuple[Activity, ...] = get_args(Activity)
RESTS: frozenset[Activity] = frozenset({"waiting", "idle"})
"""Activities of time, not of work: who types, and what runs, tells them, and no model."""

OFF_TASK = "off-task"
"""Stands for the task where none is served."""

Trouble = Literal["stuck", "rabbit-hole"]
"""What a stretch without progress is called; both are signals too."""
