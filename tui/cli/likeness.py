"""`jumpseat session like`: sessions like one, and what makes them alike; printed.

How likeness is computed is `analyzer.models.likeness`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import click
from sqlalchemy import Engine

from analyzer.models.likeness import Alike, Part, Profile, Rare, most_alike, rare_signals
from analyzer.models.profiles import profiles
from analyzer.service import ensure_analysed, session_of
from analyzer.signals.loader import active_rules
from analyzer.visible import plain
from recorder.store.catalogue import find_session
from tui.books import check_sees_tags
from tui.cli.output import print_json, say
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.traced import trace_reading
from tui.cli.verbs import Verb, pass_settings, session_argument
from tui.person import person
from tui.seat.home.blind import Blindness


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat session like latest", "Sessions that went like the youngest one, and why."),
        ("jumpseat session like latest --any-exercise --json", "Of all exercises, for programs."),
    ),
)
@session_argument()
@click.option(
    "--limit", type=click.IntRange(1, 100), default=5, show_default=True, help="How many."
)
@click.option("--any-exercise", is_flag=True, help="Not only sessions of the same exercise.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@pass_settings
def like(settings: Settings, session: str, limit: int, any_exercise: bool, as_json: bool) -> None:
    """Print the sessions that are most like one, by what was noticed and how time was spent.

    For meetings that calibrate how people judge. It says what makes two alike and where they
    differ, never which is better. Tags that people rejected do not count. Sessions that were never
    analysed are left out: `jumpseat analyze --all`. So are those that you judge without their tags.
    """
    directory = find_session(settings.home, session)
    with opened_store(settings) as engine:
        check_sees_tags(settings.home, engine, directory.name, person())
        trace_reading(settings, engine, directory.name)
        ensure_analysed(directory, engine)
        name = session_of(directory)
        known, hidden = _seen(settings, engine, profiles(engine))
    if hidden:
        which = "session that you judge without its tags is left out"
        if hidden > 1:
            which = "sessions that you judge without their tags are left out"
        say(f"{hidden} {which}")
    own, others = _sorted_out(known, name, any_exercise=any_exercise)
    found = most_alike(own, others, limit=limit)
    rare = rare_signals(own, others)
    if as_json:
        print_json({"session": name, "like": [asdict(e) for e in found],
                    "rare": [asdict(each) for each in rare], "compared": len(others)})  # fmt: skip
        return
    _print(found, rare, len(others))
    if found:
        say(f"`jumpseat replay {name} --beside {found[0].session}` shows the two side by side")


_Known = Mapping[str | None, Sequence[Profile]]


def _seen(settings: Settings, engine: Engine, known: _Known) -> tuple[_Known, int]:
    """Return what of it the person may see, and how many sessions are kept from them."""
    every = [each.session for those in known.values() for each in those]
    hidden = Blindness(settings.home, person()).hidden(engine, every)
    seen = {
        exercise: tuple(each for each in those if each.session not in hidden)
        for exercise, those in known.items()
    }
    return seen, len(hidden)


def _sorted_out(
    known: _Known, session: str, *, any_exercise: bool
) -> tuple[Profile, list[Profile]]:
    """Return the session's own profile, and those that it is compared with."""
    for those in known.values():
        for own in those:
            if own.session == session:
                pool = [e for each in known.values() for e in each] if any_exercise else those
                return own, [each for each in pool if each.session != session]
    return Profile(session=session), []


def _print(found: Sequence[Alike], rare: Sequence[Rare], compared: int) -> None:
    titles = {signal.id: signal.title for signal in active_rules().signal}
    if not found:
        say("no other session of this exercise is like it" if compared else "nothing to compare it"
            " with: no other session of this exercise was analysed")  # fmt: skip
    for each in found:
        click.echo(click.style(f"{each.session}  {each.likeness:.0%} alike", bold=True))
        for title, parts in (("alike", each.alike), ("apart", each.different)):
            for part in parts:
                click.echo(f"  {title}: {plain(part_words(part, titles))}")
        if not each.by_phases:
            click.echo(
                "  by tags alone: phases of one are not known; `jumpseat analyze` finds them"
            )
    if rare:
        click.echo(click.style("rare", bold=True))
    for one in rare:
        words = titles.get(one.signal, one.signal)
        click.echo(plain(f"  {words}: in {one.elsewhere} of {one.others} others"))


def part_words(part: Part, titles: Mapping[str, str]) -> str:
    """Return a feature and its values in the two sessions, in words."""
    if part.kind == "signal":
        words = titles.get(part.name, part.name)
        return f"{words} ({_times(part.here)} here, {_times(part.there)} there)"
    what = f"time on {part.name}" if part.kind == "topic" else f"time {part.name}"
    return f"{what} ({part.here:.0%} here, {part.there:.0%} there)"


def _times(count: float) -> str:
    number = int(count)
    return "once" if number == 1 else "never" if number == 0 else f"{number} times"
