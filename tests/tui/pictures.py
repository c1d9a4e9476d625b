"""Pictures of an app, held against those that are kept; one rule for all tests that take some.

After a change that is wanted, write them anew with ``UPDATE_SNAPSHOTS=1 pytest`` on the test's
file, and look at them before keeping them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from textual.app import App

SNAPSHOTS = Path(__file__).parent / "seat" / "snapshots"
"""Where the seat's are."""


def check_picture(app: App[Any], path: Path) -> None:
    """Hold what an app shows now against the picture that is kept at ``path``."""
    seen = _normalised(app.export_screenshot(title="jumpseat"))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(seen)
    assert seen == path.read_text(), f"{path.name} differs; see the docstring of this module"


def _normalised(svg: str) -> str:
    """Leave out the identifier that Textual makes from everything else in the picture."""
    return re.sub(r"terminal-\d+", "terminal-0", svg) + "\n"
