"""What each named action of `tui.seat.keys` does, in a line or two.

The rules are in `tui.seat.player`; here they only meet the widgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.containers import Container
from textual.widgets import Input

from tui.seat.candidate_screen import CandidateScreen
from tui.seat.feed import HIDDEN
from tui.seat.help_screen import HelpScreen
from tui.seat.keys.replay import AT_ONCE
from tui.seat.moments import Moment
from tui.seat.notes.keeping import Judging
from tui.seat.player import Player
from tui.seat.search_bar import SearchBar
from tui.seat.searching import Search
from tui.seat.side_panel import SidePanel
from tui.seat.stage import Stage
from tui.seat.view_actions import ViewActions

if TYPE_CHECKING:
    from analyzer.judgements import Verdict


class ReplayActions(ViewActions):
    """The actions; an app that has a player, and a beat that shows what became of them."""

    player: Player
    seat: Container
    stage: Stage
    side: SidePanel
    sought: Search
    search_bar: SearchBar

    @property
    def looked_at(self) -> tuple[Player, CandidateScreen]:
        """The one session, on the stage."""
        return self.player, self.stage.view

    def choose_evidence(self, moment: Moment | None) -> None:
        """Mark what a tag rests on."""
        raise NotImplementedError

    def leave_evidence(self) -> None:
        """Mark nothing of a tag any more."""
        raise NotImplementedError

    def leave_times(self) -> None:
        """Type no time any more."""
        raise NotImplementedError

    def judge_tag(self, judging: Judging) -> None:
        """Want something kept that the viewer says of a tag."""
        raise NotImplementedError

    def action_toggle_play(self) -> None:
        """Play or pause."""
        self.player.transport.toggle()
        self.beat()

    def action_slower(self) -> None:
        """Halve the speed."""
        self.player.transport.change_speed(-1)
        self.beat()

    def action_faster(self) -> None:
        """Double the speed."""
        self.player.transport.change_speed(1)
        self.beat()

    def action_normal_speed(self) -> None:
        """Play at the pace at which it happened."""
        self.player.transport.speed = 1.0
        self.beat()

    def action_toggle_skip(self) -> None:
        """Skip long silences, or not."""
        transport = self.player.transport
        transport.skips_silence = not transport.skips_silence
        self.notify(f"silences are {'skipped' if transport.skips_silence else 'played'}", timeout=2)
        self.beat()

    def move(self, seconds: float) -> None:
        """Go on by so many seconds."""
        self.player.seek(self.player.transport.position + seconds)
        self.beat()

    def action_previous_output(self) -> None:
        """Go to the output before."""
        self.player.step_output(-1)
        self.beat()

    def action_next_output(self) -> None:
        """Go to the next output."""
        self.player.step_output(1)
        self.beat()

    def action_begin(self) -> None:
        """Go to the beginning."""
        self.player.seek(0.0)
        self.beat()

    def action_end(self) -> None:
        """Go to the end; follow a session that has not ended."""
        self.player.abandon_wish()
        self.player.transport.end()
        self.beat()

    def _go(self, moments: Sequence[Moment], *, on: bool, what: str) -> None:
        player = self.player
        found = player.next_moment(moments) if on else player.previous_moment(moments)
        if not found and moments is player.tags and player.hides_tags:
            self.notify(HIDDEN, timeout=2)
        elif not found:
            self.notify(f"no {what} {'after' if on else 'before'} this", timeout=2)
        elif moments is player.tags:
            self.choose_evidence(player.current_tag)
        self.beat()

    def action_next_tag(self) -> None:
        """Go to the next tag; during a search, to the next hit."""
        if self.sought.is_on:
            self.go_to_hit(on=True)
        else:
            self._go(self.player.tags, on=True, what="tag")

    def action_previous_tag(self) -> None:
        """Go to the tag before; during a search, to the hit before."""
        if self.sought.is_on:
            self.go_to_hit(on=False)
        else:
            self._go(self.player.tags, on=False, what="tag")

    def go_to_hit(self, *, on: bool) -> None:
        """Go to the next hit of the search, or to the one before."""
        hit = self.sought.step(self.player.transport.position, on=on)
        if hit is not None:
            self.player.show_hit(hit)
        elif self.sought.hits:
            self.notify(f"no hit {'after' if on else 'before'} this", timeout=2)
        self.beat()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the keys that act at once be typed, in an entry or on a screen over this one."""
        if action in AT_ONCE:
            return not isinstance(self.focused, Input) and len(self.screen_stack) == 1
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Type what to search for."""
        self.seat.remove_class("-bare")
        self.search_bar.open()

    def leave_search(self) -> None:
        """Search no more."""
        self.sought.leave()
        self.player.leave_hits()
        self.search_bar.close()
        self.side.show_hits(())
        self.screen.set_focus(None)
        self.beat()

    def action_next_command(self) -> None:
        """Go to the next command."""
        self._go(self.player.commands, on=True, what="command")

    def action_previous_command(self) -> None:
        """Go to the command before."""
        self._go(self.player.commands, on=False, what="command")

    def action_pick_tag(self) -> None:
        """Choose from the tags, during a search from the hits, or stop choosing."""
        self.side.pick("tags")

    def action_pick_command(self) -> None:
        """Choose from the commands, or stop choosing."""
        self.side.pick("commands")

    def marked_tag(self) -> Moment | None:
        """Return the tag that is marked: chosen from, or else reached by the replay."""
        return self.side.tags.highlighted_moment or self.player.current_tag

    def _judge(self, verdict: Verdict) -> None:
        """Say something of the tag that is marked."""
        tag = self.marked_tag()
        if self.sought.is_on:
            self.notify("leave the search first: its hits stand where the tags do", timeout=3)
        elif tag is None:
            self.notify("there is no tag up to here", timeout=2)
        elif verdict == "withdrawn" and not tag.judged:
            self.notify("you said nothing of this tag", timeout=2)
        else:
            self.judge_tag(Judging(tag=tag.id, verdict=verdict))

    def action_confirm_tag(self) -> None:
        """Say that the marked tag is right."""
        self._judge("confirmed")

    def action_reject_tag(self) -> None:
        """Say that the marked tag is wrong."""
        self._judge("rejected")

    def action_withdraw_judgement(self) -> None:
        """Take back what was said of the marked tag."""
        self._judge("withdrawn")

    def action_toggle_side(self) -> None:
        """Show or hide the lists."""
        self.side.toggle()

    def action_toggle_bare(self) -> None:
        """Show nothing but the candidate's screen, or everything."""
        self.seat.toggle_class("-bare")

    def action_help(self) -> None:
        """Show the keys."""
        self.push_screen(HelpScreen())

    def action_dismiss(self) -> None:
        """Close what is open, stop choosing, show everything again."""
        self.seat.remove_class("-bare")
        if self.search_bar.is_open:
            self.leave_search()
        self.leave_times()
        self.leave_evidence()
        self.side.leave()
