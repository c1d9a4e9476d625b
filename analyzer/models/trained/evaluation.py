"""Measures a kind of model on groups that it was not trained on, beside rules and the majority.

Never a random split: examples of one program, session or persona are either learnt from or asked
about. Thresholds are always taken from other groups than those that they are measured on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sklearn.model_selection import GroupKFold

from analyzer.models.artifact import ModelError
from analyzer.models.measures import (
    Answer,
    Bin,
    average_precision,
    bins_of,
    calibration_error,
    threshold_at,
)
from analyzer.models.trained.kinds import Answers, Examples, Kind, Scores, Tell
from analyzer.models.trained.store import scores_of

FOLDS = 5
"""Parts that the groups are dealt into; one is asked about, the others are learnt from."""


LEAST_GROUPS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What came out where one kind of group was kept together; figures by the measure's name.

    Attributes:
        by: The kind of group.
        groups: How many there are.
        model: Figures of the model.
        rules: Of rules without a model.
        majority: Of always saying what is most frequent.
        bins: How the model's probabilities and reality go together.

    """

    by: str
    groups: int
    model: Mapping[str, float]
    rules: Mapping[str, float]
    majority: Mapping[str, float]
    bins: Sequence[Bin]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A kind of model, measured; ``thresholds`` are those that a model of all examples gets."""

    splits: Sequence[Split]
    thresholds: dict[str, float]


def judge(kind: Kind, examples: Examples, seed: int, tell: Tell | None = None) -> Judged:
    """Measure a kind by cross-validation, once for each kind of group that it is split by.

    Raises:
        ModelError: There are fewer than two groups of a kind.

    """
    splits: list[Split] = []
    thresholds: dict[str, float] = {}
    total = FOLDS * len(kind.split_by)
    for by in kind.split_by:
        scores: list[Mapping[str, float]] = [{}] * len(examples)
        folds = [0] * len(examples)
        for number, (learnt, asked) in enumerate(_dealt(examples, by)):
            found = _scored(kind, examples.only(learnt), examples.only(asked), seed)
            for place, each in zip(asked, found, strict=True):
                scores[place], folds[place] = each, number
            if tell is not None:
                tell((len(splits) * FOLDS + number + 1) / total)
        splits.append(_split(kind, examples, by, scores, folds))
        thresholds = thresholds or thresholds_of(kind, examples, scores)
    return Judged(splits=splits, thresholds=thresholds)


def judge_others(
    kind: Kind,
    name: str,
    learnt: Examples,
    asked: Examples,
    thresholds: Mapping[str, float],
    seed: int,
) -> Split:
    """Measure a model of some examples on others, with thresholds that rest on the first."""
    scores = _scored(kind, learnt, asked, seed)
    lowest = min(thresholds.values())
    answers = [_said(kind, each, lowest) for each in scores]
    usual = Counter(learnt.words).most_common(1)[0][0]
    return _compared(kind, name, asked, scores, answers, [usual] * len(asked))


def _scored(kind: Kind, learnt: Examples, asked: Examples, seed: int) -> Scores:
    estimator = kind.fit(learnt, seed)
    return scores_of(estimator, [str(word) for word in estimator.classes_], asked.rows)


def _dealt(examples: Examples, by: str) -> Iterator[tuple[list[int], list[int]]]:
    names = examples.groups.get(by, ())
    count = len(set(names))
    if count < LEAST_GROUPS:
        raise ModelError(
            f"there are too few groups to measure by {by} ({count})",
            "confirm labels in more sessions, or use --data both",
        )
    folds = GroupKFold(n_splits=min(FOLDS, count))
    for learnt, asked in folds.split([0] * len(names), groups=list(names)):
        yield learnt.tolist(), asked.tolist()


def thresholds_of(kind: Kind, examples: Examples, scores: Scores) -> dict[str, float]:
    """Return from which probability on a word is said, so that answers are precise enough.

    One for all words: there are too few answers with most of them for one each.
    """
    found = _threshold(kind, examples, scores)
    return dict.fromkeys(sorted(set(examples.words) - kind.silent), found)


def _threshold(kind: Kind, examples: Examples, scores: Scores) -> float:
    if kind.threshold is not None:
        return kind.threshold(examples, scores)
    answers = [_answer(kind, *each) for each in zip(examples.words, scores, strict=True)]
    return threshold_at(answers, kind.precision)


def _answer(kind: Kind, truth: str, scores: Mapping[str, float]) -> Answer:
    word, score = _likeliest(kind, scores)
    return Answer(score, word == truth)


def _likeliest(kind: Kind, scores: Mapping[str, float]) -> tuple[str | None, float]:
    loud = ((word, score) for word, score in scores.items() if word not in kind.silent)
    return max(loud, key=lambda each: each[1], default=(None, 0.0))


def _split(kind: Kind, examples: Examples, by: str, scores: Scores, folds: Sequence[int]) -> Split:
    words = examples.words
    answers = _answers_elsewhere(kind, examples, scores, folds)
    usual = _most_frequent(words, folds)
    split = _compared(kind, by, examples, scores, answers, usual)
    return replace(split, groups=len(set(examples.groups[by])))


def _compared(
    kind: Kind,
    by: str,
    examples: Examples,
    scores: Scores,
    answers: Answers,
    usual: Answers,
) -> Split:
    words = examples.words
    judged = [_answer(kind, *each) for each in zip(words, scores, strict=True)]
    bins = bins_of(judged)
    model = _figures(kind, examples, scores, answers)
    lowest = threshold_at(judged, kind.precision)
    model |= {
        "coverage at 0.9": _coverage(kind, words, [
            _said(kind, each, lowest) for each in scores]),
        "calibration error": calibration_error(bins),
    }  # fmt: skip
    return Split(
        by=by,
        groups=max((len(set(names)) for names in examples.groups.values()), default=0),
        model=model,
        rules=_of_answers(kind, examples, [kind.by_rules(row) for row in examples.rows]),
        majority=_of_answers(kind, examples, usual),
        bins=bins,
    )


def _answers_elsewhere(
    kind: Kind, examples: Examples, scores: Scores, folds: Sequence[int]
) -> Answers:
    """Return what a model says whose threshold was taken from all folds but its own."""
    lowest: dict[int, float] = {}
    for fold in set(folds):
        others = [place for place, at in enumerate(folds) if at != fold]
        lowest[fold] = _threshold(kind, examples.only(others), [scores[place] for place in others])
    return [_said(kind, each, lowest[fold]) for each, fold in zip(scores, folds, strict=True)]


def _said(kind: Kind, scores: Mapping[str, float], threshold: float) -> str | None:
    word, score = _likeliest(kind, scores)
    return word if score >= threshold else None


def _most_frequent(words: Sequence[str], folds: Sequence[int]) -> Answers:
    """Return for each example what is most frequent outside of its fold."""
    best = {
        fold: Counter(w for w, at in zip(words, folds, strict=True) if at != fold).most_common(1)
        for fold in set(folds)
    }
    return [best[fold][0][0] if best[fold] else None for fold in folds]


def _of_answers(kind: Kind, examples: Examples, answers: Answers) -> dict[str, float]:
    scores = [{} if word is None else {word: 1.0} for word in answers]
    loud: Answers = [None if word in kind.silent else word for word in answers]
    return _figures(kind, examples, scores, loud)


def _figures(kind: Kind, examples: Examples, scores: Scores, answers: Answers) -> dict[str, float]:
    words = examples.words
    best = [max(each, key=lambda word: each[word]) if each else None for each in scores]
    right = sum(word == truth for word, truth in zip(best, words, strict=True))
    said = [(a, truth) for a, truth in zip(answers, words, strict=True) if a is not None]
    figures = {
        "right": right / len(words),
        "PR-AUC": _areas(kind, words, scores),
        "answered": _coverage(kind, words, answers),
    }
    if said:
        figures["precision"] = sum(a == truth for a, truth in said) / len(said)
    return figures | (dict(kind.more(examples, answers)) if kind.more is not None else {})


def _areas(kind: Kind, words: Sequence[str], scores: Scores) -> float:
    """Return the mean average precision of the words, each against all others."""
    areas = []
    for word in sorted(set(words) - kind.silent):
        answers = [
            Answer(each.get(word, 0.0), truth == word)
            for each, truth in zip(scores, words, strict=True)
        ]
        areas.append(average_precision(answers, sum(each.right for each in answers)))
    return sum(areas) / len(areas) if areas else 0.0


def _coverage(kind: Kind, words: Sequence[str], answers: Answers) -> float:
    """Return the share that is answered; where silence can be right, of what is to be found."""
    if not kind.silent:
        return sum(each is not None for each in answers) / len(words)
    wanted = sum(truth not in kind.silent for truth in words)
    found = sum(a == truth for a, truth in zip(answers, words, strict=True) if a is not None)
    return found / wanted if wanted else 0.0
