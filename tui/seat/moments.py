"""What the lists beside the screen have in their rows: tags and commands, each a moment to jump to.

What a moment says is text of the candidate's at times: it is shown, never read as markup. The
widget is `tui.seat.moment_list`'s; no playing belongs here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

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
    ``mark`` stands in place of its outcome's, where it has none.
    ``timed``: ``t`` is its own; else it is that of the row above it, and nothing to go to.
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
    timed: bool = True
    mark: str = ""


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
    if moment.mark:
        mark, colour = moment.mark, ACCENT
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
