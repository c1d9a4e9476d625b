"""What is wrong in an exercise although each value is of its type: things that do not fit together.

Only what can be told from the plan itself. What work and signals are called is the analyzer's to
know, and whether a shell would read the script that prepares a server is asked where a person asks
for it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from recorder.exercise.schema import (
    DAYS,
    MOST_MINUTES,
    Exercise,
    HttpProbe,
    LoginProbe,
    Named,
)
from recorder.toml_lines import Place

Found = tuple[Place, str]
"""Where, and what is wrong there."""

# Zero-width space, word joiner, byte order mark; marks and overrides of direction. What joins
# letters in scripts that need it, U+200C and U+200D, is left alone.
_UNSEEN = frozenset("\u200b\u2060\ufeff\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e")
_UNSEEN_DIRECTIONS = frozenset("\u2066\u2067\u2068\u2069")
_LAYOUT = frozenset("\n\t")

_ON_EVERY_CARD = frozenset({"recommendation", "reason", "strengths", "gaps"})
"""What a card says beside its ratings, under these names in its form and in figures."""


def together(plan: Exercise) -> Iterator[Found]:
    """Find what is well-formed part by part and wrong together."""
    yield from _twice(plan)
    yield from _clock(plan)
    yield from _told(plan)
    yield from _cards(plan)
    yield from _unfitting_probes(plan)


def unseen(value: object, place: Place = ()) -> Iterator[Found]:
    """Find characters that nobody sees in the texts of a document, keys included.

    They make two words look the same, or a text read otherwise than it is written.
    """
    match value:
        case str():
            if odd := next(filter(_is_unseen, value), None):
                name = unicodedata.name(odd, "a control character")
                yield place, f"holds U+{ord(odd):04X} ({name.lower()}), which nobody sees"
        case dict():
            for key, inner in value.items():
                yield from unseen(inner, (*place, key))
        case list():
            for number, inner in enumerate(value):
                yield from unseen(inner, (*place, number))
        case _:
            pass


def _is_unseen(character: str) -> bool:
    if character in _UNSEEN or character in _UNSEEN_DIRECTIONS:
        return True
    return unicodedata.category(character) == "Cc" and character not in _LAYOUT


def _twice(plan: Exercise) -> Iterator[Found]:
    named: dict[Place, Sequence[Named]] = {
        ("task",): plan.task,
        ("probe",): plan.probe,
        ("closing-question",): plan.closing_question,
        ("information",): plan.information,
        ("competency",): plan.competency,
        ("clock", "phase"): plan.clock.phase,
    }
    for place, parts in named.items():
        ids = [part.id for part in parts]
        for number, repeated in _repeated(ids):
            yield (*place, number, "id"), f"{repeated} is there twice"
    topics = [(("task", number), task.topics) for number, task in enumerate(plan.task)]
    topics += [(("competency", number), each.topics) for number, each in enumerate(plan.competency)]
    for place, words in topics:
        for number, repeated in _repeated(words):
            yield (*place, "topics", number), f"{repeated} is there twice"


def _repeated(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Give what was there before, each with its place."""
    seen: set[str] = set()
    for number, word in enumerate(words):
        if word in seen:
            yield number, word
        seen.add(word)


def _clock(plan: Exercise) -> Iterator[Found]:
    whole = plan.clock.minutes
    if whole > MOST_MINUTES:
        yield ("clock", "phase"), f"{whole} minutes together, more than a day"
    lefts = [str(each.left) for each in plan.clock.announcement]
    for number, each in enumerate(plan.clock.announcement):
        if each.left >= whole:
            words = f"the whole exercise has only {whole} minutes"
            yield ("clock", "announcement", number, "left"), words
    for number, left in _repeated(lefts):
        words = f"something else is said when {left} minutes are left"
        yield ("clock", "announcement", number, "left"), words
    if sum(phase.tasks for phase in plan.clock.phase) != 1:
        yield ("clock", "phase"), "one phase, and only one, has tasks = true"


def _told(plan: Exercise) -> Iterator[Found]:
    """Whoever agrees to be recorded is told for how long; a number in words would grow wrong."""
    if DAYS not in plan.consent.text:
        words = f"does not say {DAYS}, which stands for the days of retention.days"
        yield ("consent", "text"), words


def _cards(plan: Exercise) -> Iterator[Found]:
    for number, competency in enumerate(plan.competency):
        if competency.id in _ON_EVERY_CARD:
            words = f"{competency.id} stands on every card already: choose another id"
            yield ("competency", number, "id"), words
        for level, _ in _repeated([_bare(words) for words in competency.levels]):
            yield ("competency", number, "levels", level), "says the same as a level before it"
    for number, words in _repeated([_bare(words) for words in plan.cards.recommendation]):
        yield ("cards", "recommendation", number), f"{words!r} is there twice"


def _bare(words: str) -> str:
    """Return words as somebody reads them who looks for a difference."""
    return " ".join(words.casefold().split())


def _unfitting_probes(plan: Exercise) -> Iterator[Found]:
    page = plan.target.page
    for number, probe in enumerate(plan.probe):
        if isinstance(probe, LoginProbe):
            if probe.user != plan.target.user:
                words = f"must be the target's own user, {plan.target.user}"
                yield ("probe", number, "user"), words
        elif not (probe.contains and page):
            continue
        elif _is_front_page(probe) and probe.contains not in page.html:
            yield ("probe", number, "contains"), "these words are not in target.page.html"


def _is_front_page(probe: HttpProbe) -> bool:
    return (probe.scheme, probe.real_port, probe.path, probe.host) == ("http", 80, "/", None)
