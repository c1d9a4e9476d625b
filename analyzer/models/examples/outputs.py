"""What programs print at length in made-up sessions: packages, logs, listings; all invented.

The shape of such output matters, and how much of it there is; its words come from small lists.
"""

from __future__ import annotations

import random

_LIBRARIES = (
    "libuv1", "libc-ares2", "libnghttp2-14", "libjs-is-typedarray", "node-abbrev",
    "node-ansi-regex", "libicu67", "libapr1", "libaprutil1", "ssl-cert", "libmariadb3",
    "libdbi-perl", "libterm-readkey-perl", "galera-4", "mime-support", "libgd3", "libxpm4",
    "fontconfig-config", "libfreetype6", "nginx-common", "python3-acme", "libaio1",
    "libhtml-parser-perl",
)  # fmt: skip
_SAID = (
    "connection from 198.51.100.{n} closed",
    "worker {n} started",
    "GET /health 200 in {n} ms",
    "session opened for user deploy(uid={n})",
    "cache miss for key {n}",
    "configuration reloaded, {n} entries",
    "retrying in {n} seconds",
)
_NAMES = (
    "README.md", "config.json", "data", "index.js", "logs", "notes.txt", "package.json", "public",
    "src", "tests", "themes", "tmp", "update.sh", "versions", "www", "backup.tar.gz",
    "default.conf", "setup.log",
)  # fmt: skip
_PROSE = (
    "This option sets how long the server waits before it closes an idle connection.",
    "The default is taken from the file named at build time, if there is one.",
    "Several values may be given, separated by commas; the first that matches is used.",
    "See the section on authentication for what happens when the list is empty.",
    "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "FILES", "SEE ALSO",
    "Changes take effect only after the service was reloaded.",
)  # fmt: skip


def printed(source: random.Random, name: str, words: list[str]) -> list[str]:
    """Return the lines of a kind of output; of an unknown kind, the words themselves."""
    match name:
        case "apt":
            return _apt(source, words)
        case "aptupdate":
            return _apt_update(source)
        case "npm":
            return _npm(source, words)
        case "log":
            return _log(source, words)
        case "ls":
            return _ls(source)
        case "prose":
            return source.choices(_PROSE, k=int(words[0]) if words else 20)
        case _:
            return [" ".join((name, *words))]


def _apt(source: random.Random, packages: list[str]) -> list[str]:
    extra = source.sample(_LIBRARIES, source.randint(2, 8))
    names = [*extra, *packages]
    size = source.randint(300, 42000)
    lines = [
        "Reading package lists... Done",
        "Building dependency tree... Done",
        "The following NEW packages will be installed:",
        "  " + " ".join(sorted(names)),
        f"0 upgraded, {len(names)} newly installed, 0 to remove and {size % 40} not upgraded.",
        f"Need to get {size} kB of archives.",
    ]
    host = "http://deb.example.net/debian"
    lines += [f"Get:{n} {host} stable/main amd64 {each} amd64" for n, each in enumerate(names, 1)]
    lines += [f"Unpacking {each} ..." for each in names]
    return lines + [f"Setting up {each} ..." for each in names]


def _apt_update(source: random.Random) -> list[str]:
    suites = ("stable", "stable-updates", "stable-security")
    lines = [f"Hit:{n} http://deb.example.net/debian {s} InRelease" for n, s in enumerate(suites)]
    count = source.randint(0, 60)
    return [
        *lines,
        "Reading package lists... Done",
        "Building dependency tree... Done",
        f"{count} packages can be upgraded. Run 'apt list --upgradable' to see them.",
    ]


def _npm(source: random.Random, packages: list[str]) -> list[str]:
    count = source.randint(40, 600)
    warnings = [
        f"npm WARN deprecated {name}@{source.randint(0, 4)}.2.1: use something else"
        for name in source.sample(("glob", "rimraf", "har-validator", "uuid", "request"), 3)
    ]
    return [
        *warnings,
        "",
        f"added {count} packages in {source.randint(8, 70)}s",
        *(f"+ {package}" for package in packages),
    ]


def _log(source: random.Random, words: list[str]) -> list[str]:
    unit = words[0] if words else "systemd"
    count = int(words[1]) if len(words) > 1 else 10
    lines = []
    for _ in range(count):
        said = source.choice(_SAID).format(n=source.randint(2, 250))
        at = f"{source.randint(8, 17):02}:{source.randint(0, 59):02}:{source.randint(0, 59):02}"
        lines.append(f"Mar 03 {at} web01 {unit}[{source.randint(300, 9000)}]: {said}")
    return lines


def _ls(source: random.Random) -> list[str]:
    names = sorted(source.sample(_NAMES, source.randint(2, 9)))
    if source.random() < 0.5:  # noqa: PLR2004 - with or without -l
        return ["  ".join(names)]
    return [f"-rw-r--r-- 1 root root {source.randint(12, 9000):5} Mar  3 10:12 {n}" for n in names]
