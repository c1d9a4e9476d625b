"""Nothing that was noted is lost between whoever keeps it and an app that ends."""

from __future__ import annotations

from recorder.errors import StoreError
from recorder.store.noted import Noting
from tests.tui.seat.support import make_feed
from tui.seat.notes.keeping import Keeper, NotNoted, Wanted

LOST = StoreError("the store is gone", "bring it back")


def test_a_failure_of_which_the_app_never_heard_is_told_at_the_end() -> None:
    posted: list[object] = []
    keeper = Keeper(lambda: make_feed(not_noted=LOST), posted.append)
    notes = [
        Wanted(serial=serial, noting=Noting(kind="note", t=1.0, text=f"note {serial}"))
        for serial in (1, 2)
    ]
    for each in notes:
        keeper.put(each)
    keeper.stop()
    keeper.run()
    assert [type(each) for each in posted] == [NotNoted, NotNoted]
    assert keeper.unkept == tuple((each, LOST) for each in notes)
    keeper.heard(notes[0])
    assert keeper.unkept == ((notes[1], LOST),)
