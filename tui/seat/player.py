"""What a key does to the replay: transport, moments and terminals together, without a widget.

The app turns keys into these calls and draws what comes out; tests call them without a screen.
Nothing of Textual's widgets and no reading of files belongs here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzer.activity import Activity
from analyzer.search.find import Hit
from analyzer.search.spoken import Heard
from tui.seat.feed import Findings, Overview, Picture, Terminal, TerminalKey
from tui.seat.moments import Moment, command_moments, current_index, tag_moments
from tui.seat.news import (
    Wish,
)
from tui.seat.timeline.values import TimelineData, timeline_data
from tui.seat.transcript.rows import SpokenMoment, spoken_moments
from tui.seat.transport import LEAD, Transport, first_position, landing

if TYPE_CHECKING:
    from analyzer.judgements import Verdict
    from analyzer.records import Tag

PATIENCE = 0.3
"""Seconds after which a screen that is on its way is worth a word."""


class Player:
    """The state of one replay.

    Attributes:
        transport: Position, speed, live end.
        overview: The session as far as it was read, None until then.
        picture: The newest screen that was answered.
        tags: Rows of the list of tags, by time.
        commands: Rows of the list of commands, by time.
        timeline: What the timeline shows, made anew only when something was read.
        notes: Rows of the list of notes, by time.
        spoken: Rows of the transcript, by time.
        has_findings: What is in the lists was read.
        pinned: The terminal to stay on; None follows the one in use.
        starts_at: The moment to begin shortly before, in seconds; None begins as is usual.

    """

    def __init__(self, *, live: bool = False) -> None:
        self.transport = Transport()
        self.overview: Overview | None = None
        self.picture: Picture | None = None
        self._findings = Findings()
        self.activity = Activity()
        self.timeline = TimelineData()
        self.tags: tuple[Moment, ...] = ()
        self.commands: tuple[Moment, ...] = ()
        self.notes: tuple[Moment, ...] = ()
        self.spoken: tuple[SpokenMoment, ...] = ()
        self.has_findings = False
        self.pinned: TerminalKey | None = None
        self.starts_live = live
        self.starts_at: float | None = None
        self._pinned_for_hit = False
        self._serial = 0
        self._asked: Wish | None = None
        self._answered = True
        self._asked_at = 0.0
        self._steps = 0
        self._aimed = 0.0

    def take_overview(self, overview: Overview) -> bool:
        """Take in what was read; return whether a live session has just ended."""
        first = self.overview is None
        ended = self.overview is not None and self.overview.live and not overview.live
        self.overview = overview
        self.transport.extend(overview.duration, live=overview.live)
        if first:
            self._make_timeline()
        else:
            # Several times a second: what else the timeline shows comes with the findings.
            self.timeline = replace(self.timeline, duration=overview.duration, live=overview.live)
        if first and self.starts_at is not None:
            self.seek(landing(self.starts_at))
            self._aimed = self.starts_at
        elif first and self.starts_live:
            self.transport.end()
        elif first and self.transport.position == 0.0:
            begins = first_position(each.opened for each in self.terminals)
            if begins:
                self.transport.seek(begins)
        return ended

    def take_findings(self, findings: Findings) -> None:
        """Take in tags and commands."""
        if findings.spoken != self._findings.spoken:
            self.spoken = spoken_moments(findings.spoken)
        self._findings = findings
        self.has_findings = True
        self.tags = tag_moments(findings)
        self.commands = command_moments(findings)
        self._make_timeline()

    def take_notes(self, notes: tuple[Moment, ...]) -> None:
        """Take in marks and notes."""
        self.notes = notes
        self._make_timeline()

    def take_activity(self, activity: Activity) -> None:
        """Take in how much happened when."""
        self.activity = activity
        self.timeline = replace(self.timeline, activity=activity)

    def _make_timeline(self) -> None:
        self.timeline = timeline_data(
            self.overview, self._findings, (*self.tags, *self.notes), self.activity
        )

    def tag_of(self, moment: Moment | None) -> Tag | None:
        """Return the tag that a row stands for, None where it stands for something else."""
        if moment is None:
            return None
        return next((tag for tag in self._findings.tags if tag.id == moment.id), None)

    def take_judgement(self, tag: str, verdict: Verdict) -> None:
        """Take in what the viewer said of a tag, and was kept."""
        judged = {**self._findings.judged, tag: verdict}
        self.tags = tag_moments(replace(self._findings, judged=judged))
        self._findings = replace(self._findings, judged=judged)

    @property
    def hides_tags(self) -> bool:
        """Whether the viewer judges without tags until their card is in."""
        return self._findings.hidden

    @property
    def titles(self) -> dict[str, str]:
        """What each signal is called, by its id."""
        return self._findings.titles

    def signal_of(self, tag: str) -> str | None:
        """Return the signal of a tag, named by its id; None where there is no such tag."""
        return next((each.signal for each in self._findings.tags if each.id == tag), None)

    def take_picture(self, wish: Wish, picture: Picture) -> None:
        """Take in the answer to a wish; an answer that was overtaken is only looked at."""
        self.picture = picture
        if wish.serial != self._serial:
            return
        self._answered = True
        if wish.steps:
            self.transport.seek(picture.t)
            return
        self.transport.skip_silence(picture.previous, picture.following)

    @property
    def is_asking(self) -> bool:
        """Whether a screen is on its way."""
        return not self._answered

    def is_waiting(self, now: float) -> bool:
        """Whether a screen has been on its way for so long that time should stand still for it."""
        return not self._answered and now - self._asked_at > PATIENCE

    def next_wish(self, now: float) -> Wish | None:
        """Return the screen to ask for; None while the right one is shown or on its way.

        Args:
            now: The viewer's time in seconds.

        """
        if self.overview is None:
            return None
        position, terminal = self.transport.position, self.pinned
        asked = self._asked
        if not self._answered and asked is not None and (asked.steps or asked.terminal == terminal):
            return None
        same = asked is not None and (asked.t, asked.terminal) == (position, terminal)
        if same and not self._steps and not self._has_grown():
            return None
        self._serial += 1
        wish = Wish(serial=self._serial, t=position, terminal=terminal, steps=self._steps)
        self._asked, self._answered, self._steps = wish, False, 0
        self._asked_at = now
        return wish

    def _has_grown(self) -> bool:
        """Whether the answer may differ although nobody moved: a session read on while paused."""
        picture, overview = self.picture, self.overview
        return (
            overview is not None
            and overview.live
            and picture is not None
            and picture.following is None
            and self._asked is not None
            and self._asked.t < overview.duration
            and not self.transport.at_live_end
        )

    def abandon_wish(self) -> None:
        """Forget what was asked for: somebody went elsewhere."""
        self._answered = True
        self._steps = 0

    def ask_again(self) -> None:
        """Ask for the screen anew: what was asked for could not be read."""
        self.abandon_wish()
        self._asked = None

    def seek(self, t: float) -> None:
        """Go to a moment in seconds."""
        self.abandon_wish()
        self._aimed = 0.0
        self.transport.seek(t)

    def step_output(self, steps: int) -> None:
        """Go so many outputs on, or back; playing stops, as one looks at each."""
        self.transport.at_live_end = self.transport.playing = False
        self._steps += steps

    def jump(self, moment: Moment) -> None:
        """Go to shortly before a moment, on its own terminal if one stays on a terminal."""
        if self.pinned is not None and moment.terminal in self.keys:
            self.pinned = moment.terminal
        self.seek(landing(moment.t))
        self._aimed = moment.t

    def show_hit(self, hit: Hit | Heard) -> None:
        """Go to the moment of a hit, to its own terminal, and stay there: one wants to read it."""
        if isinstance(hit, Heard):
            self.show_evidence(hit.t, None)
            return
        key = TerminalKey(hit.connection, hit.channel)
        if key in self.keys and len(self.keys) > 1:
            self._pinned_for_hit = self._pinned_for_hit or self.pinned is None
            self.pinned = key
        self.transport.at_live_end = self.transport.playing = False
        self.seek(hit.t)

    def show_evidence(self, t: float, key: TerminalKey | None) -> None:
        """Go to the moment of a piece of evidence, on its own terminal; playing stops."""
        if key in self.keys and len(self.keys) > 1:
            self._pinned_for_hit = self._pinned_for_hit or self.pinned is None
            self.pinned = key
        self.transport.at_live_end = self.transport.playing = False
        self.seek(t)

    def leave_hits(self) -> None:
        """Follow the terminal in use again, if it was followed before the first hit."""
        if self._pinned_for_hit:
            self.follow_active()

    def next_moment(self, moments: Sequence[Moment]) -> bool:
        """Jump to the next of these; return whether there was one."""
        return self._jump_to(moments, self.transport.next_moment([each.t for each in moments]))

    def previous_moment(self, moments: Sequence[Moment]) -> bool:
        """Jump to the one before; return whether there was one."""
        return self._jump_to(moments, self.transport.previous_moment([each.t for each in moments]))

    def _jump_to(self, moments: Sequence[Moment], t: float | None) -> bool:
        found = next((each for each in moments if each.t == t), None)
        if found is not None:
            self.jump(found)
        return found is not None

    @property
    def terminals(self) -> tuple[Terminal, ...]:
        """The session's terminals in the order in which they were opened."""
        return () if self.overview is None else self.overview.terminals

    @property
    def keys(self) -> tuple[TerminalKey, ...]:
        """Their names."""
        return tuple(each.key for each in self.terminals)

    @property
    def shown_terminal(self) -> Terminal | None:
        """The terminal whose screen is shown."""
        shown = None if self.picture is None else self.picture.terminal
        return next((each for each in self.terminals if each.key == shown), None)

    def next_terminal(self, step: int) -> bool:
        """Stay on the next terminal, or the one before; return whether there is another."""
        keys = self.keys
        if len(keys) < 2:  # noqa: PLR2004 - another one than this
            return False
        shown = None if self.picture is None else self.picture.terminal
        index = keys.index(shown) if shown in keys else -1
        self.pinned = keys[(index + step) % len(keys)]
        self._pinned_for_hit = False
        self.abandon_wish()
        return True

    def follow_active(self) -> None:
        """Show the terminal in use, whichever it is."""
        self.pinned = None
        self._pinned_for_hit = False
        self.abandon_wish()

    @property
    def lead(self) -> float:
        """Seconds that lead to the moment that was jumped to; it counts as reached meanwhile.

        None but just behind a jump, so that lists are in step with the screen while it plays.
        """
        ahead = self._aimed - self.transport.position
        return ahead if 0 <= ahead <= LEAD else 0.0

    @property
    def current_tag(self) -> Moment | None:
        """The tag that was reached last."""
        index = current_index(self.tags, self.transport.position, self.lead)
        return None if index is None else self.tags[index]
