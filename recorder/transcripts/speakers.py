"""Names in front of words, ``Anna: hello``, as people and programs write them. Nothing else."""

from __future__ import annotations

import re

NAMED = re.compile(r"(?P<name>[^\W\d_][^:\n<>]{0,59}?)\s*:(?:\s+|$)(?P<words>.*)", re.DOTALL)
"""A name of up to 60 characters that begins with a letter, a colon, and words or none.

A blank has to follow the colon, so that neither an address (``https://``) nor a time is a name.
"""


def one_line(text: str) -> str:
    """Return text on one line, with single blanks."""
    return " ".join(text.split())
