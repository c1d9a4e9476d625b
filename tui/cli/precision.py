"""`jumpseat signals precision`: how often each signal was right, by what people said; printed.

How it is counted is `analyzer.precision`'s.
"""

from __future__ import annotations

import click

from analyzer.precision import LEAST, SignalPrecision, precisions
from tui.cli.output import print_json, print_table, say
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.verbs import Verb, pass_settings


@click.command(
    cls=Verb,
    examples=(
        ("jumpseat signals precision", "How often each signal was right."),
        ("jumpseat signals precision --json", "With intervals, for programs."),
    ),
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON; its fields are a contract.")
@pass_settings
def precision(settings: Settings, as_json: bool) -> None:
    """Print how often each signal was right, by what people said of its tags.

    Of each tag the last judgement counts. Tags that are gone since then are counted apart, as
    orphaned. There is no share below five judged tags.
    """
    with opened_store(settings) as engine:
        found = precisions(engine)
    if as_json:
        print_json([precision_json(each) for each in found])
        return
    if not found:
        say("nobody said anything of any tag; `jumpseat tags SESSION --confirm ID` does")
        return
    titles = ("signal", "right", "judged", "share", "95%", "missed", "orphaned", "disputed")
    print_table(titles, [_row(each) for each in found])
    if any(each.precision is None for each in found):
        say(f"no share below {LEAST} judged tags")


def precision_json(found: SignalPrecision) -> dict[str, object]:
    """Return a signal's precision as `jumpseat signals precision --json` prints it; a contract."""
    right, judged = found.of_models
    return {
        "signal": found.signal,
        "confirmed": found.confirmed,
        "rejected": found.rejected,
        "relabelled": found.relabelled,
        "missed": found.missed,
        "orphaned": found.orphaned,
        "disputed": found.disputed,
        "precision": _rounded(found.precision),
        "interval": None if found.interval is None else [_rounded(each) for each in found.interval],
        "of_models": {"confirmed": right, "judged": judged},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _row(found: SignalPrecision) -> tuple[str, ...]:
    share = "-" if found.precision is None else f"{found.precision:.0%}"
    low, high = found.interval or (None, None)
    interval = "-" if low is None or high is None else f"{low:.0%}-{high:.0%}"
    counts = (found.missed, found.orphaned, found.disputed)
    return (
        found.signal,
        str(found.confirmed),
        str(found.judged),
        share,
        interval,
        *(str(each) if each else "-" for each in counts),
    )
