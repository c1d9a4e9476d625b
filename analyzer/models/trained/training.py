"""Trains a model of any kind, and says in its header what anybody has to know of it.

The same examples and seed give the same answers on every run: libraries use one thread, and
nothing here asks a clock. How a kind learns is its own; files are `analyzer.models.artifact`'s.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from analyzer.models.artifact import Header, ModelError, Probe, read_artifact, write_artifact
from analyzer.models.kinds import Entry
from analyzer.models.linear import Linear
from analyzer.models.loading import model_path
from analyzer.models.trained.evaluation import Judged, judge
from analyzer.models.trained.kinds import Examples, Kind, Scores, Sources, Tell, kind_of, part
from analyzer.models.trained.store import library, load_payload, payload_of, scores_of
from analyzer.models.weights import Weights

SEED = 20_240_229
"""What chance begins with, unless told otherwise."""

LEAST = 20
"""Examples below which there is nothing to learn from."""

LEAST_WORDS = 2

_PROBES = 4
_SAMPLES = 8


def train(
    entry: Entry, sources: Sources, seed: int = SEED, tell: Tell | None = None
) -> tuple[Header, bytes]:
    """Train a model of a kind; return its header and payload.

    Raises:
        ModelError: There are too few examples or groups, or but one answer among them.

    """
    examples = examples_of(entry, kind_of(entry), sources, part(tell, 0.0, 0.4))
    return train_on(examples, entry, sources, seed, tell)


def train_on(
    examples: Examples, entry: Entry, sources: Sources, seed: int = SEED, tell: Tell | None = None
) -> tuple[Header, bytes]:
    """Train a model of a kind on these examples, which came from these sources; as `train`.

    Raises:
        ModelError: There are too few groups.

    """
    kind = kind_of(entry)
    with threadpool_limits(1):
        judged = judge(kind, examples, seed, part(tell, 0.4, 0.9))
        estimator = kind.fit(examples, seed)
        words = [str(word) for word in estimator.classes_]
        scores = scores_of(estimator, words, examples.rows)
    payload = payload_of(estimator)
    plain = kind.plain(estimator, judged.thresholds) if kind.plain else None
    made = _Made(examples, judged, words, scores, payload, plain)
    header = _header(entry, sources, seed, made)
    # What cannot be loaded again must not be kept.
    load_payload(header, payload, "the model that was trained")
    if tell is not None:
        tell(1.0)
    return header, payload


def train_into(
    directory: Path, entry: Entry, sources: Sources, seed: int = SEED, tell: Tell | None = None
) -> tuple[Path, Header]:
    """Train a model and keep it as a file of a directory; an interruption leaves the old one.

    So does a model with the same answers: other processors give other bits, and no other model.

    Raises:
        ModelError: As for `train`; or it cannot be written.

    """
    header, payload = train(entry, sources, seed, tell)
    path = model_path(directory, entry.name)
    before = _header_at(path)
    if before is not None and before.same_as(header):
        return path, before
    write_artifact(path, header, payload)
    return path, header


def _header_at(path: Path) -> Header | None:
    try:
        return read_artifact(path)[0]
    except ModelError:
        return None


def examples_of(entry: Entry, kind: Kind, sources: Sources, tell: Tell | None = None) -> Examples:
    """Return a kind's examples.

    Raises:
        ModelError: They are too few to learn from.

    """
    examples = kind.examples(sources, tell)
    if len(examples) < LEAST or len(set(examples.words)) < LEAST_WORDS:
        raise ModelError(
            f"there are too few {sources.data} examples to train {entry.name} "
            f"({len(examples)} with {len(set(examples.words))} different answers)",
            "confirm more, or use --data both",
        )
    return examples


def answers_sha256(scores: Scores, thresholds: Mapping[str, float]) -> str:
    """Return what tells these answers from others: the words, and which of them are said.

    Not the probabilities, as processors add numbers up in different orders.
    """
    digest = hashlib.sha256()
    for each in scores:
        word, score = max(each.items(), key=lambda item: item[1])
        said = "said" if score >= thresholds.get(word, 0.0) else "kept"
        digest.update(f"{word} {said}\n".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Made:
    examples: Examples
    judged: Judged
    words: list[str]
    scores: Scores
    payload: bytes
    plain: Linear | Weights | None


def _header(entry: Entry, sources: Sources, seed: int, made: _Made) -> Header:
    examples, scores = made.examples, made.scores
    places = _spread(len(examples), _PROBES)
    return Header(
        kind=entry.name,
        features=entry.features,
        program=importlib.metadata.version("jumpseat"),
        library=library(),
        data=sources.data,
        data_sha256=examples.sha256(),
        samples=_samples(examples),
        examples=len(examples),
        answers=dict(sorted(Counter(examples.words).items())),
        groups={kind: len(set(names)) for kind, names in examples.groups.items()},
        seed=seed,
        words=made.words,
        thresholds=made.judged.thresholds,
        metrics={split.by: dict(split.model) for split in made.judged.splits},
        plain=made.plain,
        probes=[
            Probe(row=dict(examples.rows[place]), scores=dict(scores[place])) for place in places
        ],
        predictions_sha256=answers_sha256(scores, made.judged.thresholds),
        payload_sha256=hashlib.sha256(made.payload).hexdigest(),
    )


def _samples(examples: Examples) -> dict[str, str]:
    """Return the hashes of some sessions' examples; none where there are no sessions."""
    names = list(dict.fromkeys(examples.groups.get("session", ())))
    chosen = (names[place] for place in _spread(len(names), _SAMPLES))
    return {name: examples.of_session(name).sha256() for name in chosen}


def _spread(count: int, wanted: int) -> Sequence[int]:
    return sorted({count * number // wanted for number in range(wanted) if count})
