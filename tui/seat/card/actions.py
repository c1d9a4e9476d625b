"""What the keys of the card do in the seat: open it over the session, attach what is at hand.

What a key says on the card is `tui.seat.card.filling`'s; keeping it `tui.seat.card.keeping`'s. All
that a card is made of is loaded with the first key that needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.visible import plain
from recorder.errors import JumpseatError, UsageError
from tui.seat.card.keeping import CardNotKept, CardRead, CardRefused
from tui.seat.feed import HIDDEN
from tui.seat.feed_reader import FeedReader
from tui.seat.moments import Moment
from tui.seat.notes.actions import NoteActions
from tui.seat.panels.desk_actions import DeskActions
from tui.seat.timeline.actions import TimelineActions
from tui.seat.transcript.actions import TranscriptActions
from tui.seat.transport import clock_words, landing

if TYPE_CHECKING:
    from recorder.cards.card import Evidence
    from tui.seat.card.at_hand import AtHand
    from tui.seat.card.edits import Step
    from tui.seat.card.filling import Filling

NOTHING = "this session's exercise names nothing to rate"

_BRIEF = 3.0
_LONG = 8.0


class CardActions(DeskActions, NoteActions, TranscriptActions, TimelineActions):
    """The card, in a live session and in a replay alike."""

    _feed_reader: FeedReader
    _filling: Filling | None = None
    _begins_with_card = False

    @property
    def filling(self) -> Filling:
        """The viewer's card while it is filled."""
        if self._filling is None:
            from tui.seat.card.filling import Filling  # noqa: PLC0415 - once it is needed

            self._filling = Filling(self._feed_reader.put_card)
        return self._filling

    def begin_with_card(self) -> None:
        """Open the card as soon as the session was read."""
        self._begins_with_card = True

    def session_is_read(self) -> None:
        """Open the card, where that was wanted from the beginning."""
        if self._begins_with_card:
            self.action_open_card()

    def action_open_card(self) -> None:
        """Open the card over the session; what plays behind the present waits meanwhile."""
        from tui.seat.card.screen import CardScreen  # noqa: PLC0415 - once it is needed

        overview = self.player.overview
        if overview is None:
            self.notify("the recording is still being read", timeout=_BRIEF)
            return
        transport = self.player.transport
        waits = transport.playing and not transport.at_live_end
        if waits:
            transport.playing = False

        def left(piece: Evidence | None) -> None:
            if waits:
                # What went by meanwhile is no time of the replay's.
                self.beat()
                transport.playing = True
            self._go_to_evidence(piece)

        self.push_screen(
            CardScreen(
                self.filling, candidate=overview.candidate or "", goes_there=not self.sidebar
            ),
            left,
        )

    def _go_to_evidence(self, piece: Evidence | None) -> None:
        """Go to shortly before a piece of evidence; of a tag, mark what it rests on."""
        if piece is None:
            return
        tag = next((each for each in self.player.tags if each.id == piece.subject), None)
        if piece.kind == "tag" and tag is not None:
            self.player.jump(tag)
            self.choose_evidence(tag)
        else:
            self.player.seek(landing(piece.t))
        words = f" {plain(piece.text)}" if piece.text else ""
        self.notify(f"{clock_words(piece.t)}{words}", timeout=_BRIEF, markup=False)
        self.beat()

    # Attaching

    def action_attach(self) -> None:
        """Attach what is chosen, else the present moment, to the card."""
        if self.player.overview is None:
            self.notify("the recording is still being read", timeout=_BRIEF)
            return
        from tui.seat.card.edits import Look  # noqa: PLC0415 - once it is needed
        from tui.seat.card.which_screen import WhichScreen  # noqa: PLC0415

        hand = self._at_hand()
        if self.filling.folder is None:
            self.filling.order(Look())
        elif not self.filling.folder.competencies:
            self.notify(NOTHING, timeout=_BRIEF)
            return
        self.push_screen(WhichScreen(hand, self.filling), lambda name: self._attach_to(name, hand))

    def _at_hand(self) -> AtHand:
        from tui.seat.card import at_hand  # noqa: PLC0415 - once it is needed

        note = self._chosen_note()
        if note is not None:
            return at_hand.of_note(note)
        line = self.chosen_line()
        if line is not None:
            return at_hand.of_line(line, self.player.transport.position)
        moment = self._deliberate_tag()
        tag = self.player.tag_of(moment)
        if moment is not None and tag is not None:
            return at_hand.of_tag(tag, moment.words)
        return at_hand.of_moment(self.player.transport.position, self.player.commands)

    def _deliberate_tag(self) -> Moment | None:
        """Return the tag that somebody has chosen, and not only come past."""
        if self.side.tags.has_focus and not self.sought.is_on:
            return self.side.tags.highlighted_moment
        view = self.desk_column.view
        if self._has_desk and (self.desk_column.has_focus or view.marked is not None):
            return self.marked_tag()
        current = self.player.current_tag
        chosen = self.evidence.tag
        if chosen is not None and current is not None and chosen.id == current.id:
            return current
        return None

    def _attach_to(self, name: str | None, hand: AtHand) -> None:
        folder = self.filling.folder
        if name is None or folder is None:
            return
        try:
            self.filling.attach(name, hand.evidence)
        except UsageError as error:
            self._say_card(error, severe=False)
            return
        competency = folder.competency(name)
        what = plain(hand.evidence.text) or "this moment"
        self.notify(
            f"evidence for {plain(competency.title) if competency else name}: {what}"
            f" ({clock_words(hand.evidence.t)}); C opens your card",
            timeout=_BRIEF,
            markup=False,
        )

    # What became of it

    def on_card_read(self, message: CardRead) -> None:
        """Show the card as it stands, and tags as that lets them be seen."""
        self.filling.take(message.folder, message.serial)
        for step in message.steps:
            self._tell(step)
        hidden = not message.folder.standing.sees_tags
        if hidden != self.player.hides_tags:
            self._feed_reader.look_again()
        self._show_card()

    def _tell(self, step: Step) -> None:
        from tui.seat.card.edits import BeBlind, Discard, Submit  # noqa: PLC0415 - loaded by now

        match step:
            case Submit(why=why):
                words = "your change is in" if why else "your card is in"
                self.notify(words, timeout=_BRIEF)
            case Discard():
                self.notify("the draft is gone", timeout=_BRIEF)
            case BeBlind(blind=blind):
                self.notify(HIDDEN if blind else "tags are shown again", timeout=_BRIEF)
            case _:
                pass

    def on_card_refused(self, message: CardRefused) -> None:
        """Say why it is not done."""
        from tui.seat.card.edits import Look  # noqa: PLC0415 - loaded by now

        filling, words = self.filling, str(message.error)
        filling.refuse(message.serial)
        # Looks are taken again and again; what stands in the way of one is said once.
        if not isinstance(message.step, Look) or (
            filling.folder is None and filling.trouble != words
        ):
            self._say_card(message.error)
        if filling.folder is None:
            filling.trouble = words
        self._show_card()

    def leave_when_written(self) -> None:
        """Leave by itself, but not while somebody is at their card."""
        if self._filling is not None and len(self.screen_stack) > 1:
            self.set_timer(_BRIEF, self.leave_when_written)
        else:
            super().leave_when_written()

    def on_card_not_kept(self, message: CardNotKept) -> None:
        """Say that it is not kept yet, and that nothing is lost."""
        self.filling.trouble = str(message.error)
        words = f"not kept yet: {plain(str(message.error))}\nnothing is lost: it is tried again"
        self.notify(words, severity="error", timeout=_LONG, markup=False)
        self._show_card()

    def _say_card(self, error: JumpseatError, *, severe: bool = True) -> None:
        self.notify(
            plain(str(error)),
            severity="error" if severe else "warning",
            timeout=_LONG if severe else _BRIEF,
            markup=False,
        )

    def _show_card(self) -> None:
        from tui.seat.card.screen import CardScreen  # noqa: PLC0415 - loaded by now
        from tui.seat.card.which_screen import WhichScreen  # noqa: PLC0415

        folder = self.filling.folder
        for screen in self.screen_stack:
            if isinstance(screen, CardScreen):
                screen.show_card()
            elif isinstance(screen, WhichScreen):
                if folder is None or not folder.competencies:
                    screen.dismiss(None)
                    self.notify(NOTHING if folder else "nothing is attached", timeout=_BRIEF)
                else:
                    screen.show_competencies()
