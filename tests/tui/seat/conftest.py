from __future__ import annotations

from collections.abc import Iterator

import pytest

from tui.seat.themes import THEME, use_theme


@pytest.fixture(autouse=True)
def _own_theme(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A theme lasts for the process: no test hands it on to the next."""
    monkeypatch.delenv(THEME, raising=False)
    use_theme(None)
    yield
    use_theme(None)
