"""Where a reason is written: several lines, over the card; Esc keeps them.

What becomes of them is the caller's, who also hears of them while they are written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Static, TextArea

from analyzer.visible import plain
from recorder.cards.card import MOST_TEXT
from tui.seat.drawing import harmless
from tui.seat.look import ACCENT, BAR, FAINT, INK

PAUSE = 0.7
"""Seconds without a key after which what is written is kept as it stands."""

_NEAR = 400


class Lines(TextArea):
    """Several lines; what is pasted acts on no terminal."""

    async def _on_paste(self, event: events.Paste) -> None:
        """Put in pictures of what would: somebody may paste a candidate's bytes."""
        event.prevent_default()
        event.stop()
        start, end = self.selection
        self.replace(_harmless(event.text), start, end, maintain_selection_offset=False)


def _harmless(text: str) -> str:
    return "\n".join(map(plain, text.splitlines()))


class WordsScreen(ModalScreen[str | None]):
    """Gives back what was written; where it ``asks``, Ctrl+S sends it and Esc gives back None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Keep and leave", show=False, priority=True),
        Binding("ctrl+s", "send", "Send", show=False, priority=True),
    ]

    CSS = f"""
    WordsScreen {{ align: center middle; background: $background 60%; }}
    WordsScreen > Vertical {{ width: 84; max-width: 100%; height: 16; max-height: 100%;
        border: round {ACCENT}; background: {BAR}; padding: 0 1; border-title-color: {INK};
        border-subtitle-color: {FAINT}; }}
    WordsScreen TextArea {{ height: 1fr; border: none; padding: 0; background: {BAR};
        color: {INK}; background-tint: transparent; }}
    WordsScreen Static {{ height: auto; }}
    """

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        hint: str = "",
        keep: Callable[[str], None] | None = None,
    ) -> None:
        """Take what is written about.

        Args:
            title: What it is.
            text: What was written before.
            hint: Said below the title.
            keep: Called with what is written, whenever somebody pauses; None asks for words that
                count only when they are sent.

        """
        super().__init__()
        self._title = harmless(title)
        self._hint = hint
        self._keep = keep
        self._timer: Timer | None = None
        self._left = False
        self._given = text
        self.area = Lines(
            _harmless(text), soft_wrap=True, tab_behavior="focus", show_line_numbers=False
        )
        self._begun = self.area.text

    def compose(self) -> ComposeResult:
        """Show the lines, and which keys end them."""
        with Vertical() as box:
            # A title is markup: an opening bracket in it would hide the rest.
            box.border_title = self._title.replace("[", "\\[")
            self._box = box
            if self._hint:
                yield Static(Text(_harmless(self._hint), FAINT), markup=False)
            yield self.area

    def on_mount(self) -> None:
        """Type at once, behind what is there."""
        self.area.focus()
        self.area.move_cursor(self.area.document.end)
        self._tell()

    @property
    def text(self) -> str:
        """What stands there."""
        return self.area.text.strip()

    def _tell(self) -> None:
        over = len(self.text) - MOST_TEXT
        keys = "esc keeps it" if self._keep else "ctrl+s sends it · esc leaves it"
        if over > 0:
            keys = f"{over} characters too many"
        elif over > -_NEAR:
            keys = f"{-over} characters left · {keys}"
        self._box.border_subtitle = keys

    def on_text_area_changed(self) -> None:
        """Say what fits, and keep it once somebody pauses."""
        self._tell()
        if self._keep is not None:
            if self._timer is not None:
                self._timer.stop()
            self._timer = self.set_timer(PAUSE, self.keep_now)

    def on_unmount(self) -> None:
        """Keep it also where the seat is left in the middle of a sentence."""
        if not self._left:
            self.keep_now()

    def keep_now(self) -> None:
        """Keep what is written as it stands; what is too long is cut only in what is kept."""
        if self._keep is not None:
            # What was shown in pictures, and not changed, is kept as it was written.
            as_it_was = self.area.text == self._begun
            self._keep(self._given if as_it_was else self.text[:MOST_TEXT])

    def action_leave(self) -> None:
        """Keep it; what is too long has to be shortened first."""
        if self._keep is None:
            self.dismiss(None)
        elif len(self.text) > MOST_TEXT:
            self.notify(f"{MOST_TEXT} characters are kept: shorten it", severity="warning")
        else:
            self.keep_now()
            self._left = True
            self.dismiss(self.text)

    def action_send(self) -> None:
        """Send it, if it says something."""
        if self._keep is not None:
            self.action_leave()
        elif not self.text:
            self.notify("say what changed your mind", severity="warning", timeout=3)
        elif len(self.text) > MOST_TEXT:
            self.notify(f"{MOST_TEXT} characters are kept: shorten it", severity="warning")
        else:
            self.dismiss(self.text)
