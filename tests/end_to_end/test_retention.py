"""`serve` deletes by itself what is older than the retention time that is set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from recorder.home import Home
from tests.end_to_end.conftest import StartHop
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.waiting import wait_for
from tests.recorder.samples import make_older, record_session


def test_old_sessions_go_when_serve_starts_and_young_ones_stay(
    tmp_path: Path, start_hop: StartHop, stock_sshd: StockSshd
) -> None:
    home = Home(tmp_path / "hop" / "home").ensure()
    old, young = record_session(home, "abcd2345"), record_session(home, "wxyz6789")
    make_older(home, old, datetime.now(UTC) - timedelta(days=91))
    home.config.write_text('retention = "90d"\n')
    hop = start_hop(stock_sshd.address)
    wait_for(
        lambda: "deleted for good: abcd2345" in hop.err.read_text(), "word of it",
        detail=hop.err.read_text,
    )  # fmt: skip
    assert not old.exists()
    assert young.exists()
    told = [
        (each["door"], each["action"], each["detail"])
        for each in hop.json("trace", "list", "abcd2345")
    ]
    assert told[:2] == [
        ("serve", "purge-begun", "older than 90d"),
        ("serve", "purged", "begun by entry 1"),
    ]
    assert {each["id"] for each in hop.json("session", "list")} == {"wxyz6789", hop.session.name}
