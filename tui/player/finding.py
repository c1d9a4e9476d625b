"""asciinema-player as this installation has it: from the wheel, else as it was fetched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui.player.fetching import (
    LICENCE,
    NAME,
    SCRIPT,
    STYLE,
    VERSION,
    bundle_in,
    is_fetched,
    licence_in,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """The player's parts as text, to be put into a page."""

    title: str
    script: str
    style: str
    licence: str


def find_player() -> Player | None:
    """Return the player; None where this installation has none.

    What cannot be read counts as not there: a report does without it.
    """
    package = Path(__file__).resolve().parent.parent
    shipped, checkout = package / "_player", package.parent
    try:
        if (shipped / SCRIPT).is_file():
            return _read(shipped, shipped / LICENCE)
        if is_fetched(checkout):
            return _read(bundle_in(checkout), licence_in(checkout))
    except (OSError, UnicodeDecodeError):
        pass
    return None


def _read(bundle: Path, licence: Path) -> Player:
    return Player(
        title=f"{NAME} {VERSION}",
        script=(bundle / SCRIPT).read_text(encoding="utf-8"),
        style=(bundle / STYLE).read_text(encoding="utf-8"),
        licence=licence.read_text(encoding="utf-8"),
    )
