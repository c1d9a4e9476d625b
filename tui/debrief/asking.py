"""A form for one thing to say: words, and a level where there is one; open until it is kept.

A refusal stands beside what was typed, and what was typed and not kept is there again when the same
form is opened the next time. What becomes of it is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from analyzer.visible import plain
from recorder.cards.debriefing import MOST_TEXT
from recorder.errors import JumpseatError
from tui.seat.entry_bar import Entry
from tui.seat.home.fields import Picker
from tui.seat.look import ACCENT, FAINT


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was typed into a form so far: a value that was chosen, and words."""

    choice: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a form asks.

    Attributes:
        name: Tells forms apart; drafts are kept by it.
        title: A few words.
        question: What is asked.
        yes: What Enter does, as a verb.
        hint: Stands where nothing is typed yet; empty where there are no words to type.
        choices: Values and their words; none where there is nothing to choose.
        keep: Keeps it, in a thread; raises JumpseatError where that is refused.

    """

    name: str
    title: str
    question: str
    yes: str
    keep: Callable[[Draft], None]
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()


class Kept(Message):
    """It was kept; or it was not, and why."""

    def __init__(self, error: JumpseatError | None = None) -> None:
        super().__init__()
        self.error = error


class LevelPicker(Picker):
    """A choice that a digit chooses at once."""

    def on_key(self, event: events.Key) -> None:
        """Choose by digit, or go through the values; a digit that is none of them chooses none."""
        if event.key.isdigit():
            event.stop()
            event.prevent_default()
            if event.key in dict(self._options):
                self.choose(event.key)
        else:
            super().on_key(event)


class AskScreen(ModalScreen[bool]):
    """Asks, keeps, and leaves with whether it was kept.

    Attributes:
        draft: What stands in the form.

    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("ctrl+c", "leave", "Leave", show=False, priority=True),
        Binding("enter", "keep", "Keep it", show=False),
        Binding("y", "yes", "Yes", show=False),
        Binding("tab,down", "app.focus_next", "Next field", show=False, priority=True),
        Binding("shift+tab,up", "app.focus_previous", "Previous field", show=False, priority=True),
    ]

    def __init__(self, form: Form, draft: Draft) -> None:
        """Take what to ask, and what was typed before."""
        super().__init__()
        self.form = form
        self._busy = False
        first = form.choices[0][0] if form.choices else ""
        self._picker = LevelPicker(
            form.choices or [("", "")], draft.choice or first, id="ask-choice"
        )
        self._entry = Entry(
            draft.words, id="ask-words", placeholder=form.hint, max_length=MOST_TEXT, compact=True
        )
        self._trouble = Static(id="ask-trouble", markup=False)
        self._keys = Static(id="ask-keys")

    @property
    def draft(self) -> Draft:
        """What stands in the form."""
        return Draft(
            choice=self._picker.value if self.form.choices else "", words=self._entry.value
        )

    def compose(self) -> ComposeResult:
        """Show the question, what to choose and to type, what went wrong, the keys."""
        with Vertical(id="ask") as box:
            box.border_title = self.form.title.replace("[", "\\[")
            yield Static(plain(self.form.question), id="ask-question", markup=False)
            if self.form.choices:
                yield self._picker
            if self.form.hint:
                yield self._entry
            yield self._trouble
            yield self._keys

    def on_mount(self) -> None:
        """Let somebody choose or type at once."""
        if self.form.choices:
            self.set_focus(self._picker)
        elif self.form.hint:
            self.set_focus(self._entry)
        self._show_keys()

    def action_leave(self) -> None:
        """Keep nothing; what was typed is there again the next time."""
        if not self._busy:
            self.dismiss(False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep it."""
        event.stop()
        self.action_keep()

    def action_yes(self) -> None:
        """Do it: where nothing is to be chosen or typed, y answers as it does in the seat."""
        if not self.form.choices and not self.form.hint:
            self.action_keep()

    def action_keep(self) -> None:
        """Keep it, unless it is being kept already."""
        if self._busy:
            return
        if self.form.choices and self.form.hint and not self._entry.value.strip():
            # Enter in the choice: words are still to come.
            self.set_focus(self._entry)
            return
        self._busy = True
        self._show_keys()
        draft = self.draft

        def keep() -> None:
            try:
                self.form.keep(draft)
            except JumpseatError as error:
                self.post_message(Kept(error))
            else:
                self.post_message(Kept())

        self.app.run_worker(keep, name="keep", thread=True, exit_on_error=False)

    def on_kept(self, message: Kept) -> None:
        """Leave, or say why it was not kept."""
        self._busy = False
        if message.error is None:
            # An Enter that came meanwhile keeps it no second time on the way out.
            self._busy = self.is_active
            self.dismiss(True)
            return
        self._trouble.update(plain(str(message.error)))
        self._trouble.add_class("-on")
        self._show_keys()

    def _show_keys(self) -> None:
        if self._busy:
            self._keys.update(Text("keeping it …", ACCENT))
            return
        text = Text(no_wrap=True, overflow="ellipsis")
        choose = [("← →", "choose"), ("tab", "words")] if self.form.choices else []
        asks = bool(self.form.choices or self.form.hint)
        yes = "enter" if asks else "y enter"
        for key, words in [(yes, self.form.yes), *choose, ("esc", "leave it")]:
            text.append(f"{key} ", ACCENT)
            text.append(f"{words}   ", FAINT)
        self._keys.update(text)
