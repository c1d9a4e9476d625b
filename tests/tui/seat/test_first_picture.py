"""What may not be imported before something stands on the terminal: it takes most of a second."""

from __future__ import annotations

import subprocess
import sys

import pytest

SLOW = ("sqlalchemy", "pydantic", "alembic", "tree_sitter", "sklearn", "analyzer.analysis")


@pytest.mark.parametrize("module", ["tui.seat.app", "tui.cli.watching"])
def test_the_first_picture_waits_for_neither_store_nor_analysis(module: str) -> None:
    code = f"import sys, {module}; print(*(set(sys.modules) & set({SLOW!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == [], "import these under TYPE_CHECKING, or where they are used"
