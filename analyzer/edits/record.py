"""What the edit watcher hands on: one write of a file, or a write that was tried. Only values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Via = Literal["editor", "redirect", "tee", "sed", "copy", "move", "remove", "other"]
Saved = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEdit:
    """One write of one file; the same ``id`` comes again when more is known of it.

    Attributes:
        id: Derives from the command's id and the number of the write; stays the same.
        command: Id of the command that wrote, or that opened the editor.
        connection: The terminal's connection.
        channel: The terminal's channel.
        t: When it was written, or known not to be, in seconds since the session's start.
        path: Resolved against the directory where that is known, else as it was named; behind
            ``HOST:`` where the command ran on another host or in a container.
        via: What wrote it.
        saved: Whether it was written: ``no`` where the program said so or left without.
        added: Lines that the file has now and had not, as far as they were seen; without line ends,
            blank lines and right blanks, tabs as the screen shows them.
        removed: Lines that it had and has no more, as far as they were seen.
        idle: Those of ``added`` that have no effect on everybody, by what stands above them.
        ends: Those of ``added`` of which only the end is known: what stands before it in its line
            may make it a comment.
        complete: All lines that changed were seen.
        confidence: In path, saved and lines together, 0 to 1.

    """

    id: str
    command: str
    connection: int
    channel: int
    t: float
    path: str
    via: Via
    saved: Saved
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    complete: bool = False
    confidence: float = 1.0
