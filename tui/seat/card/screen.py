"""The card over the seat: what its keys do. One screen, few keys.

What a key says is `tui.seat.card.filling`'s, which widgets show it `tui.seat.card.view`'s. The
session goes on below it.
"""

from __future__ import annotations

from textual.widgets import OptionList

from analyzer.visible import plain
from recorder.errors import UsageError
from tui.seat.asking import AskScreen
from tui.seat.card.drawn import TITLES, draw_evidence
from tui.seat.card.edits import BeBlind, Discard, Submit
from tui.seat.card.filling import Row
from tui.seat.card.keys import ACTIONS, card_help
from tui.seat.card.style import CARD_STYLE_SHEET
from tui.seat.card.view import CardView
from tui.seat.card.words_screen import WordsScreen
from tui.seat.help_screen import HelpScreen
from tui.seat.keys.action import bindings

SUBMIT = (
    "Submit your card? Others see it when the debrief is opened; changes later stand beside it."
)
CHANGE = "What changed your mind? It is kept beside your change."


class CardScreen(CardView):
    """Covers the seat; gives back a piece of evidence to go to, or None."""

    BINDINGS = bindings(ACTIONS)
    CSS = CARD_STYLE_SHEET

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Write why; of a piece of evidence, go there."""
        event.stop()
        if event.option_list is self.rows:
            self.filling.marked = event.option_index
            self.action_write()
        else:
            self._go_to(event.option_index)

    def _go_to(self, index: int) -> None:
        if not self.goes_there:
            self.notify("there is no screen here: `jumpseat watch` shows it", timeout=3)
        elif index < len(self.filling.evidence):
            self.dismiss(self.filling.evidence[index])

    def _is_ready(self) -> bool:
        if self.filling.folder is None:
            words = self.filling.trouble or "your card is still being read"
            self.notify(plain(words), timeout=4, markup=False)
        return self.filling.folder is not None

    def action_rate(self, key: str) -> None:
        """Rate what is marked."""
        self._rate(int(key))

    def action_unrate(self) -> None:
        """Take the level of what is marked back."""
        self._rate(None)

    def _rate(self, level: int | None) -> None:
        if not self._is_ready():
            return
        try:
            self.filling.rate(level)
        except UsageError as error:
            self._say(error)
        self.show_card()
        self.call_after_refresh(self.show_chosen)

    def action_write(self) -> None:
        """Write why."""
        if not self._is_ready():
            return
        row = self.filling.row
        self.app.push_screen(
            WordsScreen(
                _title_of(row),
                self.filling.text,
                hint=row.competency.question if row.competency else "",
                keep=lambda text: self._keep_words(text, row),
            )
        )

    def _keep_words(self, text: str, row: Row) -> None:
        try:
            self.filling.write(text, row)
        except UsageError as error:
            self._say(error)
        if self.is_running:
            self.show_card()

    def action_next_row(self) -> None:
        """Mark the next row."""
        self._move(1)

    def action_previous_row(self) -> None:
        """Mark the row before."""
        self._move(-1)

    def _move(self, step: int) -> None:
        if self.pieces.has_focus:
            last = self.pieces.option_count - 1
            self.pieces.highlighted = min(max((self.pieces.highlighted or 0) + step, 0), last)
        else:
            # A digit may come right behind it, and is about the row that it marks.
            last = len(self.filling.rows) - 1
            self.mark_row(min(max(self.filling.marked + step, 0), last))

    def action_other_list(self) -> None:
        """Go to the evidence, or back."""
        if self.pieces.has_focus:
            self.rows.focus()
        elif self.filling.evidence:
            self.pieces.focus()
        else:
            self.notify("no evidence here yet: A in the seat attaches it", timeout=3)

    def action_remove(self) -> None:
        """Take the marked piece of evidence off the card."""
        index = self.pieces.highlighted if self.pieces.has_focus else None
        if index is None:
            self.notify("tab goes to the evidence, x takes a piece off", timeout=3)
        elif (gone := self.filling.detach(index)) is not None:
            words = f"taken off: {draw_evidence(gone, 60).plain}"
            self.notify(words, timeout=3, markup=False)
            self.show_card()

    def action_scroll_words(self, key: str) -> None:
        """Read on in what the marked row is about."""
        step = max(self.details.size.height - 2, 1) * (1 if key == "pagedown" else -1)
        self.details.scroll_relative(y=step, animate=False)

    def action_submit(self) -> None:
        """Put the card in, or its change, after a yes or a reason."""
        filling = self.filling
        if not self._is_ready() or filling.folder is None:
            return
        lacks = filling.lacks
        if lacks:
            self.notify(
                "\n".join(map(plain, lacks)), title="Still missing", timeout=6, markup=False
            )
        elif not filling.folder.is_in:
            self.app.push_screen(AskScreen(SUBMIT), self._submitted)
        elif not filling.is_changed:
            self.notify("your card is in, and nothing is changed on it", timeout=3)
        else:
            self.app.push_screen(WordsScreen("Change your card", hint=CHANGE), self._changed)

    def _submitted(self, wanted: bool | None) -> None:
        if wanted:
            self.filling.order(Submit())

    def _changed(self, why: str | None) -> None:
        if why is not None:
            self.filling.order(Submit(why))

    def action_toggle_blind(self) -> None:
        """Judge without the machine's tags until the card is in, or with them."""
        if not self._is_ready() or self.filling.folder is None:
            return
        standing = self.filling.folder.standing
        if standing.state == "submitted":
            self.notify("your card is in: tags are there to be seen", timeout=3)
        elif standing.blind:
            self.filling.order(BeBlind(blind=False))
        else:
            self.filling.order(BeBlind(blind=True))

    def action_discard(self) -> None:
        """Forget the draft, after a yes."""
        if self._is_ready() and self.filling.folder and self.filling.folder.own.draft:
            self.app.push_screen(
                AskScreen("Forget your draft? What you submitted stays."), self._discarded
            )
        else:
            self.notify("there is no draft", timeout=2)

    def _discarded(self, wanted: bool | None) -> None:
        if wanted:
            self.filling.order(Discard())

    async def action_next_theme(self) -> None:
        """Show everything in the next theme."""
        await self.app.run_action("app.next_theme")

    def action_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(HelpScreen(card_help))

    def action_leave(self) -> None:
        """Go back to the session; everything is kept."""
        self.dismiss(None)

    def _say(self, error: UsageError) -> None:
        words = f"{error.cause}: {error.remedy}" if error.remedy else error.cause
        self.notify(plain(words), severity="warning", timeout=4, markup=False)


def _title_of(row: Row) -> str:
    if row.competency is not None:
        return row.competency.title
    return "Why you recommend so" if row.kind == "recommendation" else TITLES[row.kind]
