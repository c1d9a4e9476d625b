"""Skips are failures where everything can be installed."""

from __future__ import annotations

import pytest

from tests.support import skips


def _skipped(reason: str) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid="a", location=("a", 1, "a"), keywords={}, outcome="skipped", when="call",
        longrepr=("a.py", 1, f"Skipped: {reason}"),
    )  # fmt: skip


@pytest.mark.parametrize("reason", ["zsh is not installed", "needs root: a stock sshd"])
def test_a_tool_or_a_right_that_is_missing_is_a_failure(reason: str) -> None:
    report = _skipped(reason)
    skips.forbid(report)
    assert report.failed
    assert reason in str(report.longrepr)


@pytest.mark.parametrize("reason", ["cannot mount sshfs: no /dev/fuse", "no ../shared/corpus"])
def test_what_lies_in_the_machine_or_outside_of_the_project_is_none(reason: str) -> None:
    report = _skipped(reason)
    skips.forbid(report)
    assert report.skipped
