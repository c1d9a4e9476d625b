"""How transcripts are printed: a table for people, JSON for programs, what looks wrong beside it.

Only formatting; names and words from outside act on no terminal (`tui.cli.output`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recorder.transcripts.values import SpokenLine, Transcript
from tui.cli.output import moment, print_json, print_table, say, signed_moment

_SPEAKERS = 4
"""Speakers that are named in a row."""


def own_lines(transcript: Transcript, lines: Sequence[SpokenLine]) -> list[SpokenLine]:
    """Return the lines of one transcript, in their order."""
    return [each for each in lines if each.transcript == transcript.number]


def transcript_json(transcript: Transcript, lines: Sequence[SpokenLine]) -> dict[str, object]:
    """Return a transcript as `jumpseat transcript show --json` prints it; a contract."""
    return {
        "number": transcript.number,
        "name": transcript.name,
        "format": transcript.format,
        "offset": transcript.offset,
        "who": transcript.who,
        "said": transcript.said.isoformat(),
        "lines": [
            {
                "line": each.number,
                "t": each.t,
                "until": each.until,
                "speaker": each.speaker,
                "text": each.text,
            }
            for each in lines
        ],
    }


def tell(
    transcript: Transcript,
    lines: Sequence[SpokenLine],
    duration: float | None,
    warnings: Sequence[str] = (),
    *,
    as_json: bool = False,
) -> None:
    """Print a transcript as it is kept, and beside it what looks wrong.

    Args:
        transcript: The transcript.
        lines: Its own.
        duration: The session's, in seconds; None while it goes on.
        warnings: What looks wrong in its file.
        as_json: Print it as `show --json` does.

    """
    if as_json:
        print_json(transcript_json(transcript, lines))
    else:
        print_transcripts([transcript], lines)
    for each in (*warnings, *_misplaced(lines, duration)):
        say(each)


def _misplaced(lines: Sequence[SpokenLine], duration: float | None) -> Iterator[str]:
    """Yield sentences about lines that lie outside the session."""
    timed = [each.t for each in lines if each.t is not None]
    if not timed:
        yield "it has no times: it is shown as a list, and nothing in it can be jumped to"
        return
    before = sum(t < 0 for t in timed)
    after = 0 if duration is None else sum(t > duration for t in timed)
    if before + after == len(timed):
        yield (
            "none of it lies within the session: is its place right?"
            " `jumpseat transcript shift` moves it"
        )
        return
    if before:
        yield f"{before} of {len(timed)} lines were said before the session began"
    if after and duration is not None:
        yield f"{after} of {len(timed)} lines were said after it ended at {moment(duration)}"


def print_transcripts(stand: Sequence[Transcript], lines: Sequence[SpokenLine]) -> None:
    """Print transcripts as a table, a row each; ``lines`` are those of all of them."""
    rows = []
    for each in stand:
        own = own_lines(each, lines)
        times = [line.t for line in own if line.t is not None]
        rows.append(
            (
                str(each.number),
                each.format,
                str(len(own)),
                signed_moment(min(times, default=None)),
                signed_moment(max(times, default=None)),
                _speakers(own),
                each.name,
            )
        )
    print_table(("n", "format", "lines", "first", "last", "speakers", "file"), rows)


def _speakers(lines: Sequence[SpokenLine]) -> str:
    names = list(dict.fromkeys(each.speaker for each in lines if each.speaker))
    more = f" and {len(names) - _SPEAKERS} more" if len(names) > _SPEAKERS else ""
    return ", ".join(names[:_SPEAKERS]) + more if names else "-"
