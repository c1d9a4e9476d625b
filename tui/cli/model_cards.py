"""What `jumpseat model card` prints: which model is used, and all that its header says.

Figures come from the header, as they were measured when the model was trained.
"""

from __future__ import annotations

from typing import Any

import click

from analyzer.models.artifact import Header
from analyzer.models.kinds import Entry
from analyzer.models.loading import State, models_state, state_of
from analyzer.models.trained.kinds import kind_of
from analyzer.visible import plain
from tui.cli.output import print_table, say


def print_states() -> None:
    """Print a row for each kind, and what is wrong with files that are not used."""
    rows = []
    for state in models_state():
        measured = "-" if state.header is None else str(state.header.examples)
        rows.append((state.kind, used(state), measured))
    print_table(("kind", "used", "examples"), rows)
    for state in models_state():
        for reason in state.reasons:
            say(f"{state.kind}: {reason}")


def used(state: State) -> str:
    """Return which model is used, in a few words."""
    if state.path is None:
        return "rules alone"
    return f"trained here ({state.path})" if state.own else "shipped"


def as_json(entry: Entry) -> dict[str, Any]:
    """Return a card as values."""
    state, kind = state_of(entry.name), kind_of(entry)
    return {
        "kind": entry.name,
        "title": entry.title,
        "used": "rules" if state.path is None else "own" if state.own else "shipped",
        "path": None if state.path is None else str(state.path),
        "reasons": list(state.reasons),
        "good_at": kind.good_at,
        "bad_at": kind.bad_at,
        "model": None if state.header is None else state.header.model_dump(exclude={"probes"}),
    }


def print_card(entry: Entry) -> None:
    """Print a card for people."""
    state, kind = state_of(entry.name), kind_of(entry)
    click.echo(f"{entry.name}: {entry.title}")
    rows = [("used", used(state))]
    if state.header is not None:
        rows += _rows(state.header)
    rows += [("good at", kind.good_at), ("bad at", kind.bad_at)]
    for title, words in rows:
        click.echo(f"  {title:12} {plain(words)}")
    for reason in state.reasons:
        say(f"{entry.name}: {reason}")


def _rows(header: Header) -> list[tuple[str, str]]:
    groups = ", ".join(f"{count} by {kind}" for kind, count in header.groups.items())
    least = sorted(set(header.thresholds.values()))
    return [
        ("learnt from", f"{header.examples} examples ({header.data}); groups: {groups}"),
        ("tells", ", ".join(f"{word} ({n})" for word, n in header.answers.items())),
        ("speaks from", " to ".join(f"{each:.2f}" for each in (*least[:1], *least[1:][-1:]))),
        *(
            (f"by {by}", ", ".join(f"{name} {value:.2f}" for name, value in figures.items()))
            for by, figures in header.metrics.items()
        ),
        ("data", f"sha256 {header.data_sha256}"),
        ("answers", f"sha256 {header.predictions_sha256}"),
        ("made by", f"jumpseat {header.program}, scikit-learn {header.library}"),
        ("with", f"features of revision {header.features}, seed {header.seed}"),
    ]
