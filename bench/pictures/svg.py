"""Makes a screenshot of Textual's fit to be kept: fetches nothing, and is the same every time."""

from __future__ import annotations

import hashlib
import re

FONTS = (
    "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono',"
    " 'Liberation Mono', monospace"
)
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_FAMILY = re.compile(r"font-family:\s*[^;}]+")
_ID = re.compile(r"terminal-(?:\d+|[0-9a-f]{8})(?=-|\b)")
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_OUTSIDE = re.compile(
    r"(?:https?:)?//(?!www\.w3\.org/2000/svg)[^\s\"'<)]+|url\((?!#)[^)]*\)|@import"
)


def self_contained(svg: str) -> str:
    """Return a screenshot without fonts of others', its names derived from what it shows.

    Raises:
        ValueError: It still names something outside.

    """
    svg = _COMMENT.sub("", _FONT_FACE.sub("", svg))
    svg = _FAMILY.sub(f"font-family: {FONTS}", svg)
    svg = _ID.sub("NAME", svg)
    svg = svg.replace("NAME", f"seat-{hashlib.sha256(svg.encode()).hexdigest()[:8]}")
    svg = "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"
    outside = references(svg)
    if outside:
        raise ValueError(f"a picture refers to {outside[0]}")
    return svg


def references(svg: str) -> list[str]:
    """Return what a document would fetch from elsewhere; text that is shown does not count."""
    markup = re.sub(r">[^<]*<", "><", re.sub(r"<style.*?</style>", "", svg, flags=re.DOTALL))
    styles = " ".join(re.findall(r"<style.*?</style>", svg, re.DOTALL))
    return _OUTSIDE.findall(markup) + _OUTSIDE.findall(styles)
