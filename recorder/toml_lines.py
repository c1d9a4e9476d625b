"""Tells on which line of a TOML text a key stands, so that errors can name it.

The standard library's parser keeps no lines. This scans a text that it has already accepted, and
only as far as it takes to find keys: strings, comments and brackets are passed over. Values are
not read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Place = tuple[str | int, ...]
"""Keys and, in arrays of tables, positions from 0: ``("probe", 1, "port")``."""

_PART = re.compile(r"""\s*(?:([A-Za-z0-9_-]+)|"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(\.)?""")
_DELIMITERS = ('"' * 3, "'" * 3, '"', "'")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file; ``line`` counts from 1, None where unknown."""

    file: str
    line: int | None
    key: str
    words: str

    def __str__(self) -> str:
        """Render as ``file:line: key: words``."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.words}" if self.key else f"{place}: {self.words}"


def lines_of(text: str) -> dict[Place, int]:
    """Return the line, from 1, of each table and key that has one of its own."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    for line, statement in _statements(text):
        if statement.startswith("["):
            is_array = statement.startswith("[[")
            names, _ = _parts(statement.lstrip("[ \t"))
            table = _resolve(names[:-1], counts) + names[-1:]
            if is_array:
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            lines.setdefault(table, line)
            continue
        names, _ = _parts(statement)
        for end in range(1, len(names) + 1):
            lines.setdefault(table + names[:end], line)
    return lines


def line_of(lines: Mapping[Place, int], place: Sequence[str | int]) -> int | None:
    """Return the line of a place, or of the innermost thing around it that has one.

    A table or an array that is only written as its parts has the line of the first of them.
    """
    for end in range(len(place), 0, -1):
        around = tuple(place[:end])
        if found := [line for known, line in lines.items() if known[:end] == around]:
            return lines.get(around, min(found))
    return None


def real_place(raw: object, place: Sequence[str | int]) -> Place:
    """Take out of an error's place what is not in the document, such as names of union members.

    The last part stays: it may be a key that is missing.
    """
    kept: list[str | int] = []
    value: Any = raw
    for position, part in enumerate(place):
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            if position < len(place) - 1:
                continue
        kept.append(part)
    return tuple(kept)


def dotted(place: Sequence[str | int]) -> str:
    """Write a place as people do: ``probe[1].port``."""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return words.removeprefix(".")


def toml_fault(file: str, error: Exception) -> Fault:
    """Return the fault of a text that the standard library's parser refused."""
    match = re.search(r"\(at line (\d+)", str(error))
    words = re.sub(r" \(at line \d+, column \d+\)$", "", str(error))
    return Fault(file, int(match[1]) if match else None, "", f"not TOML ({words})")


def _resolve(names: Place, counts: Mapping[Place, int]) -> Place:
    """Add to a header's names the positions in the arrays that they pass through."""
    found: Place = ()
    for name in names:
        found = (*found, name)
        if found in counts:
            found = (*found, counts[found])
    return found


def _parts(text: str) -> tuple[Place, int]:
    """Read a dotted key; return its parts and where it ends."""
    names: list[str | int] = []
    position = 0
    while match := _PART.match(text, position):
        bare, quoted, literal, dot = match.groups()
        names.append(bare or (_unescape(quoted) if quoted is not None else literal))
        position = match.end()
        if not dot:
            break
    return tuple(names), position


def _unescape(quoted: str) -> str:
    try:
        return str(json.loads(f'"{quoted}"'))
    except ValueError:  # TOML has an escape, \\UXXXXXXXX, that JSON has not
        return quoted


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Give the first line of each header and each assignment, with its number."""
    position, line = 0, 1
    while position < len(text):
        end = _end_of_statement(text, position)
        statement = text[position:end]
        if (first := statement.strip()) and not first.startswith("#"):
            yield line, first.splitlines()[0]
        line += statement.count("\n")
        position = end


def _end_of_statement(text: str, position: int) -> int:
    """Return where the next statement begins: after a newline outside strings and brackets."""
    depth = 0
    # The brackets of a header close on its own line, so they need no care of their own.
    while position < len(text):
        character = text[position]
        if character == "#":
            position = _find(text, "\n", position)
            continue
        if character in "\"'":
            position = _end_of_string(text, position)
            continue
        depth += (character in "[{") - (character in "]}")
        position += 1
        if character == "\n" and depth <= 0:
            return position
    return position


def _end_of_string(text: str, position: int) -> int:
    delimiter = next(each for each in _DELIMITERS if text.startswith(each, position))
    position += len(delimiter)
    while position < len(text) and not text.startswith(delimiter, position):
        position += 2 if text[position] == "\\" and delimiter[0] == '"' else 1
    position += len(delimiter)
    # A multi-line string may end in up to two quotation marks of its own.
    while len(delimiter) > 1 and text.startswith(delimiter[0], position):
        position += 1
    return position


def _find(text: str, what: str, position: int) -> int:
    found = text.find(what, position)
    return len(text) if found < 0 else found
