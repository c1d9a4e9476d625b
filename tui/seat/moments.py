"""The lists beside the screen: tags and commands, each a moment to jump to.

A list marks where the replay stands, unless somebody is choosing from it. What a moment says is
text of the candidate's at times: it is shown, never read as markup. No playing belongs here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from analyzer.visible import plain
from recorder.store.noted import Kind
from tui.seat.feed import Findings, TerminalKey
from tui.seat.look import (
    ACCENT,
    FAINT,
    INK,
    NOTE_COLOURS,
    NOTE_MARKS,
    OUTCOME_COLOURS,
    OUTCOME_MARKS,
)
from tui.seat.transport import LEAD, clock_words

if TYPE_CHECKING:
    from analyzer.records import Command, Tag
_WORTH_SAYING = 2.0
"""Seconds of a command that are worth a word."""

_ROOMY = 46
"""Cells of a list from which commands say how long they took."""

JUDGED = {"confirmed": "right", "rejected": "wrong", "relabelled": "other"}
"""The words in which lists show what the viewer said of a tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One row: ``t`` in seconds, what it says, how it came out, where it happened if anywhere.

    ``judged`` is the word for what the viewer said of it, empty where they did not. A note has its
    ``kind``, and the name of who noted it where that is somebody else. A command has the end of
    its output in ``until``, in seconds, and its exit ``status``, each None where it is not known.
    """

    id: str
    t: float
    words: str
    outcome: str
    terminal: TerminalKey | None = None
    judged: str = ""
    kind: Kind | None = None
    who: str = ""
    until: float | None = None
    status: int | None = None


def tag_moments(findings: Findings) -> tuple[Moment, ...]:
    """Return the established tags as rows."""
    return tuple(
        Moment(
            id=tag.id,
            t=tag.t,
            words=plain(findings.titles.get(tag.signal) or tag.signal.replace("-", " ")),
            outcome=tag.outcome,
            terminal=_tag_terminal(tag),
            judged=JUDGED.get(findings.judged.get(tag.id, ""), ""),
        )
        for tag in findings.tags
        if tag.state == "established"
    )


def _tag_terminal(tag: Tag) -> TerminalKey | None:
    for evidence in tag.evidence:
        if evidence.connection is not None and evidence.channel is not None:
            return TerminalKey(evidence.connection, evidence.channel)
    return None


def command_moments(findings: Findings) -> tuple[Moment, ...]:
    """Return the commands as rows, each on one line."""
    return tuple(
        Moment(
            id=command.id,
            t=command.t,
            words=_command_words(command),
            outcome=command.outcome,
            terminal=TerminalKey(command.connection, command.channel),
            until=None if command.duration is None else command.t + command.duration,
            status=command.exit_status,
        )
        for command in findings.commands
    )


def _command_words(command: Command) -> str:
    return plain(command.text.strip().replace("\n", " ⏎ ").replace("\t", " "))


def current_index(moments: Sequence[Moment], position: float, lead: float = LEAD) -> int | None:
    """Return which moment the replay has reached, None before the first.

    Args:
        moments: By time.
        position: Where it stands, in seconds.
        lead: A jump to a moment lands so many seconds before it, and shows it as reached.

    """
    index = bisect_right(moments, position + lead + 1e-6, key=lambda each: each.t) - 1
    return index if index >= 0 else None


def progress_words(moment: Moment, position: float) -> str:
    """Return how a command stands at a moment: that it runs, or when and how it ended."""
    if moment.until is None:
        return ""
    if position < moment.until:
        return f"runs until {clock_words(moment.until)}"
    words = f"ended {clock_words(moment.until)}"
    if moment.outcome in {"failed", "interrupted"}:
        words += f" · {moment.outcome}"
    return f"{words}, exit {moment.status}" if moment.status else words


def _lasted(moment: Moment) -> str:
    """Return how long a command took, where that is worth a word."""
    seconds = 0.0 if moment.until is None else moment.until - moment.t
    if seconds < _WORTH_SAYING:
        return ""
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.0f} s"
    return f"{seconds // 60:.0f} m {seconds % 60:02.0f}"


def draw_moment(
    moment: Moment,
    width: int,
    *,
    is_tag: bool,
    current: bool = False,
    time_words: Callable[[float], str] = clock_words,
) -> Text:
    """Return a row of so many cells: time, mark, words, and of a tag its outcome as a word.

    Only an outcome that needs a word gets one, and that does not give way to a long title: a tag
    says what happened, and "ok" beside it would read as praise. What the viewer said of it stands
    behind that. Of commands only what went wrong is coloured, and they say how long they took. The
    ``current`` one has an arrow, as colour alone would not tell.
    """
    mark, colour = OUTCOME_MARKS[moment.outcome], OUTCOME_COLOURS[moment.outcome]
    if not is_tag and moment.outcome in {"ok", "unknown"}:
        colour = FAINT
    if moment.kind is not None:
        mark, colour = NOTE_MARKS[moment.kind], NOTE_COLOURS[moment.kind]
    text = Text(no_wrap=True, overflow="ellipsis", end="")
    text.append(time_words(moment.t), FAINT)
    text.append("▸" if current else " ", f"bold {INK}")
    text.append(f"{mark} ", colour)
    if moment.who:
        text.append(f"{moment.who}: ", FAINT)
    text.append(moment.words, INK)
    outcome = f"  {moment.outcome}" if is_tag and moment.outcome != "ok" else ""
    judged = f"  {moment.judged}" if moment.judged else ""
    if outcome or judged:
        text.truncate(max(width - len(outcome) - len(judged), 0), overflow="ellipsis")
        text.append(outcome, FAINT)
        text.append(judged, ACCENT)
    lasted = "" if is_tag else _lasted(moment)
    if lasted and width >= _ROOMY:
        text.truncate(width - len(lasted) - 1, overflow="ellipsis", pad=True)
        text.append(f" {lasted}", FAINT)
    return text


class MomentList(OptionList, inherit_bindings=False):
    """A list of moments; the chosen one is posted.

    Home and End are left to the replay: they go to the session's beginning and end.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", "Up", show=False),
        Binding("down", "cursor_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("enter", "select", "Go there", show=False),
    ]

    class Chosen(Message):
        """Somebody chose a moment."""

        def __init__(self, moment: Moment) -> None:
            super().__init__()
            self.moment = moment

    def __init__(self, *, id: str, title: str, is_tag: bool) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id, markup=False)
        self.moments: tuple[Moment, ...] = ()
        self._title = title
        self._is_tag = is_tag
        self._reached: int | None = None
        self._drawn_width = 0
        self._time_words: Callable[[float], str] = clock_words
        self.border_title = title
        self.border_subtitle = "reading"

    def show_moments(self, moments: tuple[Moment, ...]) -> None:
        """Replace the rows; somebody who is choosing stays on their row."""
        chosen = self.highlighted_moment if self.has_focus else None
        self.border_title = f"{self._title} {len(moments)}"
        self.border_subtitle = "" if moments else "none"
        if moments == self.moments:
            return
        self.moments = moments
        self._draw_rows()
        if chosen is not None:
            ids = [each.id for each in moments]
            self.highlighted = ids.index(chosen.id) if chosen.id in ids else None

    def write_times(self, time_words: Callable[[float], str]) -> None:
        """Write moments otherwise than by the session's own time."""
        if time_words != self._time_words:
            self._time_words = time_words
            self._draw_rows()

    def _draw_rows(self) -> None:
        width = self._drawn_width = self.scrollable_content_region.width
        self._reached = None if self._reached is None else min(self._reached, len(self.moments))
        self.clear_options()
        self.add_options([Option(self._row(index, width)) for index in range(len(self.moments))])

    def _row(self, index: int, width: int) -> Text:
        current = index == self._reached
        return draw_moment(
            self.moments[index],
            width,
            is_tag=self._is_tag,
            current=current,
            time_words=self._time_words,
        )

    def _show_reached(self, index: int | None) -> None:
        """Move the arrow; nothing else is drawn again."""
        before, self._reached = self._reached, index
        for changed in {before, index} - {None}:
            if changed is not None and changed < len(self.moments):
                row = self._row(changed, self._drawn_width)
                self.replace_option_prompt_at_index(changed, row)

    def fit_rows(self) -> None:
        """Share the room of each row anew, if there is another."""
        if self.scrollable_content_region.width != self._drawn_width:
            marked = self.highlighted
            self._draw_rows()
            self.highlighted = marked

    @property
    def highlighted_moment(self) -> Moment | None:
        """The row that is marked."""
        index = self.highlighted
        return None if index is None or index >= len(self.moments) else self.moments[index]

    def on_resize(self) -> None:
        """Take in that there may be other room."""
        self.fit_rows()

    def show_position(self, position: float, lead: float = LEAD) -> None:
        """Show what the replay has reached, and mark that row unless somebody is choosing.

        Args:
            position: Where it stands, in seconds.
            lead: How long before a moment it counts as reached.

        """
        # A list that comes to be displayed is not always told of its size.
        self.fit_rows()
        index = current_index(self.moments, position, lead)
        if index != self._reached:
            self._show_reached(index)
        if self.moments:
            words = "" if index is None else progress_words(self.moments[index], position)
            if words != self.border_subtitle:
                self.border_subtitle = words
        if not self.has_focus and index != self.highlighted:
            self.highlighted = index

    def mark(self, index: int | None) -> None:
        """Mark one row, or none, unless somebody is choosing."""
        if not self.has_focus and index != self.highlighted:
            self.highlighted = index

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Post what was chosen."""
        event.stop()
        self.post_message(self.Chosen(self.moments[event.option_index]))
