"""What is well-formed piece by piece and wrong together: names that nothing has, keys without use.

Reading files is the loader's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from analyzer.signals.patterns import Pattern, expressions
from analyzer.signals.schema import ROLES, Role, Rules, Signal, cited
from analyzer.signals.words import kebab

Place = tuple[str | int, ...]
Found = tuple[Place, str]
"""Where it is, and what is wrong there."""


def faults_of(rules: Rules, base: Rules | None = None) -> list[Found]:
    """Find what is wrong in rules that are valid one by one.

    Args:
        rules: The file.
        base: The file that it is laid over, if it is.

    """
    whole = rules if base is None else laid_over(base, rules)
    found = [*_signals(rules, whole), *_macros(rules, whole)]
    for name, entries in rules.lists.items():
        if any(entry.startswith("@") for entry in entries):
            found.append((("lists", name), "a list cannot hold another"))
    if base is not None:
        found += _silenced(rules, base)
        return found
    if rules.silence:
        found.append((("silence",), "only a file that is laid over another can silence"))
    if not rules.signal:
        found.append((("signal",), "there is no signal"))
    return found


def _signals(rules: Rules, whole: Rules) -> Iterator[Found]:
    seen: Counter[str] = Counter()
    for index, signal in enumerate(rules.signal):
        seen[signal.id] += 1
        if seen[signal.id] > 1:
            yield ("signal", index, "id"), f"{signal.id} is defined twice"
        for place, words in _signal(signal, whole):
            yield ("signal", index, *place), words


def _macros(rules: Rules, whole: Rules) -> Iterator[Found]:
    for name, patterns in rules.macros.items():
        for number, pattern in enumerate(patterns):
            place: Place = ("macros", name, number)
            for key, words in _pattern(pattern, whole):
                yield (*place, *key), words
            if pattern.use:
                yield (*place, "use"), "a macro cannot use another"


def laid_over(base: Rules, team: Rules) -> Rules:
    """Return the rules with a team's own laid over them: added, overridden by id, silenced."""
    own = {signal.id: signal for signal in team.signal}
    kept = [own.pop(each.id, each) for each in base.signal if each.id not in team.silence]
    added = [each for each in own.values() if each.id not in team.silence]
    return base.model_copy(
        update={
            "lists": base.lists | team.lists,
            "programs": base.programs | team.programs,
            "macros": base.macros | team.macros,
            "signal": (*kept, *added),
        }
    )


def _silenced(rules: Rules, base: Rules) -> Iterator[Found]:
    known = {signal.id for signal in base.signal}
    for name in rules.silence:
        if name not in known:
            yield ("silence",), f"there is no signal {name} to silence"


def _signal(signal: Signal, rules: Rules) -> Iterator[Found]:
    for role in ROLES:
        for number, pattern in enumerate(signal.patterns(role)):
            for key, words in _pattern(pattern, rules):
                yield (*_place(role), number, *key), words
    yield from _without_use(signal)
    if signal.id in _rests_on(rules, signal):
        yield ("id",), f"{signal.id} rests on itself, by way of other signals"


def _place(role: Role) -> Place:
    return ("count", "reset-by") if role == "reset-by" else (role,)


def _without_use(signal: Signal) -> Iterator[Found]:
    """Find keys that say how long, or since when, of something that is not there."""
    if signal.after_within is not None and not signal.after:
        yield ("after-within",), "there is no after"
    for number, pattern in enumerate(signal.when):
        if pattern.without_after and not signal.after:
            yield ("when", number, "without-after"), "there is no after"
    if signal.unless_since is not None and not signal.unless:
        yield ("unless-since",), "there is no unless"
    if signal.unless_since == "after" and not signal.after:
        yield ("unless-since",), "there is no after"
    if signal.unless_since == "stretch" and not signal.stretch:
        yield ("unless-since",), "there is no stretch"
    if signal.withdrawn_within is not None and not signal.withdrawn_by:
        yield ("withdrawn-within",), "there is no withdrawn-by"
    follows = bool(signal.then or signal.then_not)
    if signal.then_within is not None and not follows:
        yield ("then-within",), "there is no then and no then-not"
    if follows and signal.then_within is None:
        yield ("then-within",), "then and then-not need then-within"


def _rests_on(rules: Rules, signal: Signal) -> set[str]:
    """Return the ids of all signals that a signal rests on, in the end."""
    known = {each.id: each for each in rules.signal}
    found: set[str] = set()
    waiting = [signal]
    while waiting:
        for name in cited(rules, waiting.pop()):
            if name not in found:
                found.add(name)
                waiting += [known[name]] if name in known else []
    return found


def _pattern(pattern: Pattern, rules: Rules) -> Iterator[Found]:
    for key, entries in expressions(pattern).items():
        for entry in entries:
            if entry.startswith("@") and entry[1:] not in rules.lists:
                yield tuple(map(kebab, key)), f"there is no list {entry[1:]}"
    if pattern.use and pattern.use not in rules.macros:
        yield ("use",), f"there is no macro {pattern.use}"
    known = {signal.id for signal in rules.signal}
    for name in pattern.signal:
        if name not in known:
            yield ("signal",), f"there is no signal {name}"
