"""The card over the seat: what was judged, what is still missing, and why. One screen, few keys.

Only widgets: what a key says is `tui.seat.card.filling`'s, what it looks like is
`tui.seat.card.drawn`'s. The session goes on below it.
"""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from analyzer.visible import plain
from recorder.cards.card import Evidence
from recorder.errors import UsageError
from tui.seat.asking import AskScreen
from tui.seat.card.drawn import (
    TITLES,
    draw_details,
    draw_evidence,
    draw_missing,
    draw_people,
    draw_row,
    draw_state,
)
from tui.seat.card.edits import BeBlind, Discard, Look, Submit
from tui.seat.card.filling import Filling, Row
from tui.seat.card.keys import ACTIONS, card_help
from tui.seat.card.words_screen import WordsScreen
from tui.seat.help_screen import HelpScreen
from tui.seat.keys import bindings, footer_hints
from tui.seat.look import ACCENT, BAR, FAINT, INK, LINE, MARKED
from tui.seat.words import hints_text

LOOK = 3.0
"""Seconds between two looks at who else is in."""

WIDE = 70
"""Columns from which the marked row's words stand beside the rows."""

SUBMIT = (
    "Submit your card? Others see it when the debrief is opened; changes later stand beside it."
)
CHANGE = "What changed your mind? It is kept beside your change."


class _Rows(OptionList, inherit_bindings=False):
    """A list whose keys are left to the card, all but the one that chooses."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Choose", show=False)]


class CardScreen(ModalScreen[Evidence | None]):
    """Covers the seat; gives back a piece of evidence to go to, or None."""

    BINDINGS = bindings(ACTIONS)
    CSS = f"""
    CardScreen {{ background: $background; layout: vertical; }}
    CardScreen #card-title {{ height: 1; padding: 0 1; background: {BAR}; }}
    CardScreen #card-body {{ height: 1fr; layout: horizontal; }}
    CardScreen.-narrow #card-body {{ layout: vertical; }}
    CardScreen #card-rows {{ width: 42%; max-width: 54; height: 1fr; }}
    CardScreen.-narrow #card-rows {{ width: 1fr; height: auto; max-height: 50%; }}
    CardScreen #card-side {{ width: 1fr; height: 1fr; }}
    CardScreen OptionList {{
        border: round {LINE}; padding: 0 1; background: $background; text-wrap: nowrap;
        scrollbar-size-vertical: 1; scrollbar-color: {LINE}; scrollbar-background: $background;
        border-title-color: {INK}; border-subtitle-color: {FAINT};
    }}
    CardScreen OptionList:focus {{ border: round {ACCENT}; background-tint: transparent; }}
    CardScreen OptionList > .option-list--option-highlighted {{ background: $panel;
        color: $foreground; text-style: none; }}
    CardScreen OptionList:focus > .option-list--option-highlighted {{ background: {MARKED};
        text-style: bold; }}
    CardScreen OptionList:nocolor > .option-list--option-highlighted {{ text-style: bold; }}
    CardScreen OptionList:focus:nocolor > .option-list--option-highlighted {{
        text-style: reverse; }}
    CardScreen #card-words {{ height: 1fr; border: round {LINE}; padding: 0 1;
        scrollbar-size-vertical: 1; scrollbar-color: {LINE};
        scrollbar-background: $background; border-subtitle-color: {FAINT}; }}
    CardScreen #card-evidence {{ height: auto; max-height: 9; }}
    CardScreen #card-missing {{ height: auto; max-height: 2; padding: 0 1; }}
    CardScreen #card-people {{ height: 1; padding: 0 1; }}
    CardScreen #card-hints {{ height: 1; padding: 0 1; }}
    """

    def __init__(self, filling: Filling, *, candidate: str = "", goes_there: bool = True) -> None:
        """Take what is filled.

        Args:
            filling: The card.
            candidate: Whose session it is.
            goes_there: Whether there is a screen that evidence can be shown on.

        """
        super().__init__()
        self.filling = filling
        self._candidate = candidate
        self._goes_there = goes_there
        self._title = Static(id="card-title", markup=False)
        self._rows = _Rows(id="card-rows", markup=False)
        self._words = Static(markup=False)
        self._scroll = VerticalScroll(self._words, id="card-words", can_focus=False)
        self._pieces = _Rows(id="card-evidence", markup=False)
        self._missing = Static(id="card-missing", markup=False)
        self._people = Static(id="card-people", markup=False)
        self._hints = Static(id="card-hints", markup=False)
        self._shown: tuple[Evidence, ...] | None = None

    def compose(self) -> ComposeResult:
        """Rows, the marked row's words and evidence, what is missing, keys."""
        yield self._title
        with Horizontal(id="card-body"):
            yield self._rows
            with Vertical(id="card-side"):
                yield self._scroll
                yield self._pieces
        yield self._missing
        yield self._people
        yield self._hints

    def on_mount(self) -> None:
        """Read how it stands, and look now and then who else is in."""
        self._pieces.border_title = "Evidence"
        self._rows.focus()
        self.filling.order(Look())
        self.set_interval(LOOK, self._look, name="card")
        for what in ("scroll_y", "virtual_size", "show_vertical_scrollbar"):
            self.watch(self._scroll, what, self._tell_more, init=False)
        self.show_card()

    def _look(self) -> None:
        if not self.filling.is_waiting:
            self.filling.order(Look())

    def on_resize(self, event: events.Resize) -> None:
        """Share the room."""
        self.set_class(event.size.width < WIDE, "-narrow")
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        self._shown = None
        self.show_card()

    # Drawing

    def show_card(self) -> None:
        """Show the card as it stands."""
        filling = self.filling
        self._title.update(self._title_text())
        self._draw_rows()
        self._show_row()
        self._missing.update(draw_missing(filling))
        self._people.update(draw_people(filling.folder))
        self._hints.update(hints_text(self.size.width - 2, footer_hints(ACTIONS)))

    def _title_text(self) -> Text:
        text = Text("your card  ", f"bold {ACCENT}", no_wrap=True, overflow="ellipsis")
        if self._candidate:
            text.append(f"{plain(self._candidate)}  ", f"bold {INK}")
        return text.append_text(draw_state(self.filling))

    @property
    def _room(self) -> int:
        """Cells of a line of words; a bar that scrolls may take one of them."""
        return max(self._scroll.size.width - 1, 8)

    def _draw_rows(self) -> None:
        width = max(self._rows.scrollable_content_region.width, 1)
        drawn = [draw_row(self.filling, each, width) for each in self.filling.rows]
        if len(drawn) != self._rows.option_count:
            self._rows.clear_options()
            self._rows.add_options([Option(each) for each in drawn])
        else:
            for index, each in enumerate(drawn):
                self._rows.replace_option_prompt_at_index(index, each)
        if self._rows.highlighted != self.filling.marked:
            self._rows.highlighted = self.filling.marked

    def _show_row(self) -> None:
        details = draw_details(self.filling, self._room)
        self._words.update(details.text)
        self.call_after_refresh(self._tell_more)
        pieces = self.filling.evidence
        self._pieces.display = bool(pieces)
        if not pieces and self._pieces.has_focus:
            self._rows.focus()
        if pieces != self._shown:
            self._shown = pieces
            marked = self._pieces.highlighted or 0
            self._pieces.clear_options()
            self._pieces.add_options([Option(draw_evidence(each, self._room)) for each in pieces])
            self._pieces.highlighted = min(marked, len(pieces) - 1) if pieces else None
            self._pieces.border_subtitle = "tab · enter goes there · x removes"

    def _tell_more(self) -> None:
        """Say that there is more below than fits."""
        more = round(self._scroll.max_scroll_y - self._scroll.scroll_offset.y)
        self._scroll.border_subtitle = "pgdn reads on" if more > 0 else ""

    def _show_chosen(self) -> None:
        """Scroll as far as is needed for the level that is chosen."""
        lines = draw_details(self.filling, self._room).chosen
        top, rows = round(self._scroll.scroll_offset.y), self._scroll.size.height
        if not lines or rows < 1:
            return
        if lines.stop > top + rows:
            self._scroll.scroll_to(y=lines.stop - rows, animate=False)
        elif lines.start < top:
            self._scroll.scroll_to(y=lines.start, animate=False)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what another row is about."""
        event.stop()
        index = self._rows.highlighted
        # Keys mark at once, and what comes later of an earlier mark is over: this is the mouse.
        if event.option_list is self._rows and index is not None and index != self.filling.marked:
            self._mark(index)

    def _mark(self, index: int) -> None:
        self.filling.marked = index
        self._rows.highlighted = index
        self._scroll.scroll_home(animate=False)
        self._show_row()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Write why; of a piece of evidence, go there."""
        event.stop()
        if event.option_list is self._rows:
            self.filling.marked = event.option_index
            self.action_write()
        else:
            self._go_to(event.option_index)

    def _go_to(self, index: int) -> None:
        if not self._goes_there:
            self.notify("there is no screen here: `jumpseat watch` shows it", timeout=3)
        elif index < len(self.filling.evidence):
            self.dismiss(self.filling.evidence[index])

    # What keys do

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
        self.call_after_refresh(self._show_chosen)

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
        if self._pieces.has_focus:
            last = self._pieces.option_count - 1
            self._pieces.highlighted = min(max((self._pieces.highlighted or 0) + step, 0), last)
        else:
            # A digit may come right behind it, and is about the row that it marks.
            last = len(self.filling.rows) - 1
            self._mark(min(max(self.filling.marked + step, 0), last))

    def action_other_list(self) -> None:
        """Go to the evidence, or back."""
        if self._pieces.has_focus:
            self._rows.focus()
        elif self.filling.evidence:
            self._pieces.focus()
        else:
            self.notify("no evidence here yet: A in the seat attaches it", timeout=3)

    def action_remove(self) -> None:
        """Take the marked piece of evidence off the card."""
        index = self._pieces.highlighted if self._pieces.has_focus else None
        if index is None:
            self.notify("tab goes to the evidence, x takes a piece off", timeout=3)
        elif (gone := self.filling.detach(index)) is not None:
            words = f"taken off: {draw_evidence(gone, 60).plain}"
            self.notify(words, timeout=3, markup=False)
            self.show_card()

    def action_scroll_words(self, key: str) -> None:
        """Read on in what the marked row is about."""
        step = max(self._scroll.size.height - 2, 1) * (1 if key == "pagedown" else -1)
        self._scroll.scroll_relative(y=step, animate=False)

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
