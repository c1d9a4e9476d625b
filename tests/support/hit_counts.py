"""How often each signal is tagged in ordinary sessions, pinned in a file so that a change shows.

The sessions are transcripts that lie beside the tests, and those under ``../shared/corpus`` where
they are present. `python -m tests.support.hit_counts` writes the file anew; what changed in it is
then read before it is committed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from analyzer.analysis import Collected, Pipeline
from analyzer.records import Tag
from analyzer.signals.loader import shipped_rules
from analyzer.signals.transcript import Transcript
from bench.corpus import HERE as CORPUS
from bench.corpus import analysed, sessions

ORDINARY = Path(__file__).resolve().parent.parent / "analyzer" / "signals" / "ordinary"
PINNED = ORDINARY / "hit_counts.json"

Counts = dict[str, int]


def counted(tags: Iterable[Tag]) -> Counts:
    """Return how often each signal was established."""
    return dict(sorted(Counter(tag.signal for tag in tags if tag.state == "established").items()))


def in_transcript(path: Path) -> Counts:
    """Return the hits of a transcript."""
    pipeline, found = Pipeline(shipped_rules()), Collected()
    for event in Transcript().play(path.read_text()):
        found.add(pipeline.observe(event))
    found.add(pipeline.finish())
    return counted(found.tags.values())


def transcripts() -> list[Path]:
    """Return the ordinary sessions that belong to the project."""
    return sorted(ORDINARY.glob("*.txt"))


def recorded() -> list[Path]:
    """Return the sessions that lie beside the project, none where it stands alone."""
    return sessions([CORPUS])


def pinned() -> dict[str, Counts]:
    """Return the counts of the file, by session."""
    found: dict[str, Counts] = json.loads(PINNED.read_text())
    return found


def main() -> None:
    """Write the file anew; what is not present keeps its counts."""
    counts = pinned() if PINNED.exists() else {}
    counts |= {path.stem: in_transcript(path) for path in transcripts()}
    counts |= {path.name: counted(analysed(path).tags) for path in recorded()}
    PINNED.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
