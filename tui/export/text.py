"""A transcript as plain text: no control characters whatever, and an end to its size.

What was seen is `analyzer.transcript`'s; files and options do not belong here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzer.transcript import Seen, SeenLine, SeenView, Unseen
from analyzer.visible import plain
from tui.cli.output import moment

MOST_BYTES = 256 << 20
"""Of one text: a few bytes of a recording can fill a large screen again and again."""

_TIME = 10
"""Characters of a moment; an hour and more fits."""


def text_lines(
    seen: Iterable[Seen], heading: Iterable[str], *, times: bool, most: int = MOST_BYTES
) -> Iterator[bytes]:
    """Yield the text's lines, newlines included.

    Args:
        seen: What was seen, with times in seconds.
        heading: What the text is, said before it.
        times: Put its time before each line.
        most: Bytes after which it stops, and says so.

    """
    for words in heading:
        yield _encoded(f"# {words}".rstrip())
    yield b"\n"
    size = 0
    for each in seen:
        for t, text in _lines(each):
            line = _encoded(f"[{moment(t):>{_TIME}}] {text}".rstrip() if times else text)
            size += len(line)
            if size > most:
                yield _encoded(f"# stopped here: more than {most >> 20} MiB of text")
                return
            yield line


def _lines(seen: Seen) -> Iterator[tuple[float, str]]:
    match seen:
        case SeenLine(t, text):
            yield t, text
        case SeenView(since, until, rows):
            span = f"{moment(since)} to {moment(until)}"
            yield until, f"--- a full screen, {span}, as it last stood:"
            for row in rows:
                yield until, row
            yield until, "--- end of the full screen"
        case Unseen(t, count):
            yield t, f"--- {count} lines went by too fast to be kept"


def _encoded(text: str) -> bytes:
    return plain(text).encode() + b"\n"
