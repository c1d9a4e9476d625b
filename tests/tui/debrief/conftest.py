"""The debrief's pictures and times are the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tui.seat.themes import THEME, use_theme


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch, universal_time: None) -> Iterator[None]:
    """Neither a theme nor a time zone of the machine's."""
    del universal_time
    for name in (THEME, "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    use_theme(None)
    yield
    use_theme(None)
