"""`jumpseat model`: train, measure and describe the models that offer tags and phases.

Only options and printing. scikit-learn is loaded by the verbs that need it, never by their help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
from click.shell_completion import CompletionItem

from analyzer.models.artifact import Data, ModelError
from analyzer.models.kinds import KINDS, Entry, entry_of
from recorder.errors import UsageError
from recorder.home import make_private_directory
from tui.cli.model_measures import measures_json, print_measures, write_plot
from tui.cli.output import print_json, print_table, say
from tui.cli.progress import progress
from tui.cli.settings import Settings
from tui.cli.store import opened_store
from tui.cli.verbs import Verb, VerbGroup, pass_settings

if TYPE_CHECKING:
    from analyzer.models.trained.kinds import Sources


@click.command(cls=VerbGroup)
def model() -> None:
    """Models: they offer what no rule can tell, and are silent where they are not sure.

    Some ship with the program; an installation may train its own, which then win: docs/models.md.
    """


def complete_kind(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the kinds of models."""
    return [
        CompletionItem(entry.name, help=entry.title)
        for entry in KINDS
        if entry.name.startswith(incomplete)
    ]


def _data_option(purpose: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--data",
        metavar="|".join(get_args(Data)),
        type=click.Choice(get_args(Data)),
        default="shipped",
        show_default=True,
        help=f"{purpose}: examples that ship, what people here confirmed and rejected, or both.",
    )


def _kind_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--kind",
        "kinds",
        metavar="KIND",
        multiple=True,
        shell_complete=complete_kind,
        help="Only this kind; may be given several times.",
    )


def _entries(kinds: tuple[str, ...]) -> tuple[Entry, ...]:
    unknown = [name for name in kinds if entry_of(name) is None]
    if unknown:
        names = ", ".join(entry.name for entry in KINDS)
        raise UsageError(f"there is no kind of model {unknown[0]!r}", f"the kinds are: {names}")
    return tuple(entry for entry in KINDS if not kinds or entry.name in kinds)


@contextmanager
def _sources(settings: Settings, data: Data) -> Iterator[Sources]:
    from analyzer.models.confirmed import confirmed_examples  # noqa: PLC0415 - for help, too heavy
    from analyzer.models.trained.sources import sources_of  # noqa: PLC0415 - likewise

    if data == "shipped":
        yield sources_of(data)
        return
    with opened_store(settings) as engine:
        yield sources_of(data, lambda: confirmed_examples(engine, settings.home))


@model.command(
    "train",
    cls=Verb,
    examples=(
        ("jumpseat model train --data both", "Learn from what people here said of tags, too."),
        ("jumpseat model train --kind intent --out ./models", "One kind, to look at it."),
    ),
)
@_data_option("What to learn from")
@click.option("--out", metavar="DIR", type=click.Path(), help="By default models in home.")
@_kind_option()
@pass_settings
def train(settings: Settings, data: Data, out: str | None, kinds: tuple[str, ...]) -> int:
    """Train models; they are used from then on where they lie in home.

    What people said of tags is learnt from only here, and only when asked for. Training again from
    the same examples gives the same model. Stopped with Ctrl-C, what was there before stays.

    Exit status 0: all are trained; 1: for one of them there is too little to learn from.
    """
    from analyzer.models.trained.kinds import kind_of  # noqa: PLC0415 - for help, too heavy
    from analyzer.models.trained.training import train_into  # noqa: PLC0415 - likewise

    directory = Path(out) if out is not None else settings.home.models
    if out is None:
        settings.home.ensure()
        make_private_directory(directory)
    rows, failed = [], 0
    with _sources(settings, data) as sources:
        for entry in _entries(kinds):
            if data != "shipped" and not kinds and not kind_of(entry).judged:
                say(f"{entry.name} learns only from what ships, and stays as it is")
                continue
            try:
                with progress(f"training {entry.name}") as tell:
                    path, header = train_into(directory, entry, sources, tell=tell)
            except ModelError as error:
                failed += 1
                say(str(error))
                continue
            rows.append(
                (entry.name, str(header.examples), _main_figures(header.metrics), str(path))
            )
    if rows:
        print_table(("kind", "examples", "measured", "file"), rows)
    return 1 if failed else 0


def _main_figures(metrics: dict[str, dict[str, float]]) -> str:
    by, figures = next(iter(metrics.items()))
    wanted = ("PR-AUC", "coverage at 0.9")
    return ", ".join(f"{name} {figures[name]:.2f}" for name in wanted) + f" by {by}"


@model.command(
    "evaluate",
    cls=Verb,
    examples=(
        ("jumpseat model evaluate", "All kinds, beside rules alone and the most frequent answer."),
        ("jumpseat model evaluate --kind intent --plot calibration.svg", "With a picture."),
        (
            "jumpseat model evaluate --recordings ./played --json",
            "On sessions whose truth is known.",
        ),
    ),
)
@_data_option("What to learn from and ask about")
@_kind_option()
@click.option(
    "--recordings",
    metavar="DIR",
    multiple=True,
    type=click.Path(),
    help="Ask about these, too: sessions with a truth.json beside them, see docs/models.md.",
)
@click.option("--plot", metavar="FILE.svg", type=click.Path(), help="Draw how well calibrated.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def evaluate(
    settings: Settings,
    data: Data,
    kinds: tuple[str, ...],
    recordings: tuple[str, ...],
    plot: str | None,
    as_json: bool,
) -> int:
    """Measure how good models are on groups that they were not trained on; trains, keeps nothing.

    Groups are programs, sessions, personas, families of scenes; never a random split. Made-up
    examples and recordings stand apart.
    """
    from analyzer.models.trained.measuring import measured  # noqa: PLC0415 - for help, too heavy
    from analyzer.models.trained.sources import recorded  # noqa: PLC0415 - likewise

    others = recorded(map(Path, recordings))
    found, failed = [], 0
    with _sources(settings, data) as sources:
        for entry in _entries(kinds):
            try:
                with progress(f"measuring {entry.name}") as tell:
                    found.append(measured(entry, sources, others, tell))
            except ModelError as error:
                failed += 1
                say(str(error))
    if as_json:
        print_json([measures_json(each) for each in found])
    else:
        for each in found:
            print_measures(each)
    if plot is not None and found:
        write_plot(Path(plot), found)
        say(f"drawn in {plot}")
    return 1 if failed else 0


@model.command(
    "card",
    cls=Verb,
    examples=(
        ("jumpseat model card", "Which models are used, and why others are not."),
        ("jumpseat model card intent", "What it was trained on, and where it is good and bad."),
    ),
)
@click.argument("kind", required=False, shell_complete=complete_kind, help="Of one kind, all.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def card(_settings: Settings, kind: str | None, as_json: bool) -> None:
    """Print what a model was trained on, what it is good and bad at, and from when on it speaks."""
    from tui.cli import model_cards as cards  # noqa: PLC0415 - loads scikit-learn

    entries = _entries((kind,) if kind is not None else ())
    if as_json:
        print_json([cards.as_json(entry) for entry in entries])
    elif kind is None:
        cards.print_states()
    else:
        cards.print_card(entries[0])
