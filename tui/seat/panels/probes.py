"""The target as it looks from outside: a line a probe, more of it where details are wanted."""

from __future__ import annotations

from rich.text import Text

from tui.seat.desk.values import Desk, Probe
from tui.seat.look import FAINT, INK
from tui.seat.panels.paper import ROOMY, Times, filled, row, words, wrapped


def draw_probes(
    desk: Desk, width: int, rows: int, times: Times, *, details: bool = False
) -> list[Text]:
    """Return the probes, those that are an alarm first where there are too few rows."""
    lines: list[Text] = []
    probes = desk.probes
    if len(probes) > rows:
        probes = tuple(sorted(probes, key=lambda each: not each.alarm))
    for each in probes:
        lines.append(_line(each, width, times))
        if details:
            lines += wrapped(each.title, width, 2, FAINT, indent="    ")
            lines += wrapped(each.detail, width, 2, FAINT, indent="    ")
    return filled(lines, width, rows)


def _line(probe: Probe, width: int, times: Times) -> Text:
    mark, style = (_mark(probe), INK) if not probe.alarm else ("!", "bold $bad")
    left = Text.assemble((f"{mark} ", style), (f"{probe.id} ", FAINT), (probe.words, style))
    if probe.since is None:
        return row(width, left)
    since = f"since {times.at(probe.since)}" if width >= ROOMY else times.at(probe.since)
    return row(width, left, words(since, FAINT))


def _mark(probe: Probe) -> str:
    if probe.since is None:
        return "·"
    return "●" if probe.answers else "○"
