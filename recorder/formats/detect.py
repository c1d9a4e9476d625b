"""Names what a file is by what it holds, and finds the files that belong to it.

An extension only helps to find `script`'s other files. Nothing is parsed here beyond the head.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from recorder.errors import RecordingError
from recorder.formats import ttyrec
from recorder.formats.asking import is_so
from recorder.formats.flaws import Complaints, Flaws
from recorder.formats.script import looks_like_timing
from recorder.formats.script_log import looks_like_log
from recorder.formats.source import GZIP, Source, Window, open_plain

Kind = Literal["asciicast v1", "asciicast v2", "asciicast v3", "ttyrec", "script"]

LOOKED_FOR = "asciicast v1, v2 or v3, ttyrec, or `script` as NAME.timing with NAME.out beside it"

HEAD = 1 << 16
"""Bytes of a file that are looked at."""

OUTPUTS = (".out", ".typescript", ".io", ".log")
INPUTS = (".in",)
TIMINGS = (".timing", ".tm")
_PLAIN_NAMES = ("typescript", "timing")
"""What `script`'s manual calls its two files where they have no name of their own."""

_VERSION = re.compile(rb'"version"[ \t\r\n]*:[ \t\r\n]*([0-9]{1,9})\b')
_EVENT = re.compile(rb'\[[ \t]*-?[0-9][0-9.eE+-]*[ \t]*,[ \t]*"[a-z]"[ \t]*,')
_LOG_NAME = re.compile(rb"^H \S+ (OUTPUT|INPUT)_LOG ([^\n]+)$", re.MULTILINE)
_USTAR = slice(257, 262)
_VERSIONS: dict[int, Kind] = {1: "asciicast v1", 2: "asciicast v2", 3: "asciicast v3"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A recording in files.

    Attributes:
        kind: Its format.
        name: What to call it, for people.
        main: The file that tells when what happened.
        output: For `script`: the bytes that were shown, and ``input``, what was typed; None where
            there is none. They are the same file where `script` wrote one.
        named: The file that a person named, which may be a link; the others may not.

    """

    kind: Kind
    name: str
    main: Path
    output: Path | None = None
    input: Path | None = None
    named: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them, each once."""
        every = (self.main, self.output, self.input)
        return tuple(dict.fromkeys(each for each in every if each is not None))


def identify(path: Path) -> Found:
    """Say what a file is; for `script`, any of its files or their common NAME will do.

    Raises:
        RecordingError: It is nothing that is known, or cannot be read.

    """
    return replace(_identify(path), named=path)


def _identify(path: Path) -> Found:
    if not is_so(path.exists):
        if found := find_script(path):
            return found
        raise RecordingError(f"there is no {path}", f"what can be read: {LOOKED_FOR}")
    head = read_head(path)
    kind = sniff(head)
    if kind == "asciicast of an unknown version":
        raise RecordingError(f"{path} is an {kind}", "this program knows v1, v2 and v3")
    if kind == "export":
        raise RecordingError(
            f"{path} is what `jumpseat session export` wrote", "`jumpseat session import` takes it"
        )
    if kind == "script" or (kind is None and find_script(path)):
        return _script(path, head)
    if kind is None:
        what = "is empty" if not head else "is nothing that is known"
        raise RecordingError(f"{path} {what}", f"looked for: {LOOKED_FOR}")
    return Found(kind=kind, name=path.name, main=path)


def is_export(path: Path) -> bool:
    """Whether a file can only be what `jumpseat session export` wrote, whole or damaged.

    Raises:
        RecordingError: It is there, and cannot be read.

    """
    if is_so(path.is_dir) or (not is_so(path.exists) and find_script(path)):
        return False
    with open_plain(path) as file:
        packed = file.read(len(GZIP)) == GZIP
    kind = sniff(read_head(path))
    return kind == "export" or (packed and kind is None)


def read_head(path: Path) -> bytes:
    """Return a file's first bytes, gzip undone.

    Raises:
        RecordingError: It cannot be read.

    """
    with Source(path, Complaints(Flaws(), path.name)) as source:
        return Window(source).peek(HEAD)


def sniff(head: bytes) -> Kind | Literal["export", "asciicast of an unknown version"] | None:
    """Name the format of a file that begins like this; None where it is none of them."""
    if head[_USTAR] == b"ustar":
        return "export" if head.startswith(b"export.json\0") else None
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    while text.startswith(b"#"):
        text = text.partition(b"\n")[2].lstrip()
    if text.startswith(b"{"):
        first = text.partition(b"\n")[0]
        if match := _VERSION.search(first) or _VERSION.search(text):
            return _VERSIONS.get(int(match[1]), "asciicast of an unknown version")
    lines = text.split(b"\n")[:3]
    if any(_EVENT.match(line) for line in lines):
        # Its header is damaged or lost.
        return "asciicast v3" if b'"term"' in lines[0] else "asciicast v2"
    if looks_like_timing(head) or looks_like_log(head):
        return "script"
    return "ttyrec" if ttyrec.looks_like(head) else None


def find_script(path: Path) -> Found | None:
    """Find the files of `script` by their common NAME, or by one of them; None without timing."""
    stems = [path]
    if path.suffix in (*OUTPUTS, *INPUTS, *TIMINGS):
        stems.insert(0, path.with_suffix(""))
    for stem in stems:
        timing = _first(stem, TIMINGS)
        if timing is not None:
            output = _first(stem, OUTPUTS) or _file(stem)
            return Found(
                kind="script",
                name=stem.name,
                main=timing,
                output=output,
                input=_first(stem, INPUTS) or _shared(timing, output),
            )
    return None


def _script(path: Path, head: bytes) -> Found:
    """Return the files that belong to one of `script`'s."""
    found = find_script(path)
    if found is None and path.name in _PLAIN_NAMES:
        output, timing = (path.with_name(name) for name in _PLAIN_NAMES)
        if is_so(timing.is_file) and is_so(output.is_file):
            found = Found(kind="script", name=output.name, main=timing, output=output)
    if found is None and looks_like_timing(head):
        found = Found(kind="script", name=path.stem, main=path)
    if found is None:
        raise RecordingError(
            f"{path} looks like a typescript, and its timing is missing",
            f"looked for {_stem(path).name}.timing beside it; `script --log-timing` writes one",
        )
    if found.output is None:
        found = _named_in_headers(found)
    if found.output is None and found.input is None:
        raise RecordingError(
            f"{found.main} is `script`'s timing, and what was shown is missing",
            f"looked for {_stem(found.main).name}.out, .typescript, .io or .log beside it",
        )
    return found


def _named_in_headers(found: Found) -> Found:
    """Take the names that the timing file tells, where such files lie beside it.

    Only names: a path in somebody else's file must not choose what is read.
    """
    head = read_head(found.main)
    named: dict[bytes, Path] = {}
    for what, name in _LOG_NAME.findall(head):
        beside = found.main.with_name(Path(name.decode("utf-8", "surrogateescape")).name or "-")
        if is_so(beside.is_file) and not beside.is_symlink():
            named[what] = beside
    return replace(found, output=named.get(b"OUTPUT"), input=found.input or named.get(b"INPUT"))


def _shared(timing: Path, output: Path | None) -> Path | None:
    """Return the output's file where input was logged into it too."""
    if output is None:
        return None
    if output.suffix == ".io":
        return output
    names = dict(_LOG_NAME.findall(read_head(timing)))
    return output if names.get(b"INPUT") and names.get(b"INPUT") == names.get(b"OUTPUT") else None


def _stem(path: Path) -> Path:
    return path.with_suffix("") if path.suffix in (*OUTPUTS, *INPUTS, *TIMINGS) else path


def _first(stem: Path, suffixes: tuple[str, ...]) -> Path | None:
    paths = (stem.with_name(stem.name + suffix) for suffix in suffixes)
    return next((path for path in paths if _file(path)), None)


def _file(path: Path) -> Path | None:
    return path if is_so(path.is_file) else None
