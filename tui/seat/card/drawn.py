"""What the card looks like: rows, the marked row's words, what is missing, who else is in.

Pure: a filling in, text out. What somebody wrote, and what came from the session, is never markup
and acts on no terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from analyzer.visible import plain
from recorder.cards.card import Evidence
from recorder.cards.levels import LEVEL_WORDS
from recorder.cards.progress import STATE_WORDS, Progress
from tui.seat.card.filling import Filling, Row
from tui.seat.card.folder import Folder
from tui.seat.look import ACCENT, FAINT, INK
from tui.seat.transport import clock_words
from tui.wall_clock import local_time
from tui.wrapping import indented, wrapped

TITLES = {"strengths": "Strengths", "gaps": "Gaps", "recommendation": "Recommendation"}
EVIDENCE_MARKS = {"moment": "◷", "tag": "●", "note": "✎", "quote": "❝"}

_LEVEL = 3
_CAUTION = "$caution"
_ROOMY = 84
"""Cells of a line from which what a level looks like stands in a column of its own."""


def level_words(level: int | None) -> str:
    """Return a level as digit and word."""
    return "-" if level is None else f"{level} {LEVEL_WORDS[level]}"


def draw_row(filling: Filling, row: Row, width: int) -> Text:
    """Return a row: level, title, how many pieces of evidence, whether there is a reason.

    The level's word is there where that leaves the title whole.
    """
    card, folder = filling.card, filling.folder
    competency, word = row.competency, ""
    if competency is not None:
        rating = card.rating(competency.id)
        level, title = _digit(rating.level), plain(competency.title)
        word = "" if rating.level is None else LEVEL_WORDS[rating.level]
        count, reason = len(rating.evidence), rating.reason
        owes = bool(rating.level)
    elif row.kind == "recommendation":
        level, title = _digit(None), TITLES[row.kind]
        if card.recommendation is not None:
            words = folder.recommendations[card.recommendation - 1] if folder else ""
            level, title = f"{card.recommendation}", _recommended(plain(words), width)
        count, reason, owes = 0, card.reason, card.recommendation is not None
    else:
        level, title, owes = "", TITLES[row.kind], False
        count, reason = 0, card.strengths if row.kind == "strengths" else card.gaps
    end = _end(count, reason, owes=owes)
    if word and _LEVEL + cell_len(title) + 2 + cell_len(word) + end.cell_len <= width:
        end = Text(f"  {word}", FAINT).append_text(end)
    return _laid_out(level, title, end, width)


def _digit(level: int | None) -> str:
    return "-" if level is None else str(level)


def _recommended(words: str, width: int) -> str:
    """Return what is recommended, without the row's name where both would not fit."""
    whole = f"{TITLES['recommendation']}: {words}"
    return whole if _LEVEL + cell_len(whole) + _end(0, "", owes=True).cell_len <= width else words


def _end(count: int, reason: str, *, owes: bool) -> Text:
    end = Text(f" {count}◆" if count else "", FAINT)
    if reason.strip():
        return end.append("  ✎  ", ACCENT)
    return end.append(" why?", _CAUTION) if owes else end.append("     ")


def _laid_out(level: str, title: str, end: Text, width: int) -> Text:
    text = Text(no_wrap=True, end="")
    text.append(f"{level:<{_LEVEL}}", f"bold {INK}" if level[:1].isdigit() else FAINT)
    text.append(title, INK)
    text.truncate(max(width - end.cell_len, 0), overflow="ellipsis", pad=True)
    return text.append_text(end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What the marked row is about, and on which of its lines the chosen level stands."""

    text: Text
    chosen: range


def draw_details(filling: Filling, width: int) -> Details:
    """Return what the marked row is about: its question, its levels, what was written.

    Args:
        filling: The card.
        width: Cells of a line; words are wrapped to it.

    """
    row, card, folder = filling.row, filling.card, filling.folder
    lines: list[Text] = []
    levels: list[list[Text]] = []
    at: int | None = None
    if row.competency is not None:
        lines += _wrapped(row.competency.title, width, f"bold {INK}")
        lines += [*_wrapped(row.competency.question, width, INK), Text()]
        at = card.rating(row.competency.id).level
        named = [f"{n} {word}" for n, word in enumerate(LEVEL_WORDS)]
        levels = _levels(list(zip(named, row.competency.levels, strict=True)), at, width)
    elif row.kind == "recommendation":
        lines += [Text("What do you recommend?", f"bold {INK}"), Text()]
        words = folder.recommendations if folder else ()
        at = None if card.recommendation is None or not words else card.recommendation - 1
        levels = _levels([(str(n), each) for n, each in enumerate(words, 1)], at, width)
    else:
        asked = "What did they do well?" if row.kind == "strengths" else "What was missing?"
        lines.append(Text(asked, f"bold {INK}"))
    above = len(lines) + sum(map(len, levels[:at]))
    chosen = range(0) if at is None else range(above, above + len(levels[at]))
    lines += [line for level in levels for line in level]
    return Details(text=Text("\n").join([*lines, Text(), *_written(filling, width)]), chosen=chosen)


def _written(filling: Filling, width: int) -> list[Text]:
    bare = filling.row.kind in {"strengths", "gaps"}
    written = filling.text.strip()
    if not written:
        return [Text("enter writes it" if bare else "enter says why", FAINT)]
    lines = [each for line in written.split("\n") for each in _wrapped(line, width, INK)]
    return lines if bare else [Text("Why", ACCENT), *lines]


def _levels(levels: Sequence[tuple[str, str]], chosen: int | None, width: int) -> list[list[Text]]:
    """Return the lines of each level, with what it looks like; ``chosen`` is an index of them."""
    column = max((len(name) for name, _ in levels), default=0) + 2
    drawn: list[list[Text]] = []
    for index, (name, said) in enumerate(levels):
        at = index == chosen
        label = f"{name:<{column}}" if width >= _ROOMY else f"{name}  "
        indent = " " * (column if width >= _ROOMY else 2)
        ink = f"bold {INK}" if at else INK if chosen is None else FAINT
        words = indented(plain(said), width - 2, first=label, rest=indent)
        lines: list[Text] = []
        for number, each in enumerate(words):
            line = Text(no_wrap=True)
            line.append("▸ " if at and not number else "  ", f"bold {ACCENT}")
            line.append(each, ink)
            if not number:
                line.stylize(f"bold {ACCENT}" if at else ACCENT, 2, 2 + len(name))
            lines.append(line)
        drawn.append(lines)
    return drawn


def _wrapped(text: str, width: int, style: str) -> list[Text]:
    return [Text(line, style, no_wrap=True) for line in wrapped(plain(text), max(width, 8))]


def draw_evidence(evidence: Evidence, width: int) -> Text:
    """Return a piece of evidence: when, of which kind, what was seen."""
    text = Text(no_wrap=True, overflow="ellipsis", end="")
    text.append(f"{clock_words(evidence.t)} ", FAINT)
    text.append(f"{EVIDENCE_MARKS[evidence.kind]} ", ACCENT)
    text.append(plain(evidence.text) or evidence.kind, INK)
    text.truncate(max(width, 1), overflow="ellipsis")
    return text


def draw_state(filling: Filling) -> Text:
    """Return how the card stands, in a line."""
    folder = filling.folder
    if folder is None:
        return Text(filling.trouble or "reading your card", FAINT if not filling.trouble else INK)
    if filling.trouble:
        text = Text("not kept yet: ", f"bold {_CAUTION}")
        return text.append(plain(filling.trouble), INK)
    if filling.is_waiting:
        return Text("keeping …", FAINT)
    if folder.is_in:
        return _state_of_submitted(filling, folder)
    draft = folder.own.draft
    if draft is None:
        return Text("nothing on it yet; nobody else sees it", FAINT)
    return Text(f"draft, kept {local_time(draft.said):%H:%M}; nobody else sees it", FAINT)


def _state_of_submitted(filling: Filling, folder: Folder) -> Text:
    submitted = folder.own.submitted
    text = Text(f"submitted {local_time(submitted[0].said):%H:%M}", f"bold {INK}")
    changes = len(submitted) - 1
    if changes:
        text.append(f", changed {'once' if changes == 1 else f'{changes} times'}", INK)
    if filling.is_changed:
        text.append("; a change is drafted: S submits it, D forgets it", _CAUTION)
    return text


def draw_missing(filling: Filling) -> Text:
    """Return what is still missing, or that nothing is."""
    folder = filling.folder
    if folder is None:
        return Text()
    if filling.lacks:
        text = Text("Missing: ", ACCENT, no_wrap=True, overflow="ellipsis")
        return text.append(" · ".join(_lacking(filling, folder)), INK)
    if folder.is_in and not filling.is_changed:
        return Text("Your card is in; what you change now stands beside it.", FAINT)
    return Text("Nothing is missing: S submits it.", INK)


def _lacking(filling: Filling, folder: Folder) -> list[str]:
    ratings = [filling.card.rating(each.id) for each in folder.competencies]
    unrated = sum(each.level is None for each in ratings)
    unexplained = sum(bool(each.level) and not each.reason.strip() for each in ratings)
    words = [
        f"{count} {what}{'s' if count > 1 else ''}"
        for count, what in ((unrated, "rating"), (unexplained, "reason"))
        if count
    ]
    if filling.card.recommendation is None:
        words.append("a recommendation")
    elif not filling.card.reason.strip():
        words.append("why you recommend so")
    return words


def draw_people(folder: Folder | None) -> Text:
    """Return who is how far; not a word of what they wrote."""
    if folder is None:
        return Text()
    others = [each for each in folder.progress if each.who != folder.standing.who]
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append("Others: " if others else "Nobody else has a card of this session yet.", FAINT)
    text.append(" · ".join(f"{plain(each.who)} {_state(each)}" for each in others), INK)
    if folder.standing.opened:
        text.append("   the debrief is open", ACCENT)
    if not folder.standing.sees_tags:
        text.append("   tags are hidden until your card is in", FAINT)
    return text


def _state(progress: Progress) -> str:
    if progress.excused and progress.state != "submitted":
        return "excused"
    words = STATE_WORDS[progress.state]
    return f"{words} (asked)" if progress.asked and progress.state == "none" else words
