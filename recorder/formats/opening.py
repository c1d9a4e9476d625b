"""Opens what was found and hands its files to the parser of its format.

The one place that knows all formats. Files stay open until the stack that was given closes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import assert_never

from recorder.errors import RecordingError
from recorder.formats.asciicast import parse_asciicast
from recorder.formats.asciicast1 import parse_asciicast1
from recorder.formats.detect import Found
from recorder.formats.events import Foreign
from recorder.formats.flaws import Complaints, Flaws
from recorder.formats.script import ScriptStreams, parse_script
from recorder.formats.script_log import ScriptLog
from recorder.formats.source import PIECE, Source, open_plain
from recorder.formats.ttyrec import parse_ttyrec
from recorder.recording.journal import ImportedFile


class Opened:
    """The files of one recording, and what they hold.

    Attributes:
        events: Its events, one `Began` first.

    """

    def __init__(self, found: Found, flaws: Flaws, stack: ExitStack) -> None:
        """Open the files.

        Raises:
            RecordingError: The one that tells the times cannot be opened.

        """
        self._found = found
        self._flaws = flaws
        self._stack = stack
        self._sources: dict[Path, Source] = {}
        self.events = self._parse(found)

    @property
    def consumed(self) -> int:
        """Bytes of the files that were read so far, as they lie on the disk."""
        return sum(source.consumed for source in self._sources.values())

    @property
    def size(self) -> int:
        """Bytes of the files, as they lie on the disk."""
        return sum(path.stat().st_size for path in self._sources)

    def _parse(self, found: Found) -> Iterator[Foreign]:
        main, complaints = self._source(found.main), self._complaints(found.main)
        match found.kind:
            case "asciicast v1":
                return parse_asciicast1(main, complaints)
            case "asciicast v2":
                return parse_asciicast(main, complaints, version=2)
            case "asciicast v3":
                return parse_asciicast(main, complaints, version=3)
            case "ttyrec":
                return parse_ttyrec(main, complaints)
            case "script":
                output, typed = self._log(found.output), None
                typed = output if found.input == found.output else self._log(found.input)
                streams = ScriptStreams(timing=main, output=output, input=typed)
                return parse_script(streams, complaints)
            case _:
                assert_never(found.kind)

    def _log(self, path: Path | None) -> ScriptLog | None:
        """Open a file of bytes; one that cannot be is told, and left out."""
        if path is None:
            return None
        try:
            return ScriptLog(self._source(path), self._complaints(path))
        except RecordingError as error:
            self._complaints(path).whole(f"{error.cause}: left out")
            return None

    def _source(self, path: Path) -> Source:
        source = Source(path, self._complaints(path), follow=path == self._found.named)
        self._stack.callback(source.close)
        self._sources[path] = source
        return source

    def _complaints(self, path: Path) -> Complaints:
        return Complaints(self._flaws, path.name)

    def digests(self) -> tuple[ImportedFile, ...]:
        """Return name, size and hash of each file; one that cannot be read any more is left out."""
        found = []
        for path in self._sources:
            digest, size = hashlib.sha256(), 0
            try:
                with open_plain(path, follow=path == self._found.named) as file:
                    while data := file.read(PIECE):
                        digest.update(data)
                        size += len(data)
            except (OSError, RecordingError):
                self._complaints(path).whole("cannot be read a second time: its hash is left out")
                continue
            found.append(ImportedFile(name=plain_name(path), size=size, sha256=digest.hexdigest()))
        return tuple(found)


def plain_name(path: Path) -> str:
    """Return a file's name as text that can be written anywhere."""
    return plain_text(path.name)


def plain_text(words: str) -> str:
    """Return words of a command line or a file's name as text that can be written anywhere."""
    return words.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
