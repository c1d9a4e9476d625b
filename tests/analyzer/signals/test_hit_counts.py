"""Ordinary sessions get the tags that are pinned, no more and no fewer.

After a change that is meant, `python -m tests.support.hit_counts` pins the new counts.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.corpus import analysed
from tests.support.hit_counts import counted, in_transcript, pinned, recorded, transcripts


@pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.stem)
def test_an_ordinary_session_has_the_pinned_tags(path: Path) -> None:
    assert in_transcript(path) == pinned()[path.stem]


@pytest.mark.parametrize("name", ["p2", "p4", "p5"])
def test_a_recorded_session_has_the_pinned_tags(name: str) -> None:
    found = {path.name: path for path in recorded()}
    if name not in found:
        pytest.skip(f"../shared/corpus/{name} is not there")
    assert counted(analysed(found[name]).tags) == pinned()[name]
