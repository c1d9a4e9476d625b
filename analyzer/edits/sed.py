"""What a ``sed`` or ``perl -p`` script does to lines, as far as its own text tells.

Only what is literal is told: the line that a substitution leaves, the text that it looks for. The
file is not known here, so a line that is changed in part is told as the script has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST = 64
"""Commands of one script that are read."""

_ADDRESS = re.compile(
    r"\s*(?:(?:\d+|\$|/(?:\\.|[^/\\])*/I?)(?:\s*,\s*(?:\d+|\$|[+~]\d+|/(?:\\.|[^/\\])*/I?))?)?\s*!?\s*"
)
_IN_SLASHES = re.compile(r"/((?:\\.|[^/\\])*)/")
_TEXT = re.compile(r"[aic](?:\s*\\\n|\s*\\(?=\S)|\s+|(?=\\))")
_SIMPLE = re.compile(r"[dDpPgGhHnNxqQ=lF{}]")
_FROM_START = re.compile(r"\^|\.\*|\\?[(\[]*(?:\\s[*+]?|\[\[:\w+:\]\][*+]?)?#")
"""A pattern that takes its line from the start, or the mark that makes it a comment."""
_ENDS = ";\n}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Lines that a script makes and unmakes; ``whole`` where they are told in full.

    Of those in ``ends`` it is not known what stands before them in their line.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    whole: bool = True


def effect(script: str, *, extended: bool = False) -> Effect:
    """Return what a script's commands do; never raises, and stops where it is not understood."""
    added: list[str] = []
    removed: list[str] = []
    ends: list[str] = []
    whole = True
    for each in _commands(script, extended=extended):
        added += each.added
        removed += each.removed
        ends += each.ends
        whole = whole and each.whole
    return Effect(added=tuple(added), removed=tuple(removed), ends=tuple(ends), whole=whole)


def _commands(script: str, *, extended: bool) -> Iterator[Effect]:
    position = 0
    for _ in range(MOST):
        while position < len(script) and script[position] in f" \t{_ENDS}":
            position += 1
        if position >= len(script):
            return
        address = _ADDRESS.match(script, position)
        start = address.end() if address else position
        told, position = _command(
            script, start, address.group() if address else "", extended=extended
        )
        if told is not None:
            yield told
        if position < 0:
            yield Effect(whole=False)
            return


def _command(script: str, start: int, address: str, *, extended: bool) -> tuple[Effect | None, int]:
    """Read one command; the position behind it is -1 where it is not understood."""
    letter = script[start : start + 1]
    if letter in {"s", "y"} and start + 1 < len(script):
        return _substitution(script, start, extended=extended)
    if text := _TEXT.match(script, start):
        line, end = _text(script, text.end())
        gone = _addressed(address, extended=extended) if letter == "c" else ()
        return Effect(added=line, removed=gone, whole=letter != "c" or bool(gone)), end
    if letter == "d":
        gone = _addressed(address, extended=extended)
        return Effect(removed=gone, whole=False), start + 1
    if letter and _SIMPLE.match(letter):
        return None, start + 1
    return None, -1


def _substitution(script: str, start: int, *, extended: bool) -> tuple[Effect | None, int]:
    parts: list[str] = []
    limit = script[start + 1]
    position = start + 2
    for _ in range(2):
        part, position = _until(script, position, limit)
        if position < 0:
            return None, -1
        parts.append(part)
    flags = re.compile(r"[a-zA-Z0-9]*[ \t]*").match(script, position)
    end = flags.end() if flags else position
    if script[start] == "y":
        return Effect(whole=False), end
    pattern, replacement = parts
    whole = pattern.startswith("^") and bool(re.search(r"(?:\.\*|\$)\Z", pattern))
    was = literal(pattern, extended=extended)
    became = _replacement(replacement, was)
    lines = tuple(became.split("\n")) if became and became.strip() else ()
    return Effect(
        added=lines,
        ends=() if _FROM_START.match(pattern) else lines[:1],
        removed=(was,) if was and was.strip() else (),
        whole=whole and became is not None,
    ), end


def _until(script: str, position: int, limit: str) -> tuple[str, int]:
    """Return the text up to an unescaped delimiter, and the position behind that."""
    out: list[str] = []
    inside = False
    while position < len(script):
        each = script[position]
        if each == "\\" and position + 1 < len(script):
            follows = script[position + 1]
            out.append(follows if follows == limit else each + follows)
            position += 2
            continue
        if each == limit and not inside:
            return "".join(out), position + 1
        out.append(each)
        position += 1
    return "", -1


def _text(script: str, position: int) -> tuple[tuple[str, ...], int]:
    """Return the lines of ``a``, ``i`` and ``c``: up to a line end that is not escaped."""
    match = re.compile(r"(?:\\\n|\\.|[^\n\\]|\\\Z)*").match(script, position)
    text = match.group() if match else ""
    lines = [re.sub(r"\\(.)", r"\1", line) for line in text.replace("\\\n", "\n").split("\n")]
    return tuple(line for line in lines if line.strip()), position + len(text)


def _addressed(address: str, *, extended: bool) -> tuple[str, ...]:
    """Return what the lines that an address picks contain."""
    picked = _IN_SLASHES.search(address)
    if picked is None or "!" in address:
        return ()
    told = literal(picked.group(1).replace("\\/", "/"), extended=extended)
    return (told,) if told and told.strip() else ()


def literal(pattern: str, *, extended: bool = False) -> str | None:
    """Return the text that a pattern surely matches, optional parts left out; None if unclear."""
    text = pattern.removeprefix("^")
    text = re.sub(r"(?<!\\)\$\Z", "", text)
    special = r"[?+*]" if extended else r"(?:\*|\\[?+])"
    unit = r"(?:\\[swSW.]|\[[^\]]*\]|\\?\([^()]*\\?\)|[^\\])"
    text = re.sub(rf"{unit}(?:{special})", _optional, text)
    text = re.sub(r"\\[sb<>]|\[\[:(?:space|blank):\]\]", " ", text)
    if extended:
        text = re.sub(r"(?<!\\)[()]", "", text)
    text = re.sub(
        r"\\([().*\[\]/^$&#+?{}|-])",
        lambda m: m.group(1) if extended or m.group(1) not in "()" else "",
        text,
    )
    surely = re.split(r"\\[a-zA-Z0-9]|(?<!\\)[|{}\[\]]", text, maxsplit=1)[0]
    if surely != text:
        # An alternative ends what is sure, back to where its group began.
        surely = surely.rsplit(" ", 1)[0] if " " in surely else ""
    return surely.strip() or None


def _optional(match: re.Match[str]) -> str:
    """Leave out what may be missing; a blank stands for one or more of them."""
    found = match.group()
    if found.startswith((r"\s", "[[:space", "[[:blank", " ")):
        return " "
    return "" if not found.endswith("+") else re.sub(r"\\?\+\Z", "", found)


def _replacement(text: str, was: str | None) -> str | None:
    """Return what a replacement leaves; None where it rests on what was matched."""
    if re.search(r"\\[1-9]|\$\d", text):
        rest = re.sub(r"\\[0-9]|\$\{?\d\}?", "", text).strip()
        return _unescaped(rest) if " " in rest else None
    if re.search(r"(?<!\\)&", text):
        if was is None:
            return None
        text = re.sub(r"(?<!\\)&", lambda _: was, text)
    return _unescaped(text)


def _unescaped(text: str) -> str:
    text = text.replace("\\n", "\n").replace("\\t", "\t")
    return re.sub(r"\\(.)", r"\1", text)
