"""How good alarms are: what was found, how late, and how many were false an hour.

One place for training, which chooses thresholds by it, and for the evaluation, which reports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from analyzer.models.alarms import APART, Alarm, Scorer
from analyzer.models.looks import Looked
from analyzer.models.windows import SHORT
from analyzer.models.words import Trouble
from analyzer.records import Tag
from analyzer.signals.schema import Signal


@dataclass(slots=True)
class Alarms:
    """Alarms over sessions, held against the truth."""

    hours: float = 0.0
    false: int = 0
    troubles: int = 0
    found: int = 0
    delays: list[float] = field(default_factory=list)

    @property
    def false_an_hour(self) -> float:
        """False alarms an hour of session."""
        return self.false / self.hours if self.hours else 0.0

    @property
    def recall(self) -> float:
        """Share of the troubles that were told of."""
        return self.found / self.troubles if self.troubles else 0.0

    @property
    def delay(self) -> float | None:
        """Median seconds from a trouble's beginning until it was told of."""
        return median(self.delays) if self.delays else None

    def add(self, looked: Looked, kind: Trouble, tags: Iterable[Tag]) -> None:
        """Hold the tags of one kind in one session against its truth."""
        spans = [(each.start, each.until) for each in looked.of(kind)]
        alarms = [(tag.t, max(tag.t, tag.until or tag.t)) for tag in tags]
        self.hours += looked.hours
        self.troubles += len(spans)
        for start, until in spans:
            hits = [t for t, end in alarms if t - SHORT < until and end > start]
            self.found += bool(hits)
            self.delays += [max(0.0, min(hits) - start)] if hits else []
        self.false += sum(
            not any(t - SHORT < until and end > start for start, until in spans)
            for t, end in alarms
        )


def alarms_of(looked: Looked, signal: Signal, scorer: Scorer) -> tuple[list[Tag], list[float]]:
    """Return the alarms of a model in a session, and what it believed at each look."""
    alarm = Alarm(signal, scorer)
    tags: dict[str, Tag] = {}
    beliefs: list[float] = []
    for look in looked.looks:
        tags |= {tag.id: tag for tag in alarm.look(look.t, look.window)}
        beliefs.append(alarm.belief)
    return [tag for tag in tags.values() if tag.state == "established"], beliefs


def ruled_at(tags: Sequence[Tag], t: float) -> bool:
    """Whether a rule tells of a trouble at a moment: its tag came, and is not over for long."""
    return any(tag.t <= t <= max(tag.t, tag.until or tag.t) + SHORT for tag in tags)


def rule_tags(looked: Looked, signal: str) -> list[Tag]:
    """Return the tags of a signal that its rule alone gave."""
    return [tag for tag in looked.tags if tag.signal == signal and tag.state == "established"]


def joined(rule: Sequence[Tag], model: Sequence[Tag]) -> list[Tag]:
    """Return the tags of both: of the model's, those whose stretch no rule tells of."""
    return [
        *rule,
        *(
            tag
            for tag in model
            if not any(
                min([each.t, *(e.t for e in each.evidence)]) <= (tag.until or tag.t) + SHORT
                and max(each.t, each.until or each.t) >= tag.t - SHORT - APART
                for each in rule
            )
        ),
    ]


def alarm_figures(
    truth: Sequence[bool], said: Sequence[bool], sessions: Sequence[str], times: Sequence[float]
) -> dict[str, float]:
    """Return false alarms an hour and the median delay, of looks that were answered one by one.

    Looks of a session stand together and in order; what is answered within `APART` is one alarm.
    """
    false = hours = 0.0
    delays: list[float] = []
    places: dict[str, list[int]] = {}
    for place, name in enumerate(sessions):
        places.setdefault(name, []).append(place)
    for mine in places.values():
        hours += (max(times[place] for place in mine) - min(times[place] for place in mine)) / 3600
        alarms = _runs([times[place] for place in mine if said[place]])
        spans = _runs([times[place] for place in mine if truth[place]])
        false += sum(
            not any(start <= until + SHORT and end >= first - SHORT for first, until in spans)
            for start, end in alarms
        )
        for first, until in spans:
            hits = [start for start, end in alarms if start <= until and end >= first]
            # The window that is first counted lies half in the trouble.
            delays += [max(0.0, min(hits) - first + SHORT / 2)] if hits else []
    figures = {"false alarms an hour": false / hours} if hours else {}
    return figures | ({"delay": median(delays)} if delays else {})


def _runs(times: Sequence[float]) -> list[tuple[float, float]]:
    """Return the stretches that moments in order make, where no gap is longer than `APART`."""
    found: list[tuple[float, float]] = []
    for t in times:
        if found and t - found[-1][1] <= APART:
            found[-1] = (found[-1][0], t)
        else:
            found.append((t, t))
    return found
