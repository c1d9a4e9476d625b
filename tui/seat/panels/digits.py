"""Digits three rows high, for the one number that is read from the corner of an eye."""

from __future__ import annotations

_ROWS = {
    "0": ("┏━┓", "┃ ┃", "┗━┛"),
    "1": ("╺┓ ", " ┃ ", "╺┻╸"),
    "2": ("╺━┓", "┏━┛", "┗━╸"),
    "3": ("╺━┓", " ━┫", "╺━┛"),
    "4": ("╻ ╻", "┗━┫", "  ╹"),
    "5": ("┏━╸", "┗━┓", "╺━┛"),
    "6": ("┏━╸", "┣━┓", "┗━┛"),
    "7": ("╺━┓", "  ┃", "  ╹"),
    "8": ("┏━┓", "┣━┫", "┗━┛"),
    "9": ("┏━┓", "┗━┫", "╺━┛"),
    ":": (" ", "▪", "▪"),
    "+": ("   ", "╺╋╸", "   "),
}


def big(text: str) -> tuple[str, str, str]:
    """Return digits, colons and plus signs as three rows of equal width."""
    drawn = [_ROWS[character] for character in text if character in _ROWS]
    top, middle, bottom = (" ".join(each[line] for each in drawn) for line in range(3))
    return top, middle, bottom
