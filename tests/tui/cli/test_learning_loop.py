"""The loop, end to end: wrong tags are rejected, models learn from it when asked, mistakes go."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from analyzer.models.artifact import read_artifact
from analyzer.models.loading import model_path
from analyzer.models.trained import sources, trouble
from recorder.home import Home
from tests.support.waiting_stories import OTHER_POLLS, POLLS, record, stuck, waiting

Call = Callable[..., Any]

WRONG = tuple(f"wrong{number:03}" for number in range(16))
OTHERS = tuple(f"other{number:03}" for number in range(6))
STUCK = tuple(f"stuck{number:03}" for number in range(9))


@pytest.fixture(autouse=True)
def _few_made_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Learn from fewer made-up sessions than what ships: seconds in place of a minute.

    And be as rash as no model that ships is: what never errs cannot be corrected.
    """
    monkeypatch.setattr(trouble, "LOWEST", 30)
    monkeypatch.setattr(sources, "SESSIONS", 30)
    monkeypatch.setattr(trouble, "HURDLES", 30)
    return


@pytest.fixture
def recorded(home: Home) -> None:
    for seed, name in enumerate(WRONG):
        record(home.recording(name), waiting(seed, POLLS))
    for seed, name in enumerate(OTHERS):
        record(home.recording(name), waiting(100 + seed, OTHER_POLLS))
    for seed, name in enumerate(STUCK):
        record(home.recording(name), stuck(seed))


def train(jumpseat: Call, home: Home, data: str) -> str:
    """Train, and return what tells the examples from others."""
    done = jumpseat("model", "train", "--data", data, "--kind", "stuck")
    assert done.status == 0, done.err
    header, _ = read_artifact(model_path(home.models, "stuck"))
    return header.data_sha256


def offered(jumpseat: Call, names: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the ids of what the model says, by session, after analysing anew."""
    assert jumpseat("analyze", *names, "--jobs", "1").status == 0
    return {
        name: [
            tag["id"]
            for tag in json.loads(jumpseat("tags", name, "--json").out)
            if tag["signal"] == "stuck" and tag["detector"] == "model"
        ]
        for name in names
    }


def count(offers: dict[str, list[str]]) -> int:
    return sum(map(len, offers.values()))


def found(offers: dict[str, list[str]]) -> int:
    """Return in how many sessions something is said."""
    return sum(map(bool, offers.values()))


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_mistakes_that_were_rejected_are_gone_and_rarer_elsewhere(
    jumpseat: Call, home: Home, recorded: None
) -> None:
    shipped = train(jumpseat, home, "shipped")
    offers = offered(jumpseat, WRONG)
    elsewhere = offered(jumpseat, OTHERS)
    stuck_before = found(offered(jumpseat, STUCK))
    assert count(elsewhere) >= 3
    assert stuck_before >= len(STUCK) - 1

    wrong = [(name, each) for name, ids in offers.items() for each in ids][:10]
    assert len(wrong) == 10
    for name, each in wrong:
        why = "they waited for it to start"
        assert jumpseat("tags", name, "--reject", each, "--reason", why).status == 0
    # Nothing learns from that unasked.
    assert train(jumpseat, home, "shipped") == shipped
    assert offered(jumpseat, WRONG) == offers

    assert train(jumpseat, home, "both") != shipped
    again = offered(jumpseat, WRONG)
    assert [each for each in wrong if each[1] in again[each[0]]] == []
    assert not any(again[name] for name, _ in wrong)
    others = count(offered(jumpseat, OTHERS))
    stuck_after = found(offered(jumpseat, STUCK))
    assert others < count(elsewhere)
    # It did not just fall silent: what was learnt costs a third of what it found at most.
    assert stuck_after >= stuck_before * 2 / 3
    (row,) = json.loads(jumpseat("signals", "precision", "--json").out)
    assert (row["signal"], row["rejected"], row["orphaned"]) == ("stuck", 0, 10)
    said = json.loads(jumpseat("tags", wrong[0][0], "--judgements", "--json").out)
    assert [(each["verdict"], each["orphaned"]) for each in said] == [("rejected", True)]
    # Last, as each call takes what was printed: -rP shows what the loop won, and what it cost.
    sys.stdout.write(
        f"wrong tags in {len(OTHERS)} sessions that nobody judged: {count(elsewhere)}, then "
        f"{others}; sessions with a trouble that is told of: {stuck_before} of {len(STUCK)}, then "
        f"{stuck_after}\n"
    )
