"""What a key does to two sessions side by side, without a widget.

The app turns keys into these calls and draws what comes out; tests call them without a screen.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.seat.beside.in_step import InStep, Step
from tui.seat.beside.pace import Spot, TaskPace
from tui.seat.moments import Moment
from tui.seat.transport import NORMAL_SPEED, State

_EPSILON = 1e-6

_GRACE = 1.5
"""Seconds behind a moment within which "previous", while playing, goes to the one before it."""

_AGAIN = 2.0
"""Seconds behind a stretch's beginning within which "previous task" goes to the one before it."""


class Pair(InStep):
    """A comparison."""

    def toggle(self) -> None:
        """Play or pause both; free, the active one."""
        if self.step is Step.FREE:
            self.players[self.active].transport.toggle()
        elif self.state is State.ENDED:
            self.go(self.pace.first)
            self.common.playing = True
        else:
            self.common.playing = not self.common.playing

    def change_speed(self, steps: int) -> None:
        """Go so many steps up or down in the speeds; 0 is the pace at which it happened."""
        free = self.step is Step.FREE
        transport = self.players[self.active].transport if free else self.common
        if steps:
            transport.change_speed(steps)
        else:
            transport.speed = NORMAL_SPEED

    def toggle_skip(self) -> bool:
        """Skip silences of both, or not; return which."""
        self.common.skips_silence = skips = not self.common.skips_silence
        for player in self.players:
            player.transport.skips_silence = skips
        return skips

    def move(self, seconds: float) -> None:
        """Go so many seconds on, or back."""
        if self.step is Step.FREE:
            player = self.players[self.active]
            player.seek(player.transport.position + seconds)
        else:
            self.go(self.pace.move(self.spot, seconds))

    def begin(self) -> None:
        """Go to the beginning."""
        if self.step is Step.FREE:
            self.players[self.active].seek(0.0)
        else:
            self.go(self.pace.first)

    def end(self) -> None:
        """Go to the end."""
        if self.step is Step.FREE:
            player = self.players[self.active]
            player.abandon_wish()
            player.transport.end()
            return
        self.go(self.pace.last)
        self.common.playing = self.common.playing and self.is_live

    def seek(self, side: int, t: float) -> None:
        """Go to a moment of one session in seconds; in step, the other follows."""
        if self.courses[side] is None:
            return
        if self.step is Step.FREE:
            self.players[side].seek(t)
        else:
            self.go(self.pace.place(side, t))

    def step_output(self, steps: int) -> None:
        """Go so many outputs of the active session on, or back; playing stops."""
        self.common.playing = False
        self.players[self.active].step_output(steps)

    def step_to(self, moments: Sequence[Moment], *, on: bool) -> bool:
        """Jump to the next of the active session's moments, or the one before.

        Returns whether there was one.
        """
        if self.step is Step.FREE:
            player = self.players[self.active]
            return player.next_moment(moments) if on else player.previous_moment(moments)
        if self.courses[self.active] is None:
            return False
        here = self.players[self.active].transport.position
        grace = _GRACE * self.common.speed if self.common.playing else 0.0
        for each in moments if on else reversed(moments):
            spot = self.pace.approach(self.active, each.t)
            standing = self.pace.at(self.active, spot)
            t = here if standing is None else standing.t
            if t > here + _EPSILON if on else t < here - grace - _EPSILON:
                self.go(spot)
                return True
        return False

    def set_step(self, step: Step) -> None:
        """Keep them in step in another way, or not."""
        was_free = self.step is Step.FREE
        if step is Step.FREE and not was_free:
            self.rest(playing=self.common.playing)
        elif was_free and step is not Step.FREE:
            self.common.playing = any(each.transport.playing for each in self.players)
            self.common.speed = self.players[self.active].transport.speed
            self.rest(playing=False)
        self.wanted, self._chosen = step, True
        self.changed()

    def jump_to_task(self, number: int) -> bool:
        """Let both go to where they first worked on a task, by its number from 1.

        Whoever is in step by clock is by task from then on. Returns whether that can be told.
        """
        legs = [leg for leg, task in enumerate(self.plan.tasks) if task.number == number]
        if not legs or not self.knows_tasks:
            return False
        if self.step is not Step.FREE:
            self.set_step(Step.TASK)
            self.go(Spot(legs[0], 0.0))
            return True
        for side, course in enumerate(self.courses):
            reached = None if course is None else course.reached(self.plan.tasks[legs[0]].id)
            if reached is not None:
                self.players[side].seek(reached)
        return True

    def next_task(self, step: int) -> bool:
        """Go to the next task, or the one before; return whether there is one.

        By task that is the plan's next one, else where the active session turns to another.
        """
        if isinstance(self.pace, TaskPace) and self.step is Step.TASK:
            again = step < 0 and self.spot.seconds > _AGAIN
            leg = self.spot.leg if again else self.pace.next_leg(self.spot.leg, step)
            if leg is not None:
                self.go(Spot(leg, 0.0))
            return leg is not None
        course, here = self.courses[self.active], self.players[self.active].transport.position
        starts = [] if course is None else [each.start for each in course.stretches]
        if step > 0:
            t = next((each for each in starts if each > here + _EPSILON), None)
        else:
            t = next((each for each in reversed(starts) if each < here - _AGAIN), None)
        if t is not None:
            self.seek(self.active, t)
        return t is not None
