"""What a kind of model is to the life cycle: where its examples come from, and how it learns.

Training, evaluation, files and the command line are the same for all kinds; a kind brings the rest
as one value, named in `analyzer.models.kinds`. No kind's own features belong here.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analyzer.models.artifact import Data, Row
from analyzer.models.kinds import Entry
from analyzer.models.labels import LabelledLine, LabelledSession
from analyzer.models.linear import Linear
from analyzer.models.trained.store import Estimator
from analyzer.models.weights import Weights

_DIGITS = 9
"""Of a feature, that tell examples apart."""

Tell = Callable[[float], None]
"""Takes the share of the work that is done, from 0 to 1."""


def _no_lines() -> Iterable[LabelledLine]:
    return ()


def _no_sessions() -> Iterable[LabelledSession]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where examples may come from; what was not asked for is empty.

    Attributes:
        data: What was asked for, as a word.
        lines: Labelled command lines that ship.
        sessions: Sessions that the generator makes up, those of its part for training.
        held_out: Likewise, of scenes that no training sees; only to measure with.
        confirmed: Sessions of this installation that a human judged.

    """

    data: Data = "shipped"
    lines: Callable[[], Iterable[LabelledLine]] = _no_lines
    sessions: Callable[[], Iterable[LabelledSession]] = _no_sessions
    held_out: Callable[[], Iterable[LabelledSession]] = _no_sessions
    confirmed: Callable[[], Iterable[LabelledSession]] = _no_sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Rows of features and their answers, all sequences of one length.

    Attributes:
        rows: Features of each.
        words: What is right for each.
        groups: Kind of group (program, session, persona, family) to each example's group.
        times: Seconds into its session, where that means something; else empty.

    """

    rows: Sequence[Row]
    words: Sequence[str]
    groups: Mapping[str, Sequence[str]]
    times: Sequence[float] = ()

    def __len__(self) -> int:
        return len(self.words)

    def only(self, places: Iterable[int]) -> Examples:
        """Return the examples at these places."""
        kept = list(places)
        return Examples(
            rows=[self.rows[i] for i in kept],
            words=[self.words[i] for i in kept],
            groups={kind: [names[i] for i in kept] for kind, names in self.groups.items()},
            times=[self.times[i] for i in kept] if self.times else (),
        )

    def sha256(self) -> str:
        """Return what tells these examples from all others."""
        digest = hashlib.sha256()
        for line in self._lines():
            digest.update(line.encode() + b"\n")
        return digest.hexdigest()

    def of_session(self, name: str) -> Examples:
        """Return the examples of one session."""
        names = self.groups.get("session", ())
        return self.only(place for place, each in enumerate(names) if each == name)

    def _lines(self) -> Iterator[str]:
        for place, (row, word) in enumerate(zip(self.rows, self.words, strict=True)):
            groups = {kind: names[place] for kind, names in self.groups.items()}
            # Processors and mathematical libraries differ in the last bits of a logarithm.
            values = sorted((name, round(value, _DIGITS)) for name, value in row.items())
            yield json.dumps([values, word, groups], sort_keys=True)


Scores = Sequence[Mapping[str, float]]
"""For each example the probability of each word."""

Answers = Sequence[str | None]
"""For each example the word that is said; None for silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How models of one kind learn.

    Attributes:
        examples: Makes examples of what sources give, and tells how far that is.
        fit: Trains on examples, with a seed: anything with ``predict_proba`` over rows and
            ``classes_``, made of types of `analyzer.models.trained.store.TYPES`.
        split_by: Kinds of groups by which it is measured; the first one also sets thresholds.
        by_rules: What is known of a row without a model; None where nothing is.
        silent: Words that are never an alarm or an answer of interest, such as ``none``: measures
            of precision and coverage leave them out, and they have no threshold.
        precision: From which thresholds follow.
        threshold: From which probability on something is said, where not precision decides it.
        more: Further figures of examples and what was answered to them: delay, alarms an hour.
        plain: Writes a fitted estimator down as plain numbers, with the thresholds that were found;
            such a model is scored without scikit-learn.
        good_at: For the model's card, a sentence.
        bad_at: Likewise.
        judged: People judge something that it can learn from.

    """

    examples: Callable[[Sources, Tell | None], Examples]
    fit: Callable[[Examples, int], Estimator]
    split_by: tuple[str, ...]
    by_rules: Callable[[Row], str | None]
    silent: frozenset[str] = frozenset()
    precision: float = 0.9
    threshold: Callable[[Examples, Scores], float] | None = None
    more: Callable[[Examples, Answers], Mapping[str, float]] | None = None
    plain: Callable[[Estimator, Mapping[str, float]], Linear | Weights] | None = None
    good_at: str = ""
    bad_at: str = ""
    judged: bool = True


def shared(rows: Sequence[Row], groups: Sequence[str], least: int) -> list[Row]:
    """Return the rows without features that occur in fewer than ``least`` groups.

    What only one program or session has is its own, and nothing to learn from.
    """
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for row, group in zip(rows, groups, strict=True):
        for name in row:
            seen[name].add(group)
    kept = {name for name, others in seen.items() if len(others) >= least}
    return [{name: value for name, value in row.items() if name in kept} for row in rows]


def kind_of(entry: Entry) -> Kind:
    """Import how a kind learns."""
    module, _, attribute = entry.place.partition(":")
    kind = getattr(importlib.import_module(module), attribute)
    if not isinstance(kind, Kind):
        raise TypeError(f"{entry.place} is no kind of model")
    return kind


def part(tell: Tell | None, start: float, until: float) -> Tell | None:
    """Return what tells a part's progress as that of the whole."""
    if tell is None:
        return None
    return lambda share: tell(start + share * (until - start))
