"""Calibration's figures as tables for people. What they are is `analyzer.calibration`'s."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from analyzer.calibration.deciding import WARNING, Bearings
from analyzer.calibration.differing import Apart, Changes
from analyzer.calibration.icc import Correlations, Totals
from analyzer.calibration.judged import RECOMMENDATION
from analyzer.calibration.leniency import Leniency
from analyzer.calibration.overview import Agreement, Overview
from analyzer.calibration.ratings import Figure
from analyzer.visible import plain
from tui.calibration.plot import axis, dots, reach, words
from tui.cli.output import counted, print_table, say

WIDEST = 5
"""Sessions that are shown of those that differ most."""

_SIGNALS = 10
"""Signals that are shown; the rest is in the JSON."""


def print_overview(found: Overview) -> None:
    """Print all of calibration's figures."""
    cards, sessions = counted(found.cards, "card"), counted(found.sessions, "session")
    _heading(f"Agreement: {cards} of {sessions}, as first submitted")
    _print_agreement(found.agreement)
    _heading("Totals")
    _print_totals(found.totals)
    _heading("Leniency: levels above the others of the same sessions")
    _print_leniency(found.leniency)
    _heading("Sessions that differ most")
    _print_differing(found.differing)
    _heading("Minds changed after the cards were opened")
    _print_changes(found.changes)
    _heading("Signals against decisions")
    _print_deciding(found.deciding)


def tell_left_out(left_out: Mapping[str, int], late: int) -> None:
    """Say how many sessions and cards are left out, and why."""
    if late:
        say(f"left out: {counted(late, 'card')} submitted when its author could see the others'")
    for why, count in left_out.items():
        say(f"left out: {counted(count, 'session')} {why}")


def _heading(title: str) -> None:
    click.echo(click.style(title, bold=True, underline=True))


def _print_agreement(found: Sequence[Agreement]) -> None:
    several = len({each.exercise for each in found if each.name != RECOMMENDATION}) > 1
    names = [
        f"{each.exercise}/{each.name}" if several and each.exercise else each.name for each in found
    ]
    titles = ("rated", "n", "alpha", "95%", "kappa", "95%", "AC1", "apart", "0/1/2/3/4", "")
    rows = [_agreement_row(name, each) for name, each in zip(names, found, strict=True)]
    print_table(titles, rows)
    click.echo("alpha, kappa, AC1: 1 is perfect, 0 is chance; apart: levels between two raters")
    apart = [
        (each.spread.value, name) for name, each in zip(names, found, strict=True)
        if each.spread.value is not None
    ]  # fmt: skip
    if len(apart) > 1 and max(apart)[0]:
        widest, name = max(apart)
        click.echo(f"read most differently: {plain(name)}, {widest:.2f} levels apart")
    lacking = [each for each in found if each.alpha.value is not None and each.kappa.why]
    if lacking:
        whys = "; ".join(dict.fromkeys(each.kappa.why for each in lacking))
        say(f"kappa is of pairs of raters: {whys}")
    click.echo()


def _agreement_row(name: str, found: Agreement) -> tuple[str, ...]:
    return (
        name,
        str(found.sessions),
        _digits(found.alpha),
        _interval(found.alpha),
        _digits(found.kappa),
        _interval(found.kappa),
        _digits(found.ac1),
        _digits(found.spread),
        "/".join(map(str, found.levels)),
        found.alpha.why,
    )


def _print_totals(found: Totals) -> None:
    for figure, name, text in (
        (found.single, "ICC(1,1)", "what one rater's total tells of the candidate"),
        (found.averaged, "ICC(1,k)", "what the mean of a session's totals tells"),
    ):
        if figure.value is None:
            click.echo(f"ICC: {figure.why}")
            break
        click.echo(f"{name}  {figure.value:5.2f}  {text}")
    if found.six is not None:
        names = ", ".join(map(plain, found.panel))
        click.echo(f"{names}, who rated the same {found.sessions} sessions:")
        print_table(("ICC", "one", "mean", ""), _six(found.six))
    click.echo()


def _six(found: Correlations) -> list[tuple[str, ...]]:
    rows = (
        ("(1,.)", found.one_single, found.one_mean, "raters come and go"),
        ("(2,.)", found.two_single, found.two_mean, "these stand for all raters"),
        ("(3,.)", found.three_single, found.three_mean, "these alone; stricter is no matter"),
    )
    return [(name, _plainly(one), _plainly(whole), text) for name, one, whole, text in rows]


def _print_leniency(found: Sequence[Leniency]) -> None:
    end = reach([each.figure for each in found])
    known = any(each.figure.value is not None for each in found)
    print_table(
        ("rater", "n", "mean", "", axis(end) if known else ""),
        [
            (
                each.rater,
                str(each.figure.cases),
                _digits(each.figure, sign=True),
                words(each),
                dots(each.figure, end),
            )
            for each in found
        ],
    )
    click.echo()


def _print_differing(found: Sequence[Apart]) -> None:
    if not found:
        click.echo("no two rated the same session")
    else:
        titles = ("session", "raters", "apart", "most in", "by", "recommended")
        print_table(titles, [_apart_row(each) for each in found[:WIDEST]])
        widest = found[0].session
        click.echo(f"look at it: jumpseat debrief {widest}; jumpseat replay {widest}")
    click.echo()


def _apart_row(found: Apart) -> tuple[str, ...]:
    name, by = found.widest
    recommended = " ".join(map(str, found.recommendations)) or "-"
    return (found.session, str(found.raters), f"{found.distance:.2f}", name, str(by), recommended)


def _print_changes(found: Changes) -> None:
    if not found.changed:
        click.echo(f"none of {counted(found.cards, 'card')}")
    else:
        click.echo(
            f"{found.changed} of {counted(found.cards, 'card')}:"
            f" {counted(found.up, 'rating')} went up, {found.down} down;\n"
            f"{found.towards} towards the others, {found.away} away;"
            f" {counted(found.across, 'recommendation')} crossed between hire and no hire"
        )
    click.echo()


def _print_deciding(found: Bearings) -> None:
    if found.why:
        click.echo(found.why)
        return
    click.echo(WARNING)
    if not found.signals:
        click.echo("no signal occurred often enough to be held against decisions")
    else:
        rows = [
            (
                each.signal,
                f"{each.hired} of {found.hired}",
                f"{each.rejected} of {found.rejected}",
                "-" if each.ratio is None else f"{each.ratio:.1f}",
                f"{each.p:.3f}",
                f"{each.adjusted:.3f}",
            )
            for each in found.signals[:_SIGNALS]
        ]
        print_table(("signal", "hire", "no hire", "ratio", "p", "adjusted"), rows)
    if more := max(0, len(found.signals) - _SIGNALS):
        say(f"{counted(more, 'signal')} more with --json")
    if found.left_out:
        say(f"{counted(found.left_out, 'signal')} left out, in too few sessions or in nearly all")


def _digits(figure: Figure, *, sign: bool = False) -> str:
    if figure.value is not None and sign:
        return f"{figure.value:+.2f}"
    return _plainly(figure.value)


def _plainly(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return "-"
    return f"{figure.low:.2f} to {figure.high:.2f}"
