"""A screen as an SVG picture for reports, drawn by Rich from the cells that the replay draws.

It fetches nothing: no font, no style sheet, no script. Each character stays in its cell, whatever
font the reader has: wide and unusual characters are placed one by one, and the direction of writing
is held. Which moment is shown, and files, do not belong here.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style as RichStyle
from rich.terminal_theme import TerminalTheme

from analyzer.cells import Frame
from analyzer.visible import plain
from tui.seat.drawing import draw_frame
from tui.seat.palette import BACKGROUND, FOREGROUND, SIXTEEN

_FONTS = (
    "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono',"
    " 'Liberation Mono', monospace"
)
_FONT_SIZE = 21
"""Rich's lines are 24.4 high: in fonts such as DejaVu Sans Mono, frames drawn with characters then
have no gaps between the rows."""

_CHAR_HEIGHT = 20
"""What Rich reckons with."""

_FONT_ASPECT_RATIO = 0.602 * _FONT_SIZE / _CHAR_HEIGHT
"""Width of a cell by its height; letters are 0.602 as wide as they are high in such fonts."""

_THEME = TerminalTheme(BACKGROUND, FOREGROUND, list(SIXTEEN[:8]), list(SIXTEEN[8:]))

_TEMPLATE = """\
<svg class="jumpseat-screen" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<title>%(title)s</title>
<desc>%(description)s</desc>
<style>
.{unique_id}-matrix {{ font-family: %(fonts)s; font-size: %(size)spx;
  line-height: {line_height}px; white-space: pre; direction: ltr; unicode-bidi: bidi-override; }}
.{unique_id}-title {{ font-family: sans-serif; font-size: 16px; font-weight: bold; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
_TEXT = re.compile(r'(<text [^>]*)textLength="[^"]*"([^>]*)>([^<]*)</text>')
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 has no place for, section 2.2; the rest of the controls are gone already."""


def draw_svg(frame: Frame, title: str, description: str) -> str:
    """Return an SVG document that shows a screen, cursor included.

    Args:
        frame: The screen.
        title: Stands above it.
        description: For those who read the document instead of looking at it.

    """
    console = Console(
        file=io.StringIO(), record=True, width=frame.columns, color_system="truecolor",
        force_terminal=True, legacy_windows=False, _environ={},
    )  # fmt: skip
    console.print(Segments(_segments(frame)), end="", soft_wrap=True)
    words = {
        "title": _template_text(title),
        "description": _template_text(description),
        "fonts": _FONTS,
        "size": _FONT_SIZE,
    }
    svg = console.export_svg(
        title=plain(title), theme=_THEME, code_format=_TEMPLATE % words,
        font_aspect_ratio=_FONT_ASPECT_RATIO, unique_id="screen",
    )  # fmt: skip
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", _TEXT.sub(_with_length, svg))


def _template_text(text: str) -> str:
    """Return text as XML, and braces doubled: Rich fills the template by `str.format`."""
    return html.escape(plain(text)).replace("{", "{{").replace("}", "}}")


def _segments(frame: Frame) -> Iterator[Segment]:
    for row in draw_frame(frame):
        for segment in row:
            yield from _apart(segment.text, segment.style)
        yield Segment.line()


def _apart(text: str, style: RichStyle | None) -> Iterator[Segment]:
    """Split text so that no character can push another out of its cell."""
    for kind, clusters in groupby(_clusters(text), _kind):
        if kind:
            yield Segment("".join(clusters), style)
        else:
            yield from (Segment(cluster, style) for cluster in clusters)


def _clusters(text: str) -> Iterable[str]:
    """Return characters, each with what takes no cell of its own behind it."""
    if text.isascii():
        return text
    clusters: list[str] = []
    for character in text:
        if clusters and cell_len(character) == 0:
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _kind(cluster: str) -> int:
    """Return 1 for ASCII, 2 for lines and blocks, which fonts draw alike, 0 for all else."""
    if cluster.isascii():
        return 1
    return 2 if "\u2500" <= cluster <= "\u259f" else 0


def _with_length(match: re.Match[str]) -> str:
    """Give a text the length of its cells; Rich counts characters, and the ends of lines."""
    before, after, text = match.groups()
    if text == "\n":
        return ""
    length = f"{cell_len(html.unescape(text)) * _CHAR_HEIGHT * _FONT_ASPECT_RATIO:g}"
    attributes = f'textLength="{length}" lengthAdjust="spacingAndGlyphs"'
    return f"{before}{attributes}{after}>{text}</text>"
