"""What each named action of the comparison's table of keys does, in a line or two.

The rules are in `pair.py`; here they only meet the widgets.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import Container

from tui.seat.beside.half import Half
from tui.seat.beside.help_text import help_text
from tui.seat.beside.in_step import Step
from tui.seat.beside.pair import Pair
from tui.seat.beside.table_screen import TableScreen
from tui.seat.beside.views import task_words
from tui.seat.candidate_screen import CandidateScreen
from tui.seat.help_screen import HelpScreen
from tui.seat.moments import Moment
from tui.seat.player import Player
from tui.seat.view_actions import ViewActions

_STEPS = (Step.CLOCK, Step.TASK, Step.FREE)


class BesideActions(ViewActions):
    """The actions; an app that has a pair, two halves, and a beat that shows what became of it."""

    pair: Pair
    halves: tuple[Half, Half]
    seat: Container

    def swap(self) -> None:
        """Let the two change places."""
        raise NotImplementedError

    def make_active(self, side: int) -> None:
        """Let keys for one side be for that one."""
        raise NotImplementedError

    def arrange(self, *, turn: bool = False) -> None:
        """Put the two beside or above each other; ``turn``: the other way than they are."""
        raise NotImplementedError

    def open_table(self) -> None:
        """Show the table."""
        raise NotImplementedError

    @property
    def _player(self) -> Player:
        return self.pair.players[self.pair.active]

    @property
    def looked_at(self) -> tuple[Player, CandidateScreen]:
        """The active side."""
        return self._player, self.halves[self.pair.active].view

    def action_toggle_play(self) -> None:
        """Play or pause."""
        self.pair.toggle()
        self.beat()

    def action_slower(self) -> None:
        """Halve the speed."""
        self.pair.change_speed(-1)
        self.beat()

    def action_faster(self) -> None:
        """Double the speed."""
        self.pair.change_speed(1)
        self.beat()

    def action_normal_speed(self) -> None:
        """Play at the pace at which it happened."""
        self.pair.change_speed(0)
        self.beat()

    def action_toggle_skip(self) -> None:
        """Skip silences of both, or not."""
        skips = self.pair.toggle_skip()
        self.notify("silences of both are skipped" if skips else "silences are played", timeout=2)
        self.beat()

    def move(self, seconds: float) -> None:
        """Let both go on by so many seconds, or the active one."""
        self.pair.move(seconds)
        self.beat()

    def action_begin(self) -> None:
        """Go to the beginning."""
        self.pair.begin()
        self.beat()

    def action_end(self) -> None:
        """Go to the end."""
        self.pair.end()
        self.beat()

    def action_change_step(self) -> None:
        """Keep them in step in the next way."""
        self.pair.set_step(_STEPS[(_STEPS.index(self.pair.wanted) + 1) % len(_STEPS)])
        if self.pair.wanted is not self.pair.step:
            self._say_unknown()
        self.beat()

    def _say_unknown(self) -> None:
        self.notify("tasks are not known before both sessions are analysed", timeout=3)

    def action_jump_to_task(self, key: str) -> None:
        """Let both go to where they first worked on a task."""
        number = int(key)
        tasks = [each for each in self.pair.plan.tasks if each.number == number]
        if not tasks:
            self.notify(f"there is no task {number}", timeout=2)
        elif not self.pair.jump_to_task(number):
            self._say_unknown()
        else:
            if all(course is None or not course.of(tasks[0].id) for course in self.pair.courses):
                self.notify(f"neither worked on: {task_words(tasks[0])}", timeout=3, markup=False)
            if isinstance(self.screen, TableScreen):
                self.pop_screen()
        self.beat()

    def _next_task(self, step: int) -> None:
        if not self.pair.next_task(step):
            self.notify(f"no task {'after' if step > 0 else 'before'} this", timeout=2)
        self.beat()

    def action_next_task(self) -> None:
        """Go to the next task."""
        self._next_task(1)

    def action_previous_task(self) -> None:
        """Go to the task before."""
        self._next_task(-1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the key for the other side to whatever screen lies over this one."""
        if action == "switch_side":
            return len(self.screen_stack) == 1
        return super().check_action(action, parameters)

    def action_switch_side(self) -> None:
        """Make the other one active."""
        self.make_active(1 - self.pair.active)

    def _go(self, moments: Sequence[Moment], *, on: bool, what: str) -> None:
        if not self.pair.step_to(moments, on=on):
            self.notify(f"no {what} {'after' if on else 'before'} this", timeout=2)
        self.beat()

    def action_next_tag(self) -> None:
        """Go to the active one's next tag."""
        self._go(self._player.tags, on=True, what="tag")

    def action_previous_tag(self) -> None:
        """Go to the active one's tag before."""
        self._go(self._player.tags, on=False, what="tag")

    def action_next_command(self) -> None:
        """Go to the active one's next command."""
        self._go(self._player.commands, on=True, what="command")

    def action_previous_command(self) -> None:
        """Go to the active one's command before."""
        self._go(self._player.commands, on=False, what="command")

    def action_previous_output(self) -> None:
        """Go to the active one's output before."""
        self.pair.step_output(-1)
        self.beat()

    def action_next_output(self) -> None:
        """Go to the active one's next output."""
        self.pair.step_output(1)
        self.beat()

    def action_toggle_table(self) -> None:
        """Show or leave the table."""
        if isinstance(self.screen, TableScreen):
            self.pop_screen()
        else:
            self.open_table()

    def action_swap_sides(self) -> None:
        """Let the two change places."""
        self.swap()

    def action_toggle_stacked(self) -> None:
        """Put one above the other, or both beside each other."""
        self.arrange(turn=True)

    def action_toggle_bare(self) -> None:
        """Show nothing but the active side, or both."""
        self.seat.toggle_class("-bare")
        self.beat()

    def action_help(self) -> None:
        """Show the keys."""
        self.push_screen(HelpScreen(help_text))

    def action_dismiss(self) -> None:
        """Show both again."""
        self.seat.remove_class("-bare")
        self.beat()
