"""Programs that write configuration files in ways of their own, as far as their words tell.

crudini, Apache's a2ensite and its like, patch, ed, awk -i inplace and scripts of Python. Redirects
and the everyday tools are `analyzer.edits.command_lines`'.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from analyzer.shell import SimpleCommand

_APACHE = {"site": ("sites", ".conf"), "conf": ("conf", ".conf"), "mod": ("mods", ".load")}
_A2 = re.compile(r"a2(?P<does>en|dis)(?P<what>site|conf|mod)\Z")
_ED_WRITES = re.compile(r"^[\d,$%.]*w(?:q)?!?(?: (?P<name>\S+))?\s*$", re.MULTILINE)
_OPENED = re.compile(
    r"""open\(\s*[rb]?(?P<q>['"])(?P<a>[^'"\n]{1,400})(?P=q)\s*,\s*(?:mode\s*=\s*)?['"](?:[wax]|r\+)"""
    r"""|Path\(\s*(?P<p>['"])(?P<b>[^'"\n]{1,400})(?P=p)\s*\)\.write_(?:text|bytes)\("""
)
_MOST = 20
_LINES_MOST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file as the line names it; ``gone``: it is removed."""

    target: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    gone: bool = False


def written_by(command: SimpleCommand, stdin: str) -> list[Written]:
    """Return the files that a command writes, which reads ``stdin`` as far as the line says it."""
    if match := _A2.match(command.program):
        return _enabled(command, match)
    reader = _READERS.get(command.program)
    return reader(command, stdin)[:_MOST] if reader else []


def _enabled(command: SimpleCommand, match: re.Match[str]) -> list[Written]:
    folder, suffix = _APACHE[match["what"]]
    return [
        Written(
            target=f"/etc/apache2/{folder}-enabled/{word.removesuffix(suffix)}{suffix}",
            gone=match["does"] == "dis",
        )
        for word in command.argv[1:]
        if not word.startswith("-")
    ][:_MOST]


def _crudini(command: SimpleCommand, _: str) -> list[Written]:
    words = command.argv[1:]
    does = {"--set", "--del", "--merge"} & set(words)
    plain = [word for word in words if not word.startswith("--")]
    if not does or not plain:
        return []
    target, _, name, value = (*plain, "", "", "", "")[:4]
    line = (f"{name} = {value}",) if "--set" in does and name else ()
    return [Written(target=target, added=line)]


def _patch(command: SimpleCommand, stdin: str) -> list[Written]:
    plain: list[str] = []
    words = iter(command.argv[1:])
    for word in words:
        if word in {"-i", "-d", "-p", "-o", "-r", "-F", "-B", "-z", "-V", "-D", "-g"}:
            next(words, None)
        elif word == "--dry-run":
            return []
        elif not word.startswith("-"):
            plain.append(word)
    lines = stdin.split("\n")[:_LINES_MOST]
    named = [line[4:].split("\t")[0] for line in lines if line.startswith("+++ ")]
    target = plain[0] if plain else named[0].removeprefix("b/") if len(named) == 1 else ""
    return [Written(target=target, added=_marked(lines, "+"), removed=_marked(lines, "-"))]


def _marked(lines: list[str], mark: str) -> tuple[str, ...]:
    bare = (line[1:] for line in lines if line.startswith(mark) and not line.startswith(mark * 3))
    return tuple(line for line in bare if line.strip())


def _ed(command: SimpleCommand, stdin: str) -> list[Written]:
    names = [word for word in command.argv[1:] if not word.startswith("-")]
    wrote = [match["name"] or "" for match in _ED_WRITES.finditer(stdin)]
    return [Written(target=name or names[0]) for name in dict.fromkeys(wrote) if name or names]


def _awk(command: SimpleCommand, _: str) -> list[Written]:
    words = list(command.argv[1:])
    if words[:2] not in (["-i", "inplace"], ["-i", "inplace.awk"]):
        return []
    plain = [word for word in words[2:] if not word.startswith("-") and "=" not in word[:30]]
    return [Written(target=word) for word in plain[1:]]


def _python(command: SimpleCommand, stdin: str) -> list[Written]:
    words = command.argv[1:]
    script = stdin if not words or words[-1] == "-" else ""
    if "-c" in words[:-1]:
        script = words[words.index("-c") + 1]
    names = [match["a"] or match["b"] for match in _OPENED.finditer(script)]
    return [Written(target=name) for name in dict.fromkeys(names)]


_READERS: dict[str, Callable[[SimpleCommand, str], list[Written]]] = {
    "crudini": _crudini,
    "patch": _patch,
    "ed": _ed,
    "ex": _ed,
    "awk": _awk,
    "gawk": _awk,
    "python": _python,
    "python3": _python,
}
