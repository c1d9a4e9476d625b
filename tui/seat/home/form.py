"""The form of a new session: what `jumpseat session new` and `session allow` ask, in one place.

It checks nothing itself: the draft goes to the feed in a thread, and what comes back is a session
or a fault for each field. Nothing typed is lost, neither by a fault nor by leaving the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from analyzer.visible import plain
from recorder.errors import JumpseatError
from tui.seat.home.fields import Field, Picker
from tui.seat.home.sittings import Draft, DraftError, ExerciseChoice, HomeFeed, Opened
from tui.seat.look import ACCENT, FAINT

_KEYS = (
    ("enter", "open the session"),
    ("tab", "next field"),
    ("esc", "leave, and keep this"),
)
_LONGEST = 1000
_CONSENT = (
    ("banner", "told by a banner before they log in"),
    ("elsewhere", "told elsewhere, no banner"),
)
_FORCE = (("", "only if it can be a candidate's"), ("force", "let it in all the same"))
_NO_EXERCISE = (("", "none"),)


class Answered(Message):
    """The feed has answered: a session, or why there is none."""

    def __init__(self, answer: Opened | DraftError) -> None:
        super().__init__()
        self.answer = answer


class Exercises(Message):
    """The exercises that there are, or why they cannot be told."""

    def __init__(self, found: Sequence[ExerciseChoice], problem: str = "") -> None:
        super().__init__()
        self.found = found
        self.problem = problem


class NewSession(ModalScreen[Opened | None]):
    """Asks for a new session; its result is the one that was opened, None where somebody left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("ctrl+c", "leave", "Leave", show=False, priority=True),
        Binding("enter", "submit", "Open", show=False),
        # At once: what is typed behind them, in the same moment, is for the next field.
        Binding("tab,down,ctrl+n", "app.focus_next", "Next field", show=False, priority=True),
        Binding("shift+tab,up", "app.focus_previous", "Previous field", show=False, priority=True),
    ]

    def __init__(self, feed: HomeFeed, draft: Draft) -> None:
        super().__init__()
        self._feed = feed
        self._draft = draft
        self._busy = False
        self._exercise = Picker(_NO_EXERCISE, draft.exercise, id="exercise")
        self._force = Field("force", "", Picker(_FORCE, "force" if draft.force else "", id="force"))
        self._whole = Static(id="whole", markup=False)
        self._keys = Static(id="keys")
        self._fields = {
            "candidate": _typed("candidate", "candidate", draft.candidate, "their name"),
            "exercise": Field("exercise", "exercise", self._exercise),
            "target": _typed("target", "target", draft.target, "HOST, HOST:PORT, or practice"),
            "address": _typed(
                "address", "let in", draft.address, "the candidate's address; empty: nobody yet"
            ),
            "minutes": _typed("minutes", "minutes", draft.minutes, "the exercise's, or 60"),
            "consent": Field("consent", "consent", Picker(_CONSENT, draft.consent, id="consent")),
            "listen": _typed("listen", "listens on", draft.listen, "ADDR:PORT; the next free one"),
            "relay": _typed("relay", "passes on", draft.relay, "ports such as 80,443 or 8080:80"),
        }

    @property
    def draft(self) -> Draft:
        """What was typed so far."""
        exercise = self._fields["exercise"].value or self._draft.exercise * self._reading
        return Draft(
            candidate=self._fields["candidate"].value,
            exercise=exercise,
            target=self._fields["target"].value,
            address=self._fields["address"].value,
            minutes=self._fields["minutes"].value,
            consent=self._fields["consent"].value,
            listen=self._fields["listen"].value,
            relay=self._fields["relay"].value,
            force=self._force.display and bool(self._force.value),
        )

    _reading = True
    """Whether the exercises are not known yet, and the one of the draft cannot be shown."""

    def compose(self) -> ComposeResult:
        """One field a line; what is wrong stands below its field."""
        with VerticalScroll(id="form", can_focus=False) as form:
            form.border_title = "New session"
            for name, field in self._fields.items():
                yield field
                if name == "address":
                    yield self._force
            yield self._whole
            yield self._keys

    def on_mount(self) -> None:
        """Begin at the first field, and ask which exercises there are."""
        self._force.display = self._draft.force
        self._show_keys()
        self.set_focus(self._fields["candidate"].control)
        self.app.run_worker(
            self._read_exercises, name="exercises", thread=True, exit_on_error=False
        )

    def _read_exercises(self) -> None:
        try:
            self.post_message(Exercises(tuple(self._feed.exercises())))
        except JumpseatError as error:
            self.post_message(Exercises((), str(error)))

    def on_exercises(self, message: Exercises) -> None:
        """Offer them; the one that was chosen before stays chosen."""
        draft = self.draft
        self._reading = False
        options = [(each.name, _exercise_words(each)) for each in message.found]
        self._exercise.offer([*_NO_EXERCISE, *options], draft.exercise)
        self._fields["exercise"].complain(message.problem)

    def action_leave(self) -> None:
        """Go back to the list; an order that is on its way is waited for."""
        if not self._busy:
            self.dismiss(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open the session, from whichever field."""
        event.stop()
        self.action_submit()

    def action_submit(self) -> None:
        """Send the draft."""
        if self._busy:
            return
        self._busy = True
        self._complain({})
        self._show_keys()
        self.app.run_worker(
            partial(self._open, self.draft), name="open", thread=True, exit_on_error=False
        )

    def _open(self, draft: Draft) -> None:
        try:
            self.post_message(Answered(self._feed.open(draft)))
        except DraftError as error:
            self.post_message(Answered(error))
        except JumpseatError as error:
            self.post_message(Answered(DraftError({"": str(error)})))

    def on_answered(self, message: Answered) -> None:
        """Leave with the session, or say beside each field what is wrong with it."""
        if isinstance(message.answer, Opened):
            # It stays busy: an Enter that came meanwhile would open a second session.
            self.dismiss(message.answer)
            return
        self._busy = False
        self._show_keys()
        faults = message.answer.faults
        self._complain(faults)
        if not message.answer.plausible:
            self._force.display = True
        wrong = next((field for name, field in self._fields.items() if name in faults), None)
        if wrong is not None:
            self.set_focus(wrong.control)
        else:
            self._whole.scroll_visible(animate=False)

    def _complain(self, faults: dict[str, str]) -> None:
        for name, field in self._fields.items():
            field.complain(faults.get(name, ""))
        others = [words for name, words in faults.items() if name not in self._fields]
        self._whole.update(plain("; ".join(others)))
        self._whole.set_class(bool(others), "-on")

    def _show_keys(self) -> None:
        if self._busy:
            self._keys.update(Text("opening the session …", ACCENT))
            return
        text = Text(no_wrap=True, overflow="ellipsis")
        for key, words in _KEYS:
            text.append(f"{key} ", ACCENT)
            text.append(f"{words}   ", FAINT)
        self._keys.update(text)


def _typed(name: str, label: str, value: str, hint: str) -> Field:
    control = Input(value, placeholder=hint, id=name, max_length=_LONGEST, compact=True)
    return Field(name, label, control)


def _exercise_words(each: ExerciseChoice) -> str:
    return f"{each.name}, {each.minutes:g} min: {each.title}"
