from __future__ import annotations

from pathlib import Path

import pytest

from recorder.errors import UsageError
from recorder.typed_paths import typed_path
from tui.main import run


def test_a_tilde_is_a_home() -> None:
    assert typed_path("~/x") == Path.home() / "x"
    assert typed_path("a/~b") == Path("a/~b")


def test_a_home_that_nobody_knows_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="~no-such-user-here of ~no-such-user-here/x"):
        typed_path("~no-such-user-here/x")
    assert run(["--home", "~no-such-user-here/x", "session", "list"]) == 2
    assert capsys.readouterr().err.startswith("jumpseat: nobody knows the home ~no-such-user-here")
