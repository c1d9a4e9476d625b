"""Where both sessions of a comparison stand, and how time moves them: in step, or each by itself.

The arithmetic of being in step is `pace.py`'s, what keys do `pair.py`'s.
"""

from __future__ import annotations

from enum import Enum

from tui.seat.beside.course import Plan, Task
from tui.seat.beside.known import SIDES, Known
from tui.seat.beside.pace import ClockPace, Courses, Pace, Spot, Standing, TaskPace
from tui.seat.feed import Picture
from tui.seat.news import (
    Wish,
)
from tui.seat.transport import QUIET_LEAD, QUIET_LIMIT, State, Transport


class Step(Enum):
    """How the two are kept in step; the value is the word for it."""

    CLOCK = "clock"
    TASK = "task"
    FREE = "free"


class InStep(Known):
    """Both sessions' places.

    Attributes:
        wanted: The step that was asked for.
        step: The one that is kept: by clock as long as tasks are not known.
        common: Playing and speed of both while they are in step; its position means nothing.
        spot: Where both stand while they are in step.
        pace: The axis that this is a place on; of no meaning while each moves by itself.

    """

    def __init__(self, step: Step = Step.CLOCK) -> None:
        super().__init__()
        self.wanted = step
        self.step = Step.FREE if step is Step.FREE else Step.CLOCK
        self.common = Transport()
        self.spot = Spot()
        self.pace: Pace = ClockPace(self.courses)
        self._made_of: tuple[Plan, Courses, Step] = (self.plan, self.courses, self.step)
        self._chosen = False
        self._moved = False
        self.rest(playing=step is Step.FREE)

    def rest(self, *, playing: bool) -> None:
        """Let the players move by themselves, or not; they begin at the pace of both."""
        for player in self.players:
            transport = player.transport
            transport.playing, transport.at_live_end = playing, False
            transport.speed, transport.skips_silence = self.common.speed, self.common.skips_silence

    def changed(self) -> None:
        """Make the axis anew where something differs, and stay at the same place."""
        by_task = self.wanted is Step.TASK and not self.knows_tasks
        self.step = Step.CLOCK if by_task else self.wanted
        made_of = (self.plan, self.courses, self.step)
        if made_of == self._made_of:
            return
        (plan, _, step), self._made_of = self._made_of, made_of
        turned = (plan, step) != (self.plan, self.step)
        by_task = self.step is Step.TASK
        self.pace = TaskPace(self.courses, self.plan) if by_task else ClockPace(self.courses)
        if self.step is Step.FREE:
            return
        if not self._chosen and (not self._moved or (turned and by_task)):
            self.spot = self._beginning()
        elif turned:
            self.spot = self._here()
        self._apply()

    def _beginning(self) -> Spot:
        """Return where to begin: by clock, where one of them has a terminal."""
        if self.step is Step.TASK:
            return self.pace.first
        opened = [
            min(each.opened for each in player.terminals) - course.origin
            for player, course in zip(self.players, self.courses, strict=True)
            if course is not None and player.terminals
        ]
        return self.pace.move(Spot(0, max(min(opened, default=0.0), 0.0)), 0.0)

    def _here(self) -> Spot:
        """Return the spot where the active session stands, or else the other."""
        for side in (self.active, 1 - self.active):
            if self.courses[side] is not None:
                return self.pace.place(side, self.players[side].transport.position)
        return self.pace.first

    def standing(self, side: int) -> Standing | None:
        """Return where a session stands; None where it is not known."""
        if self.step is not Step.FREE:
            return self.pace.at(side, self.spot)
        if self.courses[side] is None:
            return None
        return Standing(t=self.players[side].transport.position)

    @property
    def task(self) -> Task | None:
        """The task that is looked at: of both by task, else that of the active session."""
        if self.step is Step.TASK:
            return self.plan.tasks[self.spot.leg]
        course = self.courses[self.active]
        position = self.players[self.active].transport.position
        task = None if course is None else course.task_at(position)
        return None if task is None else self.plan.tasks[self.plan.index(task)]

    @property
    def state(self) -> State:
        """Return what both do while they are in step."""
        if not self.is_ready:
            return State.READING
        if self.common.playing:
            return State.PLAYING
        return State.ENDED if self.spot >= self.pace.last else State.PAUSED

    def state_of(self, side: int, now: float) -> State:
        """Return what one session does, at the viewer's time ``now``."""
        player = self.players[side]
        if self.courses[side] is None or player.is_waiting(now):
            return State.READING
        return player.transport.state if self.step is Step.FREE else self.state

    @property
    def moves(self) -> bool:
        """Whether time passes for one of them."""
        if self.step is not Step.FREE:
            return self.common.playing
        return any(each.transport.playing for each in self.players)

    def advance(self, now: float, elapsed: float) -> None:
        """Let so many seconds of the viewer's time pass.

        A screen that is late never holds up the other session: in step, time goes on, and the late
        one catches up; free, only its own time waits for it.
        """
        if not self.is_ready:
            return
        if self.step is Step.FREE:
            for player in self.players:
                if player.overview is not None and not player.is_waiting(now):
                    player.transport.advance(elapsed)
        elif self.common.playing:
            self._moved = True
            self.spot = self.pace.move(self.spot, max(elapsed, 0.0) * self.common.speed)
            if self.spot >= self.pace.last and not self.is_live:
                self.common.playing = False
            self._apply()

    @property
    def is_live(self) -> bool:
        """Whether one of them goes on."""
        return any(each.overview is not None and each.overview.live for each in self.players)

    def _apply(self, *, jump: bool = False) -> None:
        for side, player in enumerate(self.players):
            standing = self.pace.at(side, self.spot)
            if standing is None:
                continue
            if jump:
                player.seek(standing.t)
            else:
                player.transport.position = standing.t

    def go(self, spot: Spot) -> None:
        """Let both jump to a place."""
        self.spot, self._chosen = spot, True
        self._apply(jump=True)

    def take_picture(self, side: int, wish: Wish, picture: Picture) -> None:
        """Take in the answer to a wish."""
        player = self.players[side]
        before = player.transport.position
        player.take_picture(wish, picture)
        if self.step is Step.FREE or self.courses[side] is None:
            return
        if wish.steps and player.transport.position != before:
            self.go(self.pace.place(side, player.transport.position))
        elif not wish.steps:
            self._skip_silence()

    def _skip_silence(self) -> None:
        """Skip the rest of a silence that is one on both sides."""
        if not (self.common.playing and self.common.skips_silence and self.is_ready):
            return
        gains = [self._gain(side) for side in SIDES]
        gain = min((each for each in gains if each is not None), default=0.0)
        if gain > 0:
            self.spot = self.pace.move(self.spot, gain)
            self._apply()

    def _gain(self, side: int) -> float | None:
        """Return the seconds of silence that may be skipped; None for one that only waits."""
        standing, player, course = self.standing(side), self.players[side], self.courses[side]
        if standing is None or course is None or standing.state != "on":
            return None
        picture, t = player.picture, standing.t
        if picture is None or (picture.following is None and self.is_live):
            return 0.0
        previous = picture.previous or 0.0
        following = course.duration if picture.following is None else picture.following
        landed = player.transport.landed
        since = max(previous, landed if landed <= t else 0.0)
        if not previous <= t < following or t < since + QUIET_LIMIT:
            return 0.0
        return max(following - QUIET_LEAD - t, 0.0)
