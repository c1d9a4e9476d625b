"""What troubles are told by: a look back over two, six and fifteen minutes, every half a minute.

Each look is a function of what is known at its moment, so live and later agree. What it costs
depends on the commands of a quarter of an hour, of which it takes `MOST`, and never on the session.
Words for people are `reasons`', what a look means is decided by a model.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Reversible
from dataclasses import dataclass
from math import log1p
from typing import Protocol, TypeVar

from analyzer.asked import Asked
from analyzer.models.bearing import bearing_of
from analyzer.models.glance import Glance, glance_of
from analyzer.models.observed import Observed, Ran
from analyzer.models.struggles import MIDDLE, likes_of, struggles
from analyzer.records import Tag

STEP = 30.0
"""Seconds between two looks."""
SHORT, LONG = 120.0, 900.0
"""Seconds that a look goes back: the window itself, and all that it can see."""
MOST = 240
"""Commands that one look takes in."""

_WORKED = frozenset(
    {
        "updates", "credentials", "ssh", "node", "ghost", "database", "web", "basic-auth",
        "exposure", "production", "storage", "writing",
    }
)  # fmt: skip
"""Topics of signals that say that a task got further."""
_SERVES = (_WORKED - {"updates"}) | {"orientation"}
"""Topics of signals that say that what was done belongs to the exercise."""
_NO_PROGRESS = frozenset(
    {
        "incompatible-node", "port-conflict-hit", "port-conflict-diagnosed", "locked-out",
        "apache-stopped", "existing-site-removed", "kbdint-left-on", "password-login-refused",
        "release-upgrade", "apt-update",
    }
)  # fmt: skip
"""Signals of these topics that are an obstacle, a loss, or nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One look.

    Attributes:
        t: Its moment, in seconds since the session's start.
        row: The features by name: counts as ``log(1 + n)``, shares 0 to 1, ages in minutes.
        lively: A command began or ended in the last two minutes: a window that is not lively
            is idle, and tells nothing new.
        glances: The commands of the last quarter of an hour, in order.
        facts: The numbers that people are told, by name.

    """

    t: float
    row: dict[str, float]
    lively: bool
    glances: tuple[Glance, ...]
    facts: dict[str, float]


class Windows:
    """The looks of one session, which remember how each command looked."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Ran, Glance]] = OrderedDict()

    def at(self, t: float, observed: Observed) -> Window | None:
        """Look back from ``t``; None where nothing was run for a quarter of an hour."""
        glances = self._recent(t, observed)
        if not glances:
            return None
        return _window(t, glances, observed)

    def _recent(self, t: float, observed: Observed) -> tuple[Glance, ...]:
        found: list[Glance] = []
        for number, (name, ran) in enumerate(reversed(observed.ran.items())):
            if number >= MOST or ran.command.t < t - LONG:
                break
            # What opened a shell lasts as long as that, and is no work by itself.
            if ran.command.t <= t and not ran.opened:
                found.append(self._glance(name, ran, observed.asked))
        return tuple(sorted(found, key=lambda each: each.t))

    def _glance(self, name: str, ran: Ran, asked: Asked) -> Glance:
        known = self._known.get(name)
        if known is not None and known[0] is ran:
            return known[1]
        glance = glance_of(ran, asked)
        self._known[name] = (ran, glance)
        while len(self._known) > 2 * MOST:
            self._known.popitem(last=False)
        return glance


def _window(t: float, glances: tuple[Glance, ...], observed: Observed) -> Window:
    likes = likes_of(glances)
    tags = [tag for tag in _since(observed.tags.values(), t - LONG) if tag.t <= t]
    progress = _last_progress(t, glances, likes, tags)
    facts: dict[str, float] = {}
    for name, back in (("2", SHORT), ("6", MIDDLE), ("15", LONG)):
        facts |= _counts(name, [each for each in glances if each.t > t - back])
    facts |= struggles(t, glances, likes, progress)
    facts |= _edits(t, observed)
    facts |= _bearings(t, glances, tags)
    facts["progress-age"] = (t - progress) / 60
    lively = any(each.t > t - SHORT or (each.until or 0.0) > t - SHORT for each in glances)
    return Window(t=t, row=_row(facts), lively=lively, glances=glances, facts=facts)


def _row(facts: dict[str, float]) -> dict[str, float]:
    """Return the features: counts grow slowly, as the tenth of a kind says little more."""
    return {
        name: value if name.endswith(("-age", "-share", "-span")) else log1p(value)
        for name, value in facts.items()
    }


def _counts(name: str, glances: list[Glance]) -> dict[str, float]:
    """Count acts of each kind in a stretch."""
    worked = [each for each in glances if each.work]
    failed = [each for each in worked if each.failed and not each.slip]
    errors = Counter(each.error for each in failed)
    return {
        f"commands-{name}": len(glances),
        f"failed-{name}": len(failed),
        f"slips-{name}": sum(each.slip for each in glances),
        f"failed-share-{name}-share": len(failed) / len(worked) if len(worked) > 1 else 0.0,
        f"same-error-{name}": max(errors.values(), default=1) - 1,
        f"stopped-{name}": sum(each.stopped and each.work for each in glances),
        f"reads-{name}": sum(each.reads for each in glances),
        f"logs-{name}": sum(each.logs for each in glances),
        f"removes-{name}": sum(each.removes for each in glances),
        f"moves-{name}": sum(each.moves for each in glances),
        f"forces-{name}": sum(each.forces for each in glances),
        f"programs-{name}": len({each.program for each in worked}),
    }


def _last_progress(
    t: float, glances: tuple[Glance, ...], likes: list[Glance | None], tags: list[Tag]
) -> float:
    """Return when something was last seen to get further, at most `LONG` ago."""
    last = t - LONG
    seen: set[str] = set()
    for tag in tags:
        if tag.outcome == "ok" and tag.state == "established" and tag.topic in _WORKED:
            # The second time in a while, nothing got further.
            if tag.signal not in seen and tag.signal not in _NO_PROGRESS:
                last = max(last, tag.t)
            seen.add(tag.signal)
    for each, like in zip(glances, likes, strict=True):
        further = each.step if like is None else like.failed
        if each.fine and each.work and each.until is not None and further:
            last = max(last, each.until)
    return min(last, t)


def _edits(t: float, observed: Observed) -> dict[str, float]:
    recent = [
        each
        for each in _since(observed.edits.values(), t - LONG)
        if each.saved == "yes" and each.t <= t
    ]
    return {
        "edits-6": sum(each.t > t - MIDDLE for each in recent),
        "edits-15": len(recent),
        "edits-off": sum(bearing_of("", each.path, observed.asked) < 0 for each in recent),
        "edits-on": sum(bearing_of("", each.path, observed.asked) > 0 for each in recent),
        "same-file": max(Counter(each.path for each in recent).values(), default=1) - 1,
    }


def _bearings(t: float, glances: tuple[Glance, ...], tags: list[Tag]) -> dict[str, float]:
    """Tell how long and how much of it went to what serves no task, as far as names say."""
    off = [each for each in glances if each.bearing < 0]
    on = [each.t for each in glances if each.bearing > 0]
    on += [tag.t for tag in tags if tag.topic in _SERVES]
    last_on = max(on, default=max(0.0, t - LONG))
    since = [each for each in glances if each.t > last_on and each.bearing <= 0]
    led_off = [each.t for each in since if each.bearing < 0]
    runs = max((t - each.t for each in off if each.until is None), default=0.0)
    return {
        "off-6": sum(each.t > t - MIDDLE for each in off),
        "off-15": len(off),
        "off-since-on": len(led_off),
        "off-span": min(15.0, (t - led_off[0]) / 60) if led_off else 0.0,
        "off-running-span": min(15.0, runs / 60),
        "on-age": min(15.0, (t - last_on) / 60),
        "on-6": sum(each > t - MIDDLE for each in on),
        "on-6-share": _share(on, glances, t - MIDDLE),
        "on-15-share": _share(on, glances, t - LONG),
        "work-since-on": sum(each.work for each in since),
        "looks-since-on": sum(not each.work for each in since),
    }


def _share(on: list[float], glances: tuple[Glance, ...], since: float) -> float:
    """Return how much of what was run since a moment served a task, 0 to 1."""
    every = sum(each.t > since for each in glances)
    return min(1.0, sum(each > since for each in on) / every) if every else 0.0


class _Timed(Protocol):
    """What has a moment."""

    @property
    def t(self) -> float:
        """Seconds since the session's start."""


_Thing = TypeVar("_Thing", bound=_Timed)


def _since(things: Reversible[_Thing], t: float) -> list[_Thing]:
    """Return what happened since ``t``, in order, of things that came roughly in order."""
    found: list[_Thing] = []
    old = 0
    for each in reversed(things):
        old = old + 1 if each.t < t else 0
        if old > _OLD or len(found) >= MOST:
            break
        if each.t >= t:
            found.append(each)
    return sorted(found, key=lambda each: each.t)


_OLD = 8
"""So many that are too old in a row end a search: some are told a little out of order."""
