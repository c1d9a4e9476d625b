"""The key of the transcript, and which spoken line is selected for whoever wants to quote it.

What rows look like is `tui.seat.transcript.rows`', where the list lies `tui.seat.side_panel`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.visible import plain
from tui.seat.actions import ReplayActions
from tui.seat.moment_list import MomentList
from tui.seat.transcript.rows import SpokenMoment, is_cut, line_of, spoken_clock

if TYPE_CHECKING:
    from recorder.transcripts.values import SpokenLine

_BRIEF = 2.0
_READ = 6.0
_LONG_READ = 12.0
"""Seconds that short messages stay: a word, a line to copy, a long speech."""

_MOST_TOLD = 1500
"""Characters of a speech that a message tells; `jumpseat transcript show` prints all of it."""


class TranscriptActions(ReplayActions):
    """What an app does that may have a transcript."""

    def action_pick_spoken(self) -> None:
        """Choose from what was spoken; once more hides it."""
        if self.player.overview is None or not self.player.has_findings:
            self.notify("the session is still being read", timeout=_BRIEF)
        elif not self.player.spoken:
            session = plain(self.player.overview.session)
            self.notify(
                "no transcript is attached to this session\n"
                f"jumpseat transcript attach {session} FILE",
                timeout=_READ,
                markup=False,
            )
        else:
            self.side.pick_spoken()
            self.beat()

    def chosen_line(self) -> SpokenLine | None:
        """Return the line that is marked while somebody chooses from what was spoken."""
        return line_of(self.side.spoken.highlighted_moment) if self.side.spoken.has_focus else None

    def on_moment_list_chosen(self, message: MomentList.Chosen) -> None:
        """Tell the whole of a line that its row cuts, or that has no moment to go to."""
        moment = message.moment
        if not isinstance(moment, SpokenMoment):
            return
        width = self.side.spoken.scrollable_content_region.width
        if is_cut(moment, width):
            head = f"{spoken_clock(moment.line.t).strip()} {plain(moment.line.speaker or '')}"
            words = f"{head.strip()}: {moment.words}" if head.strip() else moment.words
            words = words if len(words) <= _MOST_TOLD else f"{words[:_MOST_TOLD]} …"
            self.notify(words, timeout=_LONG_READ, markup=False)
        elif not moment.timed:
            self.notify("the transcript gives no time for this", timeout=_BRIEF)
