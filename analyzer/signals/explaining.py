"""Why a signal fired in a recording, or did not: what came near, what was missing, and when.

Words for people; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from analyzer.analysis import Pipeline
from analyzer.commands.run import Run
from analyzer.edits.record import FileEdit
from analyzer.models.loading import plain
from analyzer.models.reasons import MOST as REASONS
from analyzer.models.reasons import reasons_of
from analyzer.models.troubles import Troubles
from analyzer.models.windows import Window
from analyzer.records import Tag
from analyzer.signals.engine import Engine
from analyzer.signals.facts import Fact, Line, LoginTried, Probed
from analyzer.signals.found import Match
from analyzer.signals.holding import Told
from analyzer.signals.kinds.probe import words as probe_words
from analyzer.signals.prepared import Prepared, Surroundings
from analyzer.signals.schema import Rules
from recorder.recording.reader import RecordingReader

_TEXT = 100
_STEPS = 2000
"""Steps that are kept at most: a signal that is about every command comes near at each."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that mattered to a signal; ``t`` in seconds since the session's start."""

    t: float
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All steps, in order, and the tags that came of them; ``more`` steps were left out."""

    steps: tuple[Step, ...]
    tags: tuple[Tag, ...]
    more: int


def explain(directory: Path, rules: Rules, name: str) -> Explanation:
    """Run a recording again for one signal, and tell what it made of it.

    Raises:
        SessionNotFoundError: There is no recording in the directory.

    """
    steps: list[Step] = []
    left_out = 0

    subset = rules.only(frozenset({name}))
    told = {each.id for each in subset.signal}

    def tell(signal: str, t: float, words: str) -> None:
        nonlocal left_out
        if signal not in told:
            return
        if len(steps) >= _STEPS:
            left_out += 1
            return
        steps.append(Step(t, words if signal == name else f"{signal}: {words}"))

    troubles = _troubles(rules, name, tell)
    # A model looks at what all rules found.
    held = subset if troubles is None else rules

    def hide(text: str) -> str:
        return pipeline.hide(text)

    pipeline = Pipeline(held, Engine(held, tell, partial(near, hide)), troubles)
    tags: dict[str, Tag] = {}
    with RecordingReader(directory) as reader:
        ended = not reader.is_live
        for event in reader.read():
            tags |= {tag.id: tag for tag in pipeline.observe(event).tags}
        if ended or reader.closed is not None:
            tags |= {tag.id: tag for tag in pipeline.finish().tags}
    found = tuple(tag for tag in tags.values() if tag.signal == name)
    return Explanation(tuple(steps), found, left_out)


def _troubles(rules: Rules, name: str, tell: Told) -> Troubles | None:
    """Return the models' part that tells what it believes, where the signal asks for a model."""
    asked = next(each.model for each in rules.signal if each.id == name)
    model = plain(asked) if asked else None
    if model is None or asked is None:
        if asked:
            tell(name, 0.0, f"there is no model {asked}: the rule is alone")
        return None

    def note(t: float, window: Window | None) -> None:
        belief = next(each.belief for each in troubles.alarms if each.signal.id == name)
        if window is not None and belief >= model.low:
            reasons = reasons_of(window, model.parts(window.row))[:REASONS]
            words = "; ".join(each.text for each in reasons)
            tell(name, t, f"the model believes {belief:.2f} (alarm at {model.high:.2f}): {words}")

    troubles = Troubles(rules, {asked: model}, note)
    return troubles


def near(
    hide: Callable[[str], str],
    fact: Fact,
    held: Iterable[tuple[Prepared, Match | None]],
    around: Surroundings,
) -> Iterator[tuple[int, float, str]]:
    """Give, for each pattern that was held against a fact, its signal's position and words.

    ``hide`` takes a text and returns it without secrets.
    """
    for prepared, match in held:
        place = f"{prepared.place.role}[{prepared.place.number}]"
        if match is not None:
            words = f"{place} found {_shown(fact, hide)}, outcome {match.outcome}"
        elif reason := _reason(prepared, fact, around, hide):
            words = f"{place} came near with {_shown(fact, hide)}: {reason}"
        else:
            continue
        yield prepared.place.watch, fact.t, words


def _reason(
    prepared: Prepared, fact: Fact, around: Surroundings, hide: Callable[[str], str]
) -> str | None:
    obstacle: str | None = None
    if isinstance(fact, Run) and prepared.command:
        return prepared.command.verdict(fact, around.owner(fact), hide)
    if isinstance(fact, Line) and prepared.output:
        obstacle = prepared.output.obstacle(around.running(fact))
    elif isinstance(fact, FileEdit) and prepared.edit:
        obstacle = prepared.edit.obstacle(fact) or f"saved is {fact.saved}; outcomes"
    elif isinstance(fact, Probed) and prepared.probe:
        obstacle = prepared.probe.obstacle(fact)
    elif isinstance(fact, LoginTried) and prepared.login:
        obstacle = prepared.login.obstacle(fact, around.beside(fact.login, 0.0))
        obstacle = obstacle or "nothing stayed open since `after`: while-open"
    return f"{obstacle} does not fit" if obstacle else None


def _shown(fact: Fact, hide: Callable[[str], str]) -> str:
    """Say what a fact is, short and without secrets."""
    match fact:
        case Run():
            text = f"`{hide(fact.command.text)}`"
        case Line():
            text = f"the line `{hide(fact.text)}`"
        case FileEdit():
            text = f"the edit of {fact.path}"
        case Probed():
            text = f"probe {fact.entry.probe} ({' '.join(probe_words(fact.entry))})"
        case LoginTried():
            text = f"connection {fact.login.number}, {fact.login.words()}"
        case _:
            text = f"a {type(fact).__name__.lower()}"
    flat = " ".join(hide(text).split())
    return flat if len(flat) <= _TEXT else f"{flat[: _TEXT - 1]}…"
