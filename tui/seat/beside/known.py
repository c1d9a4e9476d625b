"""What is known of the two sessions of a comparison, and what each worked on by one plan.

Taken in piece by piece, as each side's feed answers; one that cannot be read leaves the other
usable. Where they stand and how they move is `in_step.py`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.seat.beside.course import Course, Plan, course_of, plan_of
from tui.seat.beside.pace import Courses
from tui.seat.beside.source import Setting
from tui.seat.feed import Findings, Overview
from tui.seat.player import Player

if TYPE_CHECKING:
    from analyzer.models.tasks import Tasks
    from analyzer.records import Phase

SIDES = (0, 1)
"""The two sessions, in the order in which they were named."""


class Known:
    """Both sessions as far as they are known.

    Attributes:
        players: One for each session.
        active: The session that keys for one side are for.
        plan: The tasks that both are compared by.
        courses: What each worked on when, None for one that is not known.
        findings: What was noticed in each, None while that is not known.

    """

    def __init__(self) -> None:
        self.players = (Player(), Player())
        self.active = 0
        self.plan = plan_of(None)
        self.courses: Courses = (None, None)
        self.findings: list[Findings | None] = [None, None]
        self._settings: list[Setting | None] = [None, None]
        self._without: set[int] = set()
        self._broken: set[int] = set()

    def changed(self) -> None:
        """Take in that something else is known."""
        raise NotImplementedError

    def take_overview(self, side: int, overview: Overview, setting: Setting) -> bool:
        """Take in what was read of one session; return whether a live one has just ended."""
        ended = self.players[side].take_overview(overview)
        self._settings[side] = setting
        self._learn()
        return ended

    def take_findings(self, side: int, findings: Findings) -> None:
        """Take in what was noticed in one session; nothing of one that cannot be read."""
        if side in self._broken:
            return
        self.players[side].take_findings(findings)
        self.findings[side] = findings
        self._without.discard(side)
        self._learn()

    def lack_findings(self, side: int) -> None:
        """Take in that what was noticed in one session cannot be had."""
        self._without.add(side)
        self._learn()

    def give_up(self, side: int) -> None:
        """Take in that one session cannot be read; the other goes on."""
        self._broken.add(side)
        if self.active == side:
            self.active = 1 - side
        self._learn()

    def is_broken(self, side: int) -> bool:
        """Whether a session cannot be read."""
        return side in self._broken

    @property
    def is_ready(self) -> bool:
        """Whether each was read or cannot be, and one was."""
        return all(self.courses[side] or side in self._broken for side in SIDES) and any(
            self.courses
        )

    def setting(self, side: int) -> Setting:
        """Return what one session is measured on."""
        return self._settings[side] or Setting()

    @property
    def knows_tasks(self) -> bool:
        """Whether tasks are known of each session of which they can be."""
        waiting = (
            self.findings[side] is None and side not in self._without | self._broken
            for side in SIDES
        )
        return not any(waiting) and any(each and each.stretches for each in self.courses)

    def _learn(self) -> None:
        plan = plan_of(self._tasks())
        one, other = (self._course(side, plan) for side in SIDES)
        self.plan, self.courses = plan, (one, other)
        self.changed()

    def _tasks(self) -> Tasks | None:
        known = [each.tasks for each in self._settings if each is not None and each.tasks]
        return next((each for each in known if each.known), None)

    def _course(self, side: int, plan: Plan) -> Course | None:
        overview, setting = self.players[side].overview, self._settings[side]
        if overview is None or setting is None or side in self._broken:
            return None
        found = self.findings[side]
        phases: Sequence[Phase] = () if found is None else found.phases
        return course_of(
            phases,
            plan,
            duration=overview.duration,
            origin=setting.origin,
            begun=setting.first_output or 0.0,
        )
