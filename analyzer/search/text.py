"""Text as it is stored and compared: one form of each letter, and without capitals.

Characters only; what a line is does not belong here.
"""

from __future__ import annotations

import unicodedata


def normal(text: str) -> str:
    """Return text as it is stored and compared: composed (NFC), without anything that ends a line.

    A letter and its accent may come as one character or as two; on the screen they are one.
    """
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", text).replace("\n", " ").replace("\r", " ")


def fold(text: str) -> str:
    """Return text without the difference of capitals and small letters, character by character.

    What RE2 takes for the same letter becomes the same; the length stays.
    """
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_one, text))


def _fold_one(character: str) -> str:
    folded = character.casefold()
    if len(folded) == 1:
        return folded
    lower = character.lower()
    return lower if len(lower) == 1 else character
