"""Tools that a test cannot do without: it is skipped where they are missing, and fails in CI."""

from __future__ import annotations

import os
import shutil

import pytest

DEMANDED = "JUMPSEAT_TEST_TOOLS"
"""Set to "required" this variable turns a missing tool into a failure."""


def needs(*tools: str) -> None:
    """Skip, or fail, and say why, where a tool is not installed."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing and os.environ.get(DEMANDED) == "required":
        pytest.fail(f"required, but not installed: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
