"""A question before an order is given: yes or no, or a line to type.

It stays open until the order was done, so that a refusal stands beside what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from analyzer.visible import plain
from recorder.errors import AddressError, JumpseatError
from tui.seat.home.sittings import HomeFeed
from tui.seat.look import ACCENT, FAINT

if TYPE_CHECKING:
    from recorder.control.messages import Request


class Done(Message):
    """The order was done, and what it came to; or it was not, and why."""

    def __init__(self, words: str, error: JumpseatError | None = None) -> None:
        super().__init__()
        self.words = words
        self.error = error


class Question(ModalScreen[str | None]):
    """Asks, gives the order, and leaves with what it came to; None where somebody thought better.

    Where something is to be typed, an address that was refused can be insisted on.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("ctrl+c", "leave", "Leave", show=False, priority=True),
        Binding("enter,y", "answer", "Do it", show=False),
        Binding("n,q", "leave", "Leave", show=False),
        Binding("ctrl+o", "insist", "All the same", show=False),
    ]

    def __init__(
        self,
        feed: HomeFeed,
        *,
        title: str,
        words: str,
        yes: str,
        request: Callable[[str, bool], Request],
        hint: str = "",
    ) -> None:
        """Take what to ask.

        Args:
            feed: Takes the order.
            title: A few words.
            words: The question.
            yes: What Enter does, as a verb.
            request: Makes the order of what was typed and of whether it is insisted on.
            hint: What may be typed; empty where nothing is.

        """
        super().__init__()
        self._feed = feed
        self._title, self._question, self._yes = title, words, yes
        self._request = request
        self._insists = self._busy = False
        self._typed = Input(id="typed", placeholder=hint, max_length=100, compact=True)
        self._types = bool(hint)
        self._trouble = Static(id="trouble", markup=False)
        self._keys = Static(id="keys")

    def compose(self) -> ComposeResult:
        """Show the question, a line to type, what went wrong, the keys."""
        with Vertical(id="question", classes="-asks" if self._types else "") as box:
            box.border_title = self._title
            yield Static(self._question, id="words", markup=False)
            yield self._typed
            yield self._trouble
            yield self._keys

    def on_mount(self) -> None:
        """Let somebody type at once."""
        self._typed.disabled = not self._types
        if self._types:
            self.set_focus(self._typed)
        self._show_keys()

    def action_leave(self) -> None:
        """Give no order."""
        if not self._busy:
            self.dismiss(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the order."""
        event.stop()
        self.action_answer()

    def action_answer(self) -> None:
        """Give the order."""
        self._send(insist=False)

    def action_insist(self) -> None:
        """Give the order in spite of a refusal that can be overruled."""
        if self._insists:
            self._send(insist=True)

    def _send(self, *, insist: bool) -> None:
        if self._busy:
            return
        self._busy = True
        self._show_keys()
        typed = self._typed.value.strip()

        def give() -> None:
            try:
                self.post_message(Done(self._feed.order(self._request(typed, insist))))
            except JumpseatError as error:
                self.post_message(Done("", error))

        self.app.run_worker(give, name="order", thread=True, exit_on_error=False)

    def on_done(self, message: Done) -> None:
        """Leave with what it came to, or say why it was not done."""
        self._busy = False
        if message.error is None:
            # An Enter that came meanwhile gives the order no second time on the way out.
            self._busy = self.is_active
            self.dismiss(message.words)
            return
        self._insists = isinstance(message.error, AddressError)
        words = message.error.cause if self._insists else str(message.error)
        self._trouble.update(plain(words))
        self._trouble.add_class("-on")
        self._show_keys()

    def _show_keys(self) -> None:
        if self._busy:
            self._keys.update(Text("asking `serve` …", ACCENT))
            return
        text = Text(no_wrap=True, overflow="ellipsis")
        insist = [("ctrl+o", "all the same")] if self._insists else []
        for key, words in [("enter", self._yes), *insist, ("esc", "leave it")]:
            text.append(f"{key} ", ACCENT)
            text.append(f"{words}   ", FAINT)
        self._keys.update(text)
