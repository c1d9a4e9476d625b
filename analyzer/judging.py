"""Which tag or stretch somebody means, and whether what they say of it makes sense.

A tag is named by its id, by the beginning of its id, or by signal and time as tables show them:
``apache-stopped@12:03.4``. Errors name what comes near. Nothing is stored here.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from analyzer.models.words import ACTIVITIES, TOPICS, Trouble
from analyzer.records import Phase, Tag
from recorder.errors import UsageError

TROUBLES: tuple[Trouble, ...] = get_args(Trouble)

NEAR = 1.0
"""Seconds that a written time may lie off a tag's own: tables show tenths, people whole seconds."""

_SHOWN = 4
"""Near matches that an error names."""

_TAG_RULE = "an id, the beginning of one, or SIGNAL@TIME as `jumpseat tags` shows them"


def find_tag(
    tags: Sequence[Tag],
    words: str,
    parse_time: Callable[[str], float],
    show_time: Callable[[float], str],
) -> Tag:
    """Return the one tag that was meant.

    Args:
        tags: Those that can be judged.
        words: What was written.
        parse_time: Turns a written moment into seconds; raises UsageError.
        show_time: Writes a moment as tables do.

    Raises:
        UsageError: None, or more than one, answers to it.

    """
    exact = [tag for tag in tags if tag.id == words]
    if exact:
        return exact[0]
    found = _by_place(tags, words, parse_time)
    if found is None:
        found = [tag for tag in tags if words and tag.id.startswith(words)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{words!r} may be any of {_named(found, show_time)}", "write more of the id"
        )
    near = _near(tags, words, parse_time)
    cause = f"no tag {words!r}"
    if near:
        cause += f"; near it: {_named(near, show_time)}"
    raise UsageError(cause, f"name it by {_TAG_RULE}")


def _by_place(
    tags: Sequence[Tag], words: str, parse_time: Callable[[str], float]
) -> list[Tag] | None:
    """Return the tags of a signal at a moment, the nearest alone; None where no @ is in it."""
    signal, at, when = words.rpartition("@")
    if not at:
        return None
    t = parse_time(when)
    near = [tag for tag in tags if tag.signal == signal and abs(tag.t - t) <= NEAR]
    if not near:
        return []
    least = min(_apart(tag, t) for tag in near)
    return [tag for tag in near if _apart(tag, t) == least]


def _apart(tag: Tag, t: float) -> int:
    """Return the tenths between a tag and a moment; tables cut what is below a tenth."""
    return abs(int(tag.t * 10) - int(t * 10 + 1e-6))


def _near(tags: Sequence[Tag], words: str, parse_time: Callable[[str], float]) -> list[Tag]:
    """Return what may have been meant: the signal elsewhere, another at that moment, like ids."""
    signal, at, when = words.rpartition("@")
    if at:
        t = parse_time(when)
        names = difflib.get_close_matches(signal, {tag.signal for tag in tags}, n=2, cutoff=0.6)
        likely = [tag for tag in tags if tag.signal in names]
        likely = likely or [tag for tag in tags if abs(tag.t - t) <= 30 * NEAR]
        return sorted(likely, key=lambda tag: abs(tag.t - t))[:_SHOWN]
    names = difflib.get_close_matches(words, {tag.signal for tag in tags}, n=2, cutoff=0.6)
    ids = difflib.get_close_matches(words, [tag.id for tag in tags], n=_SHOWN, cutoff=0.5)
    return [tag for tag in tags if tag.signal in names or tag.id in ids][:_SHOWN]


def _named(tags: Iterable[Tag], show_time: Callable[[float], str]) -> str:
    found = list(tags)
    named = ", ".join(f"{tag.signal}@{show_time(tag.t)} ({tag.id})" for tag in found[:_SHOWN])
    return named + (f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")


def checked_label(tag: Tag, label: str, signals: Collection[str]) -> str:
    """Return the signal that a tag is said to be instead.

    Raises:
        UsageError: There is no such signal, or it is the tag's own.

    """
    if label not in signals:
        near = difflib.get_close_matches(label, list(signals), n=_SHOWN, cutoff=0.5)
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise UsageError(
            f"there is no signal {label!r}{hint}", "`jumpseat signals list` shows them"
        )
    if label == tag.signal:
        raise UsageError(f"{tag.id} is {label} already", "--confirm says that it is right")
    return label


@dataclass(frozen=True, slots=True)
class Spoken:
    """A stretch in seconds, and what was said that it is."""

    start: float
    until: float
    label: str


_STRETCH_RULE = "write it as FROM-UNTIL=WORD, for example 12:00-15:30=database/configuring"


def parse_stretch(
    words: str, phases: Sequence[Phase], parse_time: Callable[[str], float]
) -> Spoken:
    """Return a stretch and its label: TOPIC/ACTIVITY, one of them, or a trouble.

    Of one word alone the other is what ``phases`` say of most of the stretch: who relabels a row
    that they see changes what is wrong in it.

    Raises:
        UsageError: It is not written so, its times make no stretch, or the words are unknown.

    """
    span, equals, label = words.partition("=")
    start, until = parse_span(span, parse_time)
    if not equals:
        raise UsageError(f"what was {words} to be?", _STRETCH_RULE)
    return Spoken(start, until, _phase_label(label.strip(), start, until, phases))


def parse_span(words: str, parse_time: Callable[[str], float]) -> tuple[float, float]:
    """Return the seconds that FROM-UNTIL stands for.

    Raises:
        UsageError: It is not written so, or its times make no stretch.

    """
    start, dash, until = words.partition("-")
    if not dash:
        raise UsageError(f"not a stretch: {words!r}", _STRETCH_RULE)
    found = parse_time(start), parse_time(until)
    if found[0] >= found[1]:
        raise UsageError(f"{start} is not before {until}", _STRETCH_RULE)
    return found


def _phase_label(label: str, start: float, until: float, phases: Sequence[Phase]) -> str:
    parts = label.split("/")
    known = (*TOPICS, *ACTIVITIES, *TROUBLES)
    if len(parts) == 1 and label in known:
        if label in TROUBLES:
            return label
        return _completed(label, start, until, phases)
    if len(parts) == 2 and parts[0] in TOPICS and parts[1] in ACTIVITIES:  # noqa: PLR2004 - TOPIC/ACTIVITY
        return label
    strange = next((part for part in parts if part not in known), label)
    near = difflib.get_close_matches(strange, known, n=_SHOWN, cutoff=0.5)
    hint = f"; near it: {', '.join(near)}" if near else ""
    raise UsageError(
        f"no such label: {label!r}{hint}",
        f"topics: {', '.join(TOPICS)}; activities: {', '.join(ACTIVITIES)};"
        f" or {' or '.join(TROUBLES)}",
    )


def _completed(word: str, start: float, until: float, phases: Sequence[Phase]) -> str:
    shares = [(min(until, each.until) - max(start, each.start), each) for each in phases]
    share, most = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    if most is None or share <= 0:
        raise UsageError(
            f"of that stretch no more is known than {word!r}", "give both, as TOPIC/ACTIVITY"
        )
    return f"{word}/{most.activity}" if word in TOPICS else f"{most.topic}/{word}"
