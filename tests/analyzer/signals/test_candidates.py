"""Candidates of several tempers, each a session: which signals a careful observer would mark there.

The first line of a transcript names them; the rest is played. Nothing more may be tagged, nothing
less.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.analysis import Collected, Pipeline
from analyzer.signals.loader import shipped_rules
from analyzer.signals.transcript import Transcript

CANDIDATES = sorted((Path(__file__).resolve().parent / "candidates").glob("*.txt"))
_EXPECTS = "# expects: "


def established(transcript: str) -> set[str]:
    """Return the signals that stand at the end of a transcript."""
    pipeline, found = Pipeline(shipped_rules()), Collected()
    for happening in Transcript().play(transcript):
        found.add(pipeline.observe(happening))
    found.add(pipeline.finish())
    return {tag.signal for tag in found.tags.values() if tag.state == "established"}


@pytest.mark.parametrize("path", CANDIDATES, ids=lambda path: path.stem)
def test_a_session_is_tagged_as_a_careful_observer_would(path: Path) -> None:
    """False tags and misses are told apart, so that a failure says what to look at."""
    expects, _, transcript = path.read_text(encoding="utf-8").partition("\n")
    assert expects.startswith(_EXPECTS)
    expected, found = set(expects.removeprefix(_EXPECTS).split()), established(transcript)
    assert {"false": found - expected, "missed": expected - found} == {
        "false": set(),
        "missed": set(),
    }


def test_every_expected_signal_is_one_of_the_catalogue() -> None:
    """A misspelt id in a transcript would be a miss that nobody could mend."""
    known = {signal.id for signal in shipped_rules().signal}
    for path in CANDIDATES:
        head = path.read_text(encoding="utf-8").partition("\n")[0]
        assert set(head.removeprefix(_EXPECTS).split()) <= known, path.stem
