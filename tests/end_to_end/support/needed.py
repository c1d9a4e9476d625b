"""Tools that a test cannot do without: it is skipped where they are missing."""

from __future__ import annotations

import shutil

import pytest


def needs(*tools: str) -> None:
    """Skip, and say why, where a tool is not installed."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
