from __future__ import annotations

import io
import sys

import pytest

from tui.cli.terminal import is_terminal


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def sit_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make both streams terminals; in the test itself, before which pytest sets its own."""
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stdout", Terminal())


def test_somebody_sits_at_a_terminal_for_keys_and_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    sit_down(monkeypatch)
    assert is_terminal()


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
@pytest.mark.parametrize("other", [None, io.StringIO()])
def test_nobody_does_where_a_stream_is_a_pipe_or_was_closed(
    monkeypatch: pytest.MonkeyPatch, stream: str, other: io.StringIO | None
) -> None:
    sit_down(monkeypatch)
    monkeypatch.setattr(sys, stream, other)
    assert not is_terminal()


def test_in_a_browser_somebody_does(monkeypatch: pytest.MonkeyPatch) -> None:
    sit_down(monkeypatch)
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual_serve.driver:Driver")
    assert is_terminal()
