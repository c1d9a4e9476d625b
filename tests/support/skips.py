"""Whether a test may be skipped: anywhere but where everything can be installed, as in CI.

There a skip is a failure, so that no test is silently left out, unless its reason is in the machine
itself (it begins with "cannot") or in data that is not part of the project (``../shared``).
"""

from __future__ import annotations

import pytest

VARIABLE = "JUMPSEAT_TEST_SKIPS"
"""Set to "forbidden" it turns skips into failures."""

_EXCUSES = ("cannot ", "../shared/")


def forbid(report: pytest.TestReport) -> None:
    """Turn the report of a skip that has no excuse into that of a failure."""
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    said = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = said.removeprefix("Skipped: ")
    if not reason.startswith(_EXCUSES[0]) and _EXCUSES[1] not in reason:
        report.outcome = "failed"
        report.longrepr = f"skipped where {VARIABLE}=forbidden: {reason}"
