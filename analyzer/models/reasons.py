"""Why a model says what it says, in plain words: its three strongest reasons at a moment.

Features that mean one thing are one reason. Numbers come from the look; nothing is decided here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from analyzer.models.glance import Glance
from analyzer.models.struggles import MIDDLE
from analyzer.models.windows import LONG, Window
from analyzer.records import Evidence
from analyzer.signals.found import cited

MOST = 3
"""Reasons that are given."""
_CITED = 4
"""Commands that are cited behind them."""

_REASONS: Mapping[str, tuple[str, ...]] = {
    "same-error": ("same-error",),
    "failed": ("failed-2", "failed-6", "failed-15", "failed-share", "failed-age", "slips"),
    "program": ("program-failed",),
    "repeats": ("repeats",),
    "progress": ("progress", "failing-span", "failed-since"),
    "tries": ("tries-since",),
    "edits": ("edits-6", "edits-15", "same-file"),
    "reads": ("reads",),
    "logs": ("logs",),
    "removes": ("removes",),
    "moves": ("moves",),
    "forces": ("forces",),
    "stopped": ("stopped",),
    "programs": ("programs",),
    "off": ("off-6", "off-15", "off-since", "off-span", "edits-off"),
    "running": ("off-running",),
    "on": ("on-", "edits-on", "work-since-on", "looks-since-on"),
    "pace": ("commands",),
}
"""Each reason, and how the names of its features begin."""


def reasons_of(window: Window, parts: Mapping[str, float]) -> tuple[Evidence, ...]:
    """Return the strongest reasons, and the last commands that failed or that they are about.

    Args:
        window: The look.
        parts: What each feature added to the model's answer.

    """
    sums: defaultdict[str, float] = defaultdict(float)
    for name, part in parts.items():
        if (reason := _reason_of(name)) is not None:
            sums[reason] += part
    found: list[Evidence] = []
    for reason, total in sorted(sums.items(), key=lambda item: (-item[1], item[0])):
        words = _WORDS[reason](window.facts)
        if words and total > 0 and len(found) < MOST:
            found.append(_evidence(reason, words, window))
    return (*found, *_cited(window))


def _reason_of(feature: str) -> str | None:
    matching = [
        (len(start), reason)
        for reason, starts in _REASONS.items()
        for start in starts
        if feature.startswith(start)
    ]
    return max(matching)[1] if matching else None


def _times(number: float, one: str, many: str) -> str:
    count = round(number)
    return f"{count} {one if count == 1 else many}" if count else ""


def _minutes(number: float) -> str:
    return _times(max(1, number), "minute", "minutes")


def _same_error(facts: Mapping[str, float]) -> str:
    for name, minutes in (("6", MIDDLE / 60), ("15", LONG / 60)):
        if facts[f"same-error-{name}"] >= 1:
            return (
                f"same error {facts[f'same-error-{name}'] + 1:.0f} times in {minutes:.0f} minutes"
            )
    return ""


def _failed(facts: Mapping[str, float]) -> str:
    for name, minutes in (("6", MIDDLE / 60), ("15", LONG / 60)):
        failed = facts[f"failed-{name}"] + facts[f"slips-{name}"]
        if failed:
            commands = facts[f"commands-{name}"]
            return f"{failed:.0f} of {commands:.0f} commands failed in {minutes:.0f} minutes"
    return ""


def _program(facts: Mapping[str, float]) -> str:
    if facts["program-failed"] < 2:  # noqa: PLR2004 - once is no habit
        return ""
    span = _minutes(facts["program-failed-span"])
    return f"one program failed {facts['program-failed']:.0f} times in {span}"


def _progress(facts: Mapping[str, float]) -> str:
    return f"nothing got further for {_minutes(facts['progress-age'])}"


def _tries(facts: Mapping[str, float]) -> str:
    tries = facts["tries-since-progress"]
    return f"{tries:.0f} different tries failed since the last progress" if tries > 1 else ""


def _edits(facts: Mapping[str, float]) -> str:
    edits = facts["edits-6"]
    return _times(edits, "file change", "file changes") or "no file changed"


def _on(facts: Mapping[str, float]) -> str:
    return f"nothing for a task for {_minutes(facts['on-age'])}" if facts["on-age"] >= 1 else ""


def _running(facts: Mapping[str, float]) -> str:
    span = facts["off-running-span"]
    return f"something that serves no task has run for {_minutes(span)}" if span else ""


def _counted(name: str, one: str, many: str) -> Callable[[Mapping[str, float]], str]:
    return lambda facts: _times(facts[name], one, many)


_WORDS: Mapping[str, Callable[[Mapping[str, float]], str]] = {
    "same-error": _same_error,
    "failed": _failed,
    "program": _program,
    "repeats": _counted(
        "repeats", "command much like an earlier one", "commands much like earlier"
    ),
    "progress": _progress,
    "tries": _tries,
    "edits": _edits,
    "reads": _counted("reads-6", "help look-up", "help look-ups"),
    "logs": _counted("logs-6", "look at logs", "looks at logs"),
    "removes": _counted("removes-6", "removal", "removals"),
    "moves": _counted("moves-6", "change of directory", "changes of directory"),
    "forces": _counted("forces-6", "try by force", "tries by force"),
    "stopped": _counted("stopped-6", "command interrupted", "commands interrupted"),
    "programs": _counted("programs-6", "program", "different programs in turn"),
    "off": _counted("off-15", "command that serves no task", "commands that serve no task"),
    "running": _running,
    "on": _on,
    "pace": _counted("commands-6", "command in 6 minutes", "commands in 6 minutes"),
}


def _evidence(reason: str, words: str, window: Window) -> Evidence:
    """Return a reason with the place where it can be looked at: a command, or the stretch."""
    about = _about(reason, window.glances)
    if about is None:
        return Evidence(kind="silence", t=max(0.0, window.t - MIDDLE), text=words)
    return Evidence(
        kind="command", t=about.t, text=words, connection=about.connection, channel=about.channel
    )


def _about(reason: str, glances: tuple[Glance, ...]) -> Glance | None:
    picks: Mapping[str, Callable[[Glance], bool]] = {
        "same-error": lambda each: each.failed,
        "failed": lambda each: each.failed,
        "program": lambda each: each.failed and each.work,
        "tries": lambda each: each.failed and each.work,
        "repeats": lambda each: each.work,
        "reads": lambda each: each.reads,
        "logs": lambda each: each.logs,
        "removes": lambda each: each.removes,
        "moves": lambda each: each.moves,
        "forces": lambda each: each.forces,
        "stopped": lambda each: each.stopped,
        "off": lambda each: each.bearing < 0,
        "running": lambda each: each.bearing < 0 and each.until is None,
    }
    pick = picks.get(reason)
    return None if pick is None else next((each for each in reversed(glances) if pick(each)), None)


def _cited(window: Window) -> tuple[Evidence, ...]:
    """Return the last commands that failed, or where none did, that serve no task."""
    recent = [each for each in window.glances if each.t > window.t - LONG]
    told = [each for each in recent if each.failed] or [each for each in recent if each.bearing < 0]
    return tuple(
        Evidence(
            kind="command",
            t=each.t,
            text=cited(each.line),
            connection=each.connection,
            channel=each.channel,
        )
        for each in told[-_CITED:]
    )
