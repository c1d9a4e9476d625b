"""The kinds of models: an explicit list, cheap to import; how each learns is in `trained/`.

Whoever changes what a kind's features mean raises its revision: models of another are refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.models.revisions import LINES, WINDOWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A kind of model.

    Attributes:
        name: What it is called, on the command line and in file names.
        title: What it tells, in a few words.
        features: Revision of its features.
        place: ``module:attribute`` of its `analyzer.models.trained.kinds.Kind`.

    """

    name: str
    title: str
    features: int
    place: str


KINDS: tuple[Entry, ...] = (
    Entry(
        name="intent",
        title="what a command is for, of a program whose family is known",
        features=LINES,
        place="analyzer.models.trained.intent:FAMILY_KIND",
    ),
    Entry(
        name="intent-by-words",
        title="what a command is for, of a program that nothing is known of",
        features=LINES,
        place="analyzer.models.trained.intent:WORDS_KIND",
    ),
    Entry(
        name="stuck",
        title="whether somebody has failed for a while without getting further",
        features=WINDOWS,
        place="analyzer.models.trained.trouble:STUCK",
    ),
    Entry(
        name="rabbit-hole",
        title="whether somebody has worked for a while on what no task asks for",
        features=WINDOWS,
        place="analyzer.models.trained.trouble:RABBIT_HOLE",
    ),
)


def entry_of(name: str) -> Entry | None:
    """Return a kind, None where there is none of that name."""
    return next((each for each in KINDS if each.name == name), None)
