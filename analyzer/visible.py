"""Text from outside as it can be printed: what a terminal acts on, or nobody sees, is spelled out.

The candidate chooses the text, and the reader's terminal must show it and do nothing else: no
control function, no turned direction of writing, no characters that hide between others. Shared by
all that writes text for people. Where to print, and how wide, does not belong here.
"""

from __future__ import annotations

import re
import unicodedata

_PICTURES = {chr(code): chr(0x2400 + code) for code in range(0x20)} | {
    "\n": "\N{RETURN SYMBOL}",
    "\t": " ",
    "\x7f": "\N{SYMBOL FOR DELETE}",
}
_SUSPECTS = re.compile(r"[^\x20-\x7e\xa0-\xac\xae-\u02ff]")
"""All but ASCII and the letters of Latin, among which there is nothing to find."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

_BLANKS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0d\uffa0\ufff0-\ufff8"
    "\ufffe\uffff\U000e0000-\U000e0fff]"
)
"""Letters and marks that show nothing (Default_Ignorable_Code_Point in Unicode's
DerivedCoreProperties.txt), but for the two that choose how an emoji looks."""

_JOINER = "\N{ZERO WIDTH JOINER}"
_PICTOGRAPHS = frozenset({"So", "Sk"})
_EMOJI_STYLE = "\ufe0f"


def plain(text: str) -> str:
    r"""Return text on one line without anything that a terminal would act on.

    Control characters show as their pictures (U+2400 onwards); whatever else is not to be seen, or
    turns the direction of writing, shows as an escape: ``\u202e``.
    """
    return _SUSPECTS.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    character = match[0]
    picture = _PICTURES.get(character)
    if picture is not None:
        return picture
    if character == _JOINER and _joins(match.string, match.start()):
        return character
    if unicodedata.category(character) in _UNSEEN or _BLANKS.match(character):
        return escaped(character)
    return character


def _joins(text: str, at: int) -> bool:
    """Tell whether a joiner stands between two emoji, which it makes one."""
    before = text[max(0, at - 2) : at].removesuffix(_EMOJI_STYLE)[-1:]
    return _is_pictograph(before) and _is_pictograph(text[at + 1 : at + 2])


def _is_pictograph(character: str) -> bool:
    return character != "" and unicodedata.category(character) in _PICTOGRAPHS


def escaped(character: str) -> str:
    r"""Return a character's escape as Python and JSON write it: ``\x9b``, ``\u202e``."""
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
