"""Lines out of WebVTT and SubRip: cues with times, read by webvtt-py.

What is ours is where a cue stands in the file, which cues could not be read, and who speaks: by
voice spans (https://www.w3.org/TR/webvtt1/#webvtt-cue-voice-span), or, where a file marks its cues
that way throughout, by names in front of their words. Bytes and bounds do not belong here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from webvtt import srt, vtt
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Caption

from recorder.errors import TranscriptError
from recorder.transcripts.limits import MOST_LINES, Placed
from recorder.transcripts.speakers import NAMED, one_line
from recorder.transcripts.values import Format, Line

ARROW = "-->"
"""What every cue's times have between them, and no other row may have."""

_VOICE = re.compile(r"(?=<v[.\s])")
_NAMED_SHARE = 0.5
"""Share of cues with a name in front from which these are taken for names: by chance, few have."""

_BROKEN_SHOWN = 3


class _Row(str):
    """A row of the file that knows its number, from 1: the library hands rows on as they are."""

    __slots__ = ("number",)

    number: int


def read_cues(rows: Sequence[str], form: Format) -> list[Placed]:
    """Return what the cues of a file say, each with the row on which its words begin.

    Raises:
        TranscriptError: It is not of that format, or times in it cannot be read; the words name
            the rows.

    """
    _check_size(rows)
    numbered = [_numbered(row, number) for number, row in enumerate(rows, start=1)]
    captions = _captions(numbered, form)
    _check_all_read(rows, {_row_of(each) for each in captions})
    placed = [pair for each in captions for pair in _lines(each)]
    return _with_names(placed)


def _check_size(rows: Sequence[str]) -> None:
    """Refuse more cues and voices than are kept before each costs its time.

    Raises:
        TranscriptError: There are more.

    """
    for mark, words in ((ARROW, "cues"), ("<v", "voices")):
        count = sum(row.count(mark) for row in rows)
        if count > MOST_LINES:
            raise TranscriptError(
                f"the transcript has {count} {words}", f"{MOST_LINES} are kept of one: split it"
            )


def _numbered(row: str, number: int) -> _Row:
    made = _Row(row)
    made.number = number
    return made


def _captions(rows: Sequence[_Row], form: Format) -> list[Caption]:
    try:
        # SubRip's reader wants the first cue on the first row.
        found = vtt.parse(rows).captions if form == "webvtt" else srt.parse(_without_blank(rows))
    except MalformedFileError as error:
        first = "WEBVTT" if form == "webvtt" else "a cue's number, with its times on the next one"
        raise TranscriptError(
            f"the file is not {'WebVTT' if form == 'webvtt' else 'SubRip'}",
            f"its first row would be {first}",
        ) from error
    except MalformedCaptionError as error:
        raise TranscriptError(
            f"a cue of the file cannot be read ({error})", "convert it again, or attach it as text"
        ) from error
    return [each for each in found if each.lines]


def _without_blank(rows: Sequence[_Row]) -> Sequence[_Row]:
    first = next((index for index, row in enumerate(rows) if row.strip()), 0)
    return rows[first:]


def _row_of(caption: Caption) -> int:
    row = caption.lines[0]
    if not isinstance(row, _Row):
        raise TypeError("webvtt-py no longer hands rows on as they are")
    return row.number


def _check_all_read(rows: Sequence[str], read: set[int]) -> None:
    """Make sure that no cue with words was left out, as the library does without a word.

    Raises:
        TranscriptError: One was.

    """
    broken = [
        number
        for number, row in enumerate(rows, start=1)
        if ARROW in row and number + 1 not in read and _has_words(rows, number)
    ]
    if not broken:
        return
    more = len(broken) - _BROKEN_SHOWN
    named = ", ".join(str(each) for each in broken[:_BROKEN_SHOWN])
    raise TranscriptError(
        f"line {named}{f' and {more} more' if more > 0 else ''}: not the times of a cue,"
        f" {rows[broken[0] - 1].strip()[:60]!r}",
        "they are written 00:01:02.345 --> 00:01:04.000 (in SRT with a comma, below a number)",
    )


def _has_words(rows: Sequence[str], number: int) -> bool:
    return number < len(rows) and bool(rows[number].strip())


def _lines(caption: Caption) -> Iterator[Placed]:
    """Yield a cue's lines, one a voice: people who speak at once share a cue."""
    t = caption.start_time.in_milliseconds() / 1000
    until = caption.end_time.in_milliseconds() / 1000
    for part in _VOICE.split("\n".join(caption.lines)):
        piece = Caption(text=part)
        words = one_line(html.unescape(piece.text))
        voice = one_line(html.unescape(piece.voice or "")) or None
        if words:
            line = Line(t=t, until=until, speaker=voice, text=words)
            yield _row_of(caption), line


def _with_names(placed: list[Placed]) -> list[Placed]:
    """Take names in front of words for speakers, where most cues without a voice have one."""
    nameless = [line for _, line in placed if line.speaker is None]
    named = sum(NAMED.match(line.text) is not None for line in nameless)
    if not named or named < len(nameless) * _NAMED_SHARE:
        return placed
    return [(row, _named(line)) for row, line in placed]


def _named(line: Line) -> Line:
    match = NAMED.match(line.text) if line.speaker is None else None
    if match is None or not match["words"].strip():
        return line
    return Line(t=line.t, until=line.until, speaker=match["name"], text=match["words"].strip())
