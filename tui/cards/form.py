"""A card as a form in TOML, to be filled in an editor: written with its explanations, and read.

The file is private to whoever fills it; what it says is kept by `recorder.cards`, sealed.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from recorder.cards.card import Card, Evidence, Rating, checked
from recorder.errors import JumpseatError, UsageError
from recorder.exercise.schema import Competency, Exercise
from recorder.toml_lines import Fault, Place, dotted, line_of, lines_of, read_toml, toml_fault

ReadEvidence = Callable[[str, Sequence[Evidence]], Evidence]
ShowEvidence = Callable[[Evidence], str]

_TEXTS = ("reason", "strengths", "gaps")
_WIDTH = 96
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Categories of what a terminal acts on, or nobody sees: candidates' words stand in a form too."""
_WRITTEN = frozenset("\n\t\N{ZERO WIDTH JOINER}")
"""What people write of it, on lines of their own and in emoji."""


class FormError(JumpseatError):
    """A form cannot be read; ``faults`` holds all that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}", "mend the form; nothing of it was kept")
        self.faults = tuple(faults)


def write_form(card: Card, plan: Exercise | None, title: str, show: ShowEvidence) -> str:
    """Return a form with what the card says already.

    Args:
        card: The card.
        plan: The exercise, whose competencies are rated.
        title: What is judged, for the first line.
        show: Writes evidence as a line.

    """
    words = plan.cards.recommendation if plan else ()
    named = ", ".join(f"{number} {each}" for number, each in enumerate(words, start=1))
    parts = [
        _comment(f"Your card of {title}. Nobody sees it before the debrief."),
        _comment(f"Overall recommendation: {named or '1 to 4'}; remove the # to give one."),
        _value("recommendation", card.recommendation),
        _comment("Why, and what stood out."),
        *(f"{name} = {_text(getattr(card, name))}" for name in _TEXTS),
    ]
    for each in plan.competency if plan else ():
        parts += ["", *_section(each, card.rating(each.id), show)]
    return "\n".join(parts) + "\n"


def read_form(
    text: str, card: Card, competencies: Sequence[Competency], file: str, read: ReadEvidence
) -> Card:
    """Return the card that a form says; what it leaves out is as it was.

    Args:
        text: The form.
        card: What the card said before.
        competencies: What can be rated.
        file: What faults call the form.
        read: Reads one line of evidence; raises UsageError.

    Raises:
        FormError: It is not TOML, or says what no card can; all faults at once.

    """
    try:
        raw = read_toml(text)
    except (ValueError, RecursionError) as error:
        raise FormError((toml_fault(file, error, text),)) from error
    lines = lines_of(text)
    faults: list[Fault] = []

    def fault(place: Place, words: str) -> None:
        faults.append(Fault(file, line_of(lines, place), dotted(place), words))

    known = {each.id for each in competencies}
    for key, value in raw.items():
        if key in {"recommendation", *_TEXTS}:
            card = _set(card, (key,), {key: value}, fault)
        elif key in known and isinstance(value, dict):
            card = _rate(card, key, value, read, fault)
        else:
            fault((key,), f"unknown; competencies are {', '.join(sorted(known)) or 'none'}")
    if faults:
        raise FormError(faults)
    return card


def _section(competency: Competency, rating: Rating, show: ShowEvidence) -> list[str]:
    levels = [_comment(f"{n}  {each}", "   ") for n, each in enumerate(competency.levels)]
    shown = [f"  {_quoted(show(each))}," for each in rating.evidence]
    evidence = ["evidence = [", *shown, "]"] if shown else ["evidence = []"]
    return [
        f"[{competency.id}]",
        _comment(f"{competency.title}: {competency.question}"),
        *levels,
        _value("level", rating.level),
        f"reason = {_text(rating.reason)}",
        *evidence,
    ]


def _rate(
    card: Card,
    competency: str,
    given: dict[str, Any],
    read: ReadEvidence,
    fault: Callable[[Place, str], None],
) -> Card:
    before = card.rating(competency)
    fields: dict[str, Any] = {"level": before.level, "reason": before.reason}
    pieces = list(before.evidence)
    for key, value in given.items():
        if key in fields:
            fields[key] = value.strip() if isinstance(value, str) else value
        elif key == "evidence" and isinstance(value, list):
            pieces = _evidence(value, (competency, key), before.evidence, read, fault)
        else:
            fault((competency, key), "unknown; there are level, reason and evidence, a list")
    rating = {"competency": competency, **fields, "evidence": [p.model_dump() for p in pieces]}
    ratings = [each.model_dump() for each in card.ratings if each.competency != competency]
    return _set(card, (competency,), {"ratings": [*ratings, rating]}, fault)


def _evidence(
    given: list[Any],
    place: Place,
    before: Sequence[Evidence],
    read: ReadEvidence,
    fault: Callable[[Place, str], None],
) -> list[Evidence]:
    found = []
    for number, each in enumerate(given):
        try:
            found.append(read(str(each), before))
        except UsageError as error:
            fault((*place, number), str(error))
    return found


def _set(
    card: Card, place: Place, values: dict[str, Any], fault: Callable[[Place, str], None]
) -> Card:
    stripped = {key: v.strip() if isinstance(v, str) else v for key, v in values.items()}
    try:
        return checked(card, **stripped)
    except UsageError as error:
        # The place within the list of ratings says nothing to whoever fills a form.
        words = re.sub(r"^ratings\.\d+\.", "", error.cause)
        fault(place, words)
        return card


def _comment(text: str, indent: str = "") -> str:
    flat = " ".join(_spelt(text).split())
    following = f"# {indent}"
    return textwrap.fill(flat, _WIDTH, initial_indent="# ", subsequent_indent=following)


def _value(key: str, value: int | None) -> str:
    return f"# {key} = " if value is None else f"{key} = {value}"


def _text(text: str) -> str:
    """Write text as a string of several lines; TOML drops a newline behind the opening quotes."""
    escaped = text.replace("\\", "\\\\").replace('"""', '""\\"')
    escaped = re.sub(r'"$', '\\"', escaped)
    return f'"""\n{_spelt(escaped)}"""' if text else '""""""'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_spelt(escaped, frozenset())}"'


def _spelt(text: str, kept: frozenset[str] = _WRITTEN) -> str:
    """Spell out what nobody sees, as TOML does."""
    return "".join(
        _escape(each) if unicodedata.category(each) in _UNSEEN and each not in kept else each
        for each in text
    )


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004
