"""What the app does with what its threads tell: the session, screens, findings, and troubles.

A part of the app, as `tui.seat.actions` is one. The messages are those of `tui.seat.news`, what is
said of them is in `tui.seat.words`; here both meet the widgets.
"""

from __future__ import annotations

from textual.widgets import Static

from analyzer.visible import plain
from tui.seat.banner import Banner
from tui.seat.card.actions import CardActions
from tui.seat.feed import HIDDEN
from tui.seat.news import (
    Broken,
    Found,
    Lost,
    NotFound,
    NotSettled,
    Read,
    Regained,
    Shown,
)
from tui.seat.notes.keeping import Judged, NotJudged
from tui.seat.words import judged_words, late_words, lost_words, no_findings_words, title_text

GREETING = 6.0
"""Seconds that a greeting stays."""

CLOSING_PAUSE = 3.0
"""Seconds that an app which leaves by itself stays after the session has closed."""

SLOW = "far jumps take longer until the index is made"
"""Said of a long session that was never indexed."""


class NewsActions(CardActions):
    """What an app does that is told of a session by messages."""

    banner: Banner
    title_row: Static
    _until_closed: bool

    def count_from_now(self) -> None:
        """Let the viewer's time begin to count."""
        raise NotImplementedError

    def show_screen(self) -> None:
        """Show the candidate's screen as it was read last."""
        raise NotImplementedError

    def show_position(self) -> None:
        """Show where the replay stands."""
        raise NotImplementedError

    def on_read(self, message: Read) -> None:
        """Take in the session, again and again while it is live."""
        first = self.player.overview is None
        ended = self.player.take_overview(message.overview)
        if first:
            self.title_row.update(title_text(message.overview))
            self.count_from_now()
            if message.overview.slow:
                self.notify(SLOW, timeout=GREETING)
        if ended:
            self.notify("the session has ended", timeout=CLOSING_PAUSE)
        if self._until_closed and not message.overview.live and (first or ended):
            self.set_timer(CLOSING_PAUSE, self.leave_when_written)
        self.show_screen()
        self.beat()
        if first:
            self.session_is_read()

    def on_shown(self, message: Shown) -> None:
        """Draw the screen that was asked for."""
        self.player.take_picture(message.wish, message.picture)
        self.show_screen()
        # No beat: asking again at once would draw as fast as the machine can.
        self.show_position()

    def on_found(self, message: Found) -> None:
        """Fill the lists."""
        self.player.take_findings(message.findings)
        self.notebook.take_findings(message.findings)
        self.book.take(message.findings)
        self.show_notes()
        self.banner.show_trouble("findings", late_words(message.findings.late))
        self.banner.show_trouble("trace", message.findings.untraced)
        if message.findings.hidden and self.evidence.tag is not None:
            self.leave_evidence()
        self.banner.show_calm(HIDDEN if message.findings.hidden else "")
        self.side.tags.show_moments(
            self.player.tags, none="hidden" if message.findings.hidden else "none"
        )
        self.side.commands.show_moments(self.player.commands)
        self.side.show_spoken(self.player.spoken)
        self.beat()

    def on_not_found(self, message: NotFound) -> None:
        """Say why the lists stand still; the screen can be watched all the same."""
        for each in self.side.lists:
            each.border_subtitle = "not available"
        self.banner.show_trouble("findings", no_findings_words(message.error))

    def on_lost(self, message: Lost) -> None:
        """Say that the recording cannot be read; what was read stays."""
        self.player.abandon_wish()
        self.banner.show_trouble("recording", lost_words(message.error))
        self.show_position()

    def on_regained(self, _message: Regained) -> None:
        """Go on where it was lost."""
        self.banner.show_trouble("recording", "")
        self.player.ask_again()
        self.beat()

    def on_judged(self, message: Judged) -> None:
        """Show beside the tag what was said of it, and name the tag: the lists may be hidden."""
        judging = message.judging
        self.player.take_judgement(judging.tag, judging.verdict)
        self.side.tags.show_moments(self.player.tags)
        label = self.player.titles.get(judging.label or "", judging.label or "")
        words = judged_words(self.player.tags, judging.tag, label)
        self.notify(words, timeout=3, markup=False)
        self.beat()

    def on_not_judged(self, message: NotJudged) -> None:
        """Say why it is not kept."""
        self.notify(plain(str(message.error)), severity="error", timeout=8, markup=False)

    def on_not_settled(self, message: NotSettled) -> None:
        """Say why far jumps stay slow."""
        self.notify(plain(str(message.error)), severity="warning", timeout=8, markup=False)

    def on_broken(self, message: Broken) -> None:
        """Leave; the caller says why."""
        self.failure = message.error
        self.exit()
