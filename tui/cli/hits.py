"""How hits of a search are printed: a line each for people, JSON for programs.

Only formatting; what a candidate's screen said acts on no terminal.
"""

from __future__ import annotations

from collections.abc import Sequence

import click
from wcwidth import wcswidth

from analyzer.search.find import Hit
from analyzer.search.spoken import SpokenHit
from analyzer.visible import plain
from tui.cli.output import moment, signed_moment

_LEAST_TEXT = 20
"""Cells that a line's text gets in the narrowest terminal."""

_LEAD = 10
"""Characters shown before a match that is far to the right."""


SPOKEN = "spoken"
"""What stands in place of a terminal where a hit was said and not seen."""


def hit_json(session: str, hit: Hit | SpokenHit) -> dict[str, object]:
    """Return a hit as `search --json` prints it."""
    if isinstance(hit, SpokenHit):
        return _spoken_json(session, hit)
    return {
        "session": session,
        "t": hit.t,
        "until": hit.until,
        "connection": hit.connection,
        "channel": hit.channel,
        "alternate": hit.alternate,
        "row": hit.row,
        "column": hit.column,
        "text": hit.text,
        "matches": [list(span) for span in hit.spans],
        "spoken": None,
    }


def _spoken_json(session: str, hit: SpokenHit) -> dict[str, object]:
    return {
        "session": session,
        "t": hit.line.t,
        "until": hit.line.until,
        "connection": None,
        "channel": None,
        "alternate": False,
        "row": None,
        "column": None,
        "text": hit.text,
        "matches": [list(span) for span in hit.spans],
        "spoken": {
            "transcript": hit.line.transcript,
            "line": hit.line.number,
            "speaker": hit.line.speaker,
        },
    }


def hit_lines(hits: Sequence[tuple[str, Hit | SpokenHit]], columns: int | None) -> list[str]:
    """Return hits as lines: session, time, until when, terminal, text with its matches marked.

    What was spoken has its speaker in front of the text.

    Args:
        hits: Sessions and hits.
        columns: Where to cut the lines, in cells; None where nothing is cut.

    """
    rows = [(session, *_place(hit)) for session, hit in hits]
    if not rows:
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = []
    for row, (_, hit) in zip(rows, hits, strict=True):
        session, start, until, terminal = row
        head = (
            f"{session:<{widths[0]}}  {start:>{widths[1]}} - {until:<{widths[2]}}"
            f"  {terminal:<{widths[3]}}  "
        )
        if isinstance(hit, SpokenHit) and hit.line.speaker is not None:
            head += plain(f"{hit.line.speaker}: ")
        room = None if columns is None else max(columns - _width(head), _LEAST_TEXT)
        lines.append(head + _marked(hit, room))
    return lines


def _place(hit: Hit | SpokenHit) -> tuple[str, str, str]:
    """Return from when, until when and where it was to be seen, or that it was spoken."""
    if isinstance(hit, SpokenHit):
        line = hit.line
        until = "" if line.until is None else signed_moment(line.until)
        return signed_moment(line.t), until, SPOKEN
    return moment(hit.t), _until(hit), f"c{hit.connection}-{hit.channel}"


def _until(hit: Hit) -> str:
    if hit.until is None:
        return "end"
    return "passed" if hit.until == hit.t else moment(hit.until)


def _marked(hit: Hit | SpokenHit, room: int | None) -> str:
    """Return a hit's line with its matches marked, cut to a width around the first match."""
    text = hit.text
    start, end = _shown_part(text, hit.spans[0], room)
    parts, place = ["\N{HORIZONTAL ELLIPSIS}" if start else ""], start
    for match_start, match_end in hit.spans:
        if match_end <= start or match_start >= end:
            continue
        shown_from, shown_to = max(match_start, start), min(match_end, end)
        parts.append(plain(text[place:shown_from]))
        parts.append(_emphasis(plain(text[shown_from:shown_to])))
        place = shown_to
    parts.append(plain(text[place:end]))
    parts.append("\N{HORIZONTAL ELLIPSIS}" if end < len(text) else "")
    return "".join(parts)


def _shown_part(text: str, match: tuple[int, int], room: int | None) -> tuple[int, int]:
    """Return from where to where a line is shown: from its beginning if that shows the match.

    Else from shortly before it, or where that is wide, from the match itself.
    """
    if room is None or _width(text) <= room:
        return 0, len(text)
    near = max(0, match[0] - _LEAD)
    for start in (0, max(0, min(near, len(text) - room + 2)), near):
        end = _end_of(text, start, room - 2)
        if match[1] <= end:
            return start, end
    return match[0], _end_of(text, match[0], room - 2)


def _end_of(text: str, start: int, cells: int) -> int:
    """Return up to where text from a place on takes no more than so many cells."""
    end = min(len(text), start + cells)
    while _width(text[start:end]) > cells:
        end -= 1
    return end


def _width(text: str) -> int:
    width = wcswidth(plain(text))
    return len(text) if width < 0 else width


def _emphasis(text: str) -> str:
    return click.style(text, fg="red", bold=True)
