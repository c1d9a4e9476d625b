"""The sheet of what is read out or told: the exercise's words in their order, the current first.

Its text is a pure function of the desk. Nothing is sent to anybody: the interviewer reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.seat.desk.values import Desk, PhaseSpan
from tui.seat.look import ACCENT, FAINT, INK


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One thing to read out; ``parts`` are a faint word before each, empty where none, and it."""

    title: str
    parts: tuple[tuple[str, str], ...]
    current: bool = False


def sections_of(desk: Desk) -> tuple[Section, ...]:
    """Return all that is to be read out, in the order in which it is."""
    clock = desk.clock
    phase = clock.phase if clock.ended is None else None
    found = []
    if desk.say:
        found.append(
            Section(
                title="Before the clock starts",
                parts=(("", desk.say),),
                current=clock.started is None,
            )
        )
    found += [_phase(desk, each, current=each == phase) for each in clock.spans]
    for each in clock.announcements:
        found.append(
            Section(
                title=f"At {each.left} minutes left" + (" (said)" if each.made is not None else ""),
                parts=(("", each.say),),
                current=clock.due == each,
            )
        )
    if desk.closing:
        closing = tuple((f"{n}.", text) for n, text in enumerate(desk.closing, 1))
        last = bool(clock.spans) and phase == clock.spans[-1]
        found.append(Section(title="Closing questions", parts=closing, current=last))
    if desk.information:
        found.append(Section(title="If they ask", parts=desk.information))
    return tuple(found)


def _phase(desk: Desk, span: PhaseSpan, *, current: bool) -> Section:
    parts = [("", span.say)] if span.say else []
    if span.tasks:
        for task in desk.tasks:
            parts.append((f"{task.number}. {task.title}", task.say))
            parts.append(("in writing, if they ask", task.text))
    return Section(title=span.title, parts=tuple(parts), current=current)


def sheet_text(desk: Desk) -> Text:
    """Return the sheet: what is current at the top, then everything else in its order."""
    sections = sections_of(desk)
    if not sections:
        return Text("This session follows no exercise: there is nothing to read out.", FAINT)
    now = [each for each in sections if each.current]
    rest = [each for each in sections if not each.current]
    text = Text()
    for each in [*now, *rest]:
        if each.parts:
            _append(text, each)
    text.rstrip()
    return text


def _append(text: Text, section: Section) -> None:
    if section.current:
        text.append("▸ now  ", f"bold {ACCENT}")
    text.append(f"{section.title}\n", f"bold {INK}")
    for name, said in section.parts:
        if name.endswith("."):
            text.append(f"{name} ", FAINT)
        elif name:
            text.append(f"{name}\n", FAINT if name.startswith("in") else ACCENT)
        text.append(f"{said}\n", FAINT if name.startswith("in") else INK)
    text.append("\n")


class ReadOutScreen(ModalScreen[None]):
    """Covers the seat until a key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,e,enter", "dismiss", "Close", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._text = sheet_text(desk)
        self._scroll = VerticalScroll()

    def compose(self) -> ComposeResult:
        """Show the text, wrapped to what a person reads well."""
        with self._scroll:
            self._scroll.border_title = "To read out"
            self._scroll.border_subtitle = "j k scroll, esc closes"
            yield Static(self._text, markup=False)

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self._scroll.focus()

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self._scroll.scroll_relative(y=lines, animate=False)
