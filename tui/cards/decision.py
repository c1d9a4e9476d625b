"""How a decision is put into a sentence: the recommendation's name, and what people wrote."""

from __future__ import annotations


def parted(name: str, text: str) -> tuple[str, str]:
    """Return what stands out of a decision, and the rest of its sentence.

    ``Hire`` and ``: beside somebody``; where people began with the name, their own words are
    parted, so that it is not said twice: ``Hire`` and ``, beside somebody``.

    Args:
        name: The recommendation that it comes to; empty where it comes to none.
        text: What was written.

    """
    begun, rest = text[: len(name)], text[len(name) :]
    if name and begun.casefold() == name.casefold() and not rest[:1].isalnum():
        return begun, rest
    return name, f": {text}" if name else text
