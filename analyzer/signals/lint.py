"""Names each clause of a rule whose removal no example notices: it is not needed, or not tested.

A clause is a pattern, a key, or an entry of a list; of a list or macro that signals share, the
examples of all of them count. Names of programs under `[programs]` are facts, not clauses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pydantic import BaseModel

from analyzer.signals.examples import fault_of, named, spread
from analyzer.signals.patterns import Pattern, expressions
from analyzer.signals.replay import Seen
from analyzer.signals.schema import ROLES, Role, Rules, Signal
from analyzer.signals.words import kebab

_KEYS = (
    "fires",
    "after_within",
    "unless_since",
    "withdrawn_within",
    "count",
    "stretch",
    "cooldown",
)
_OF_PATTERN = (
    "without_after",
    "outcomes",
    "settled",
    "ok",
    "failed",
    "pending",
    "silent",
    "greeting",
    "signal",
)
_OF_COUNT = ("within", "same", "distinct")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause and the rules without it; ``place`` is where it stands, as people write it."""

    owner: str
    place: str
    without: Rules


def unnoticed(rules: Rules, ids: Sequence[str], jobs: int | None = None) -> Iterator[list[str]]:
    """Give, for each of some signals and then for what they share, the clauses nobody would miss.

    Each reads like ``apt-upgrade: when[0].without-options[2]``.
    """
    yield from spread(partial(_of_signal, rules), ids, jobs)
    if set(ids) == {signal.id for signal in rules.signal}:
        shared = [f"lists.{name}" for name in rules.lists]
        shared += [f"macros.{name}" for name in rules.macros]
        yield from spread(partial(_of_shared, rules), shared, jobs)


def _of_signal(rules: Rules, name: str) -> list[str]:
    own = rules.only(frozenset({name}))
    examples = _Examples(own, [named(own, name)])
    clauses = _clauses_of(own, named(own, name))
    return _named(each for each in clauses if not examples.notice(each))


def _of_shared(rules: Rules, name: str) -> list[str]:
    kind, _, key = name.partition(".")
    if kind == "lists":
        users = [signal for signal in rules.signal if key in _lists_of(rules, signal)]
        clauses = list(_clauses_of_list(rules, key))
    else:
        users = [signal for signal in rules.signal if key in _macros_of(signal)]
        clauses = list(_clauses_of_macro(rules, key))
    if not users:
        return [f"{name}: nothing uses it"]
    own = rules.only(frozenset(signal.id for signal in users))
    examples = _Examples(own, users)
    kept = {signal.id for signal in own.signal}
    return _named(
        each
        for each in clauses
        if not examples.notice(replace(each, without=each.without.only(frozenset(kept))))
    )


def _named(clauses: Iterable[Clause]) -> list[str]:
    """Return what people read; of a key that nobody misses, its entries are not named too."""
    names: list[str] = []
    for each in clauses:
        name = f"{each.owner}: {each.place}"
        if not any(name.startswith((f"{known}.", f"{known}[")) for known in names):
            names.append(name)
    return names


class _Examples:
    """The examples of some signals, each read once."""

    def __init__(self, rules: Rules, signals: Sequence[Signal]) -> None:
        self._rules = rules
        self._read = [
            (signal.id, example, Seen(example.transcript))
            for signal in signals
            for example in signal.example
        ]

    def notice(self, clause: Clause) -> bool:
        """Whether an example gives other tags without a clause."""
        subsets: dict[str, Rules] = {}
        for name, example, seen in self._read:
            if name not in subsets:
                subsets[name] = clause.without.only(frozenset({name}))
            if fault_of(example, seen.tags(subsets[name], name)) is not None:
                return True
        return False


def _clauses_of(rules: Rules, signal: Signal) -> Iterator[Clause]:
    for place, changed in _signal_variants(signal):
        kept = tuple(changed if each.id == signal.id else each for each in rules.signal)
        yield Clause(signal.id, place, rules.model_copy(update={"signal": kept}))


def _signal_variants(signal: Signal) -> Iterator[tuple[str, Signal]]:
    for role in ROLES:
        for place, patterns in _without_one(signal.patterns(role), role):
            yield place, _with(signal, role, patterns)
    for key in _KEYS:
        default = Signal.model_fields[key].default
        if getattr(signal, key) != default:
            yield kebab(key), signal.model_copy(update={key: default})
    if signal.count is not None:
        for key in _OF_COUNT:
            if getattr(signal.count, key) is not None:
                count = signal.count.model_copy(update={key: None})
                yield f"count.{key}", signal.model_copy(update={"count": count})


def _with(signal: Signal, role: Role, patterns: tuple[Pattern, ...]) -> Signal:
    if role == "reset-by":
        count = signal.count
        changed = count.model_copy(update={"reset_by": patterns}) if count else None
        return signal.model_copy(update={"count": changed})
    return signal.model_copy(update={role.replace("-", "_"): patterns})


def _without_one(
    patterns: tuple[Pattern, ...], name: str
) -> Iterator[tuple[str, tuple[Pattern, ...]]]:
    for number, pattern in enumerate(patterns):
        before, after = patterns[:number], patterns[number + 1 :]
        place = f"{name}[{number}]"
        if len(patterns) > 1 or name != "when":
            yield place, (*before, *after)
        for key, variant in _pattern_variants(pattern):
            yield f"{place}.{key}", (*before, variant, *after)


def _pattern_variants(pattern: Pattern) -> Iterator[tuple[str, Pattern]]:
    """Give a pattern without each of its keys, and without each entry of its lists."""
    for key in _OF_PATTERN:
        yield from _value_variants(pattern, key, needed=key in {"greeting", "signal"})
    for part in ("command", "login", "output", "edit", "probe"):
        inner = getattr(pattern, part)
        if inner is None:
            continue
        for key in type(inner).model_fields:
            needed = (part, key) in {("login", "outcome"), ("output", "text")}
            for place, changed in _value_variants(inner, key, needed=needed):
                yield f"{part}.{place}", pattern.model_copy(update={part: changed})


def _value_variants(
    model: BaseModel, key: str, *, needed: bool
) -> Iterator[tuple[str, Any]]:  # a model of the same type
    value = getattr(model, key)
    default = type(model).model_fields[key].default
    if value == default or not value:
        return
    if not needed:
        yield kebab(key), model.model_copy(update={key: default})
    if isinstance(value, tuple) and len(value) > 1:
        for number in range(len(value)):
            rest = (*value[:number], *value[number + 1 :])
            yield f"{kebab(key)}[{number}]", model.model_copy(update={key: rest})


def _clauses_of_list(rules: Rules, name: str) -> Iterator[Clause]:
    entries = rules.lists[name]
    for number in range(len(entries)):
        rest = (*entries[:number], *entries[number + 1 :])
        without = rules.model_copy(update={"lists": rules.lists | {name: rest}})
        yield Clause(f"lists.{name}", f"[{number}]", without)


def _clauses_of_macro(rules: Rules, name: str) -> Iterator[Clause]:
    for place, patterns in _without_one(rules.macros[name], ""):
        without = rules.model_copy(update={"macros": rules.macros | {name: patterns}})
        yield Clause(f"macros.{name}", place, without)


def _lists_of(rules: Rules, signal: Signal) -> set[str]:
    patterns = [pattern for role in ROLES for pattern in signal.patterns(role)]
    patterns += [each for name in _macros_of(signal) for each in rules.macros.get(name, ())]
    return {
        entry[1:]
        for pattern in patterns
        for entries in expressions(pattern).values()
        for entry in entries
        if entry.startswith("@")
    }


def _macros_of(signal: Signal) -> set[str]:
    return {pattern.use for role in ROLES for pattern in signal.patterns(role) if pattern.use}
