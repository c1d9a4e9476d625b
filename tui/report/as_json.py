"""A report as JSON: the fields of `tui.report.values`, a contract that docs/report.md tells.

In ASCII, so that no terminal and no locale can misread it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from tui.report.values import Report


def json_lines(report: Report) -> Iterator[bytes]:
    """Yield the document."""
    fields = asdict(report)
    ordered = {"format": fields.pop("format"), **fields}
    yield json.dumps(ordered, indent=2).encode("ascii") + b"\n"
