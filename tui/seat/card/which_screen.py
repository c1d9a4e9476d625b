"""Which competency something is evidence for: a short numbered list, one key."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from analyzer.visible import plain
from recorder.exercise.schema import Competency
from tui.seat.card.at_hand import AtHand
from tui.seat.card.drawn import draw_evidence, level_words
from tui.seat.card.filling import Filling
from tui.seat.look import ACCENT, BAR, FAINT, INK, MARKED
from tui.seat.modal import Modal

KEYS = "123456789abcdefghilmnoprstuvwxyz"
"""By which the first ones are chosen; j, k and q mean what they mean elsewhere."""

_WIDEST = 200


class WhichScreen(Modal[str | None]):
    """Gives back the id of a competency, None where nothing was chosen.

    It stands before the card was read: what is typed meanwhile chooses once it was.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Leave", show=False),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
    ]
    CSS = f"""
    WhichScreen {{ align: center middle; background: $background 60%; }}
    WhichScreen > Vertical {{ width: 64; max-width: 100%; height: auto; max-height: 100%;
        border: round {ACCENT}; background: {BAR}; padding: 0 1; border-title-color: {INK};
        border-subtitle-color: {FAINT}; }}
    WhichScreen OptionList {{ height: auto; max-height: 20; border: none; padding: 0;
        background: {BAR}; text-wrap: nowrap; scrollbar-size-vertical: 1; }}
    WhichScreen OptionList:focus {{ background-tint: transparent; }}
    WhichScreen OptionList > .option-list--option-highlighted {{ background: {MARKED};
        color: $foreground; text-style: bold; }}
    WhichScreen OptionList:nocolor > .option-list--option-highlighted {{
        text-style: bold underline; }}
    """

    def __init__(self, hand: AtHand, filling: Filling) -> None:
        """Take what is attached, and to which card."""
        super().__init__()
        self._hand = hand
        self._filling = filling
        self._typed = ""
        self.rows = OptionList(markup=False)

    def compose(self) -> ComposeResult:
        """Show what is attached, and to what it can be."""
        with Vertical() as box:
            box.border_title = "Evidence for"
            box.border_subtitle = "a number · enter · esc leaves"
            what = draw_evidence(self._hand.evidence, _WIDEST)
            what.stylize(FAINT)
            yield Static(what, markup=False)
            yield self.rows

    def on_mount(self) -> None:
        """Show what can be chosen, as soon as that is known."""
        self.rows.focus()
        self.show_competencies()

    @property
    def _competencies(self) -> tuple[Competency, ...]:
        return () if self._filling.folder is None else self._filling.folder.competencies

    def show_competencies(self) -> None:
        """Show what can be chosen, the likeliest marked; what was typed before chooses now."""
        if self._filling.folder is None or self.rows.option_count:
            return
        card = self._filling.card
        self.rows.add_options(
            [
                Option(_row(index, each, card.rating(each.id).level))
                for index, each in enumerate(self._competencies)
            ]
        )
        self.rows.highlighted = self._filling.proposed(self._hand.topic)
        if self._typed:
            self._choose(KEYS.find(self._typed))

    def on_key(self, event: events.Key) -> None:
        """Choose by number."""
        if event.character and event.character in KEYS:
            event.stop()
            event.prevent_default()
            if self._filling.folder is None:
                self._typed = self._typed or event.character
            else:
                self._choose(KEYS.find(event.character))

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._competencies):
            self.dismiss(self._competencies[index].id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose the marked one."""
        event.stop()
        self._choose(event.option_index)

    def action_move(self, step: int) -> None:
        """Mark another one."""
        if step > 0:
            self.rows.action_cursor_down()
        else:
            self.rows.action_cursor_up()

    def action_leave(self) -> None:
        """Attach it to nothing."""
        self.dismiss(None)


def _row(index: int, competency: Competency, level: int | None) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis", end="")
    key = KEYS[index] if index < len(KEYS) else " "
    text.append(f"{key} ", f"bold {ACCENT}")
    text.append(plain(competency.title), INK)
    return text.append(f"  {level_words(level)}" if level is not None else "", FAINT)
