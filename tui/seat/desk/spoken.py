"""Text that is read out: on one line, as its line breaks are the file's, and harmless."""

from __future__ import annotations

from analyzer.visible import plain


def spoken(text: str) -> str:
    """Return it as one paragraph that a terminal does nothing with but show it."""
    return plain(" ".join(text.split()))
