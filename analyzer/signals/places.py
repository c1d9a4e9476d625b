"""Where rules lie: the shipped ones, and a team's own file. Nothing is read here."""

from __future__ import annotations

import os
from pathlib import Path

SIGNALS_FILE = "JUMPSEAT_SIGNALS_FILE"
"""The variable that names a team's own file."""


def rules_path() -> Path:
    """Return the shipped rules: the wheel's own, else the source tree's."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_signals.toml"
    return packed if packed.is_file() else package.parent / "signals.toml"


def team_path() -> Path | None:
    """Return the team's own file, if one was named."""
    named = os.environ.get(SIGNALS_FILE)
    return Path(named).absolute() if named else None
