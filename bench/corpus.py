"""How right the analysis of sessions is whose truth is known: commands, outcomes, tags.

Run with `python -m bench.corpus DIRECTORY... [--differences]` from the repository's root, where a
DIRECTORY is one session of several terminals (PANE.timing, .in, .out, .start) with `bash.tsv` and
`truth.json` beside them, or holds such sessions. Asserts nothing; the floors are in
`tests/analyzer/test_known_sessions.py`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from analyzer.records import Analysis
from analyzer.service import analyse
from bench.support.agreement import Agreement, Share, compare_commands, compare_tags
from bench.support.observed import marked, ran, whole_ids_not_scored
from recorder.formats.flaws import Flaws
from recorder.formats.recorded import Wishes, looked_at

HERE = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"
"""Where the sessions lie that came with the product's description."""


def sessions(given: Iterable[Path]) -> list[Path]:
    """Return the sessions that are given, or that the given directories hold."""
    found: list[Path] = []
    for path in given:
        inside = sorted(each.parent for each in path.glob("*/bash.tsv"))
        found += [path] if (path / "bash.tsv").is_file() else inside
    return found


def analysed(directory: Path) -> Analysis:
    """Analyse one session, as `jumpseat commands DIRECTORY` does."""
    with looked_at(directory, Flaws(), Wishes()) as recording:
        return analyse(recording)


def compared(directory: Path) -> Agreement:
    """Return how the analysis of one session agrees with what is known of it."""
    analysis = analysed(directory)
    commands = compare_commands(analysis.commands, ran(directory))
    tags = compare_tags(analysis.tags, marked(directory), whole_ids_not_scored(directory))
    return Agreement(commands.shares | tags.shares, commands.differences + tags.differences)


def print_table(found: dict[str, Agreement]) -> None:
    """Print a row for each session, and one for all."""
    titles = list(next(iter(found.values())).shares)
    print(f"{'session':12} " + " ".join(f"{title:>16}" for title in titles))
    total = {title: Share() for title in titles}
    for name, agreement in found.items():
        print(f"{name:12} " + " ".join(f"{agreement.shares[title]!s:>16}" for title in titles))
        for title in titles:
            total[title] += agreement.shares[title]
    print(f"{'all':12} " + " ".join(f"{total[title]!s:>16}" for title in titles))


def main() -> None:
    """Compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, nargs="*", default=[HERE])
    parser.add_argument("--differences", action="store_true", help="name what differs")
    options = parser.parse_args()
    directories = sessions(options.directory)
    if not directories:
        sys.exit("no session with a bash.tsv is there")
    found = {each.name: compared(each) for each in directories}
    print_table(found)
    if options.differences:
        for name, agreement in found.items():
            print(f"\n{name}", *agreement.differences, sep="\n  ")


if __name__ == "__main__":
    main()
