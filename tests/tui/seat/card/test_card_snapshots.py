"""What the card looks like, at the sizes that it is made for."""

from __future__ import annotations

import pytest

from recorder.cards.card import Evidence
from tests.tui.pictures import SNAPSHOTS, check_picture
from tests.tui.seat.support import VIEWER, make_feed, run_replay
from tui.seat.card.edits import Attach, Explain, Rate, Recommend, Say

SEEN = (
    Evidence(kind="tag", t=1860.0, subject="t1", text="Apache was stopped"),
    Evidence(kind="moment", t=1912.0, text="journalctl -xeu nginx"),
    Evidence(kind="note", t=1990.0, subject="4", text="found the port before they changed it"),
)


@pytest.mark.usefixtures("universal_time")
@pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (44, 40)], ids=["80x24", "120x40", "sidebar-44x40"]
)
async def test_the_card_looks_as_it_did(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    path = SNAPSHOTS / f"card-{request.node.callspec.id}.svg"
    feed = make_feed()
    feed.cards.asked = (VIEWER, "ben", "cleo")
    feed.cards.take("ben", [Rate("ssh", 1)])
    feed.cards.take(
        VIEWER,
        [
            Rate("debugging", 3),
            Explain("debugging", "Looked at the unit's log, then asked who holds the port."),
            *(Attach("debugging", each) for each in SEEN),
            Rate("time", 2),
            Recommend(3),
            Say("reason", "Would do this alone after a week."),
            Say("strengths", "Calm, says what they expect before they look."),
        ],
    )
    async with run_replay(feed, size=size) as seat:
        await seat.press("C")
        await seat.until(lambda: "Others: ben begun" in seat.text)
        await seat.pass_time(0)
        await seat.pilot.pause()
        check_picture(seat.app, path)
