"""A line of vi's command language: what it does to files.

Only what a sitting needs: writes, leaving, other files, changes of lines that are not on the
screen. vi's short names will do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from analyzer.edits.sed import effect

Does = Literal["write", "leave", "discard", "reload", "file", "change", "other"]

_LINE = re.compile(
    r":*\s*(?P<range>(?:[%\d,.$;+\-\s]|'[a-z<>]|/(?:\\.|[^/\\])*/)*)"
    r"(?P<name>[a-zA-Z]+|[!&~<>=@#])?(?P<bang>!?)\s*(?P<rest>.*)",
    re.DOTALL,
)
_ABBREVIATED = {
    "write": ("w", "write"),
    "wq": ("wq", "wq"),
    "wn": ("wn", "wnext"),
    "xit": ("x", "xit"),
    "exit": ("exi", "exit"),
    "wall": ("wa", "wall"),
    "wqall": ("wqa", "wqall"),
    "xall": ("xa", "xall"),
    "update": ("up", "update"),
    "saveas": ("sav", "saveas"),
    "quit": ("q", "quit"),
    "qall": ("qa", "qall"),
    "quitall": ("quita", "quitall"),
    "cquit": ("cq", "cquit"),
    "edit": ("e", "edit"),
    "substitute": ("s", "substitute"),
    "global": ("g", "global"),
    "vglobal": ("v", "vglobal"),
    "delete": ("d", "delete"),
    "normal": ("norm", "normal"),
    "read": ("r", "read"),
    "move": ("m", "move"),
    "copy": ("co", "copy"),
}
_WRITES = frozenset(
    {"write", "wq", "wn", "xit", "exit", "wall", "wqall", "xall", "update", "saveas"}
)
_LEAVES = frozenset({"wq", "xit", "exit", "wqall", "xall"})
_QUITS = frozenset({"quit", "qall", "quitall", "cquit"})
_CHANGES = frozenset(
    {"substitute", "global", "vglobal", "delete", "normal", "read", "move", "copy"}
)
_IF_CHANGED = frozenset({"xit", "exit", "xall", "update"})
_BARS_MOST = 20
"""Commands of one line, behind a write, that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ex:
    """What one line does.

    Attributes:
        does: Of several commands on the line, what matters most of them.
        name: The file that it names, for ``write`` and ``file``.
        through: The command that a write goes through, such as ``sudo tee %``.
        leaves: Whether the editor ends after it has written.
        if_changed: Whether it writes only what was changed.
        added: Lines that it makes, as far as it says so in full.

    """

    does: Does
    name: str | None = None
    through: str | None = None
    leaves: bool = False
    if_changed: bool = False
    added: tuple[str, ...] = ()


def read_ex(line: str) -> Ex:
    """Read a line, with or without its colon."""
    return _read(line, _BARS_MOST)


def _read(line: str, bars: int) -> Ex:
    match = _LINE.match(line)
    name = _full(match["name"]) if match and match["name"] else None
    if match is None or name is None:
        return Ex(does="change" if match and match["name"] == "!" and match["range"] else "other")
    rest, bang = match["rest"].strip(), bool(match["bang"])
    if name in _WRITES:
        return _write(name, rest, bars, bang=bang)
    if name in _QUITS:
        return Ex(does="discard" if bang or name == "cquit" else "leave", leaves=True)
    if name == "edit":
        return Ex(does="reload" if bang and not rest else "file", name=rest or None)
    if name in _CHANGES:
        wide = bool(match["range"].strip()) or name in {"global", "vglobal", "normal"}
        made = effect(f"s{rest}") if name == "substitute" and rest else None
        full = made is not None and made.whole
        return Ex(does="change" if wide else "other", added=made.added if made and full else ())
    return Ex(does="other")


def _full(name: str) -> str | None:
    for full, (least, whole) in _ABBREVIATED.items():
        if name.startswith(least) and whole.startswith(name):
            return full
    return None


def _write(name: str, rest: str, bars: int, *, bang: bool) -> Ex:
    leaves = name in _LEAVES
    command, _, behind = rest.partition("|")
    if rest.startswith("!") or (bang and name == "write" and rest.startswith("!")):
        return Ex(does="write", through=rest[1:].strip())
    if bang and name == "write" and rest.split(" ", maxsplit=1)[0] in {"sudo", "tee"}:
        return Ex(does="write", through=rest)
    then = _read(behind, bars - 1) if behind and bars else None
    leaves = leaves or bool(then and then.leaves)
    file = command.strip().removeprefix(">>").strip()
    file = re.sub(r"^\+\+\w+(?:=\w+)?\s+", "", file)
    return Ex(
        does="write",
        name=None if file in {"", "%"} else file,
        leaves=leaves,
        if_changed=name in _IF_CHANGED,
    )
