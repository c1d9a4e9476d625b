"""The queue of the card: in order, one bad step spoils no other, nothing is lost at the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from queue import SimpleQueue

import pytest
from textual.message import Message

from recorder.cards.card import Evidence
from recorder.errors import StoreError
from tests.tui.seat.card.support import FakeCards
from tui.seat.card import keeping
from tui.seat.card.edits import Attach, Explain, Look, Rate, Step, Submit
from tui.seat.card.folder import Folder
from tui.seat.card.keeping import CardKeeper, CardNotKept, CardRead, CardRefused

WAIT = 60.0
LOST = StoreError("the store is gone", "bring it back")
SEEN = Evidence(kind="moment", t=3.0)


class Desk:
    """A keeper that runs, the cards behind it, and what it has said."""

    def __init__(self) -> None:
        self.cards = FakeCards()
        self.said: SimpleQueue[Message] = SimpleQueue()
        self.calls: list[tuple[Step, ...]] = []
        self.keeper = CardKeeper(lambda: self, self.said.put)  # type: ignore[arg-type, return-value]  # of a feed it asks only this
        self.thread = threading.Thread(target=self.keeper.run)

    def card(self, steps: Sequence[Step]) -> Folder:
        self.calls.append(tuple(steps))
        return self.cards.take("ada", steps)

    def next(self) -> Message:
        return self.said.get(timeout=WAIT)

    def level(self, name: str) -> int | None:
        return self.cards.own("ada").card.rating(name).level

    def leave(self) -> None:
        self.keeper.stop()
        self.thread.join(WAIT)
        assert not self.thread.is_alive()


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(keeping, "RETRY", 0.01)
    made = Desk()
    yield made
    made.cards.failure = None
    if made.thread.ident is not None:
        made.leave()


def test_what_is_said_before_it_runs_is_kept_at_once_and_answered_with_the_last_serial(
    desk: Desk,
) -> None:
    serials = [desk.keeper.put(Rate("ssh", level)) for level in (1, 2, 3)]
    desk.thread.start()
    message = desk.next()
    assert isinstance(message, CardRead)
    assert message.serial == serials[-1]
    assert desk.level("ssh") == 3
    assert len(desk.calls) == 1


def test_an_order_comes_after_what_was_said_before_it_and_before_what_was_said_after(
    desk: Desk,
) -> None:
    for step in (Rate("ssh", 1), Look(), Rate("ssh", 2)):
        desk.keeper.put(step)
    desk.thread.start()
    for _ in range(3):
        assert isinstance(desk.next(), CardRead)
    assert desk.calls == [(Rate("ssh", 1),), (Look(),), (Rate("ssh", 2),)]


def test_one_that_makes_no_sense_is_refused_and_the_others_are_kept(desk: Desk) -> None:
    for step in (Attach("ssh", SEEN), Attach("ssh", SEEN), Explain("ssh", "seen")):
        desk.keeper.put(step)
    desk.thread.start()
    seen = [desk.next() for _ in range(3)]
    (refused,) = [each for each in seen if isinstance(each, CardRefused)]
    assert (refused.serial, refused.error.cause) == (2, "that is attached already")
    rating = desk.cards.own("ada").card.rating("ssh")
    assert (rating.reason, rating.evidence) == ("seen", (SEEN,))


def test_what_cannot_be_kept_is_said_once_and_kept_when_it_can_be(desk: Desk) -> None:
    desk.cards.failure = LOST
    desk.thread.start()
    desk.keeper.put(Rate("ssh", 3))
    assert isinstance(desk.next(), CardNotKept)
    tried = len(desk.calls)
    while len(desk.calls) < tried + 3:
        assert desk.said.empty(), "it is said once"
    desk.cards.failure = None
    assert isinstance(desk.next(), CardRead)
    assert desk.level("ssh") == 3


def test_nothing_is_submitted_while_what_belongs_to_it_is_not_kept(desk: Desk) -> None:
    desk.cards.failure = LOST
    desk.keeper.put(Rate("ssh", 3))
    serial = desk.keeper.put(Submit())
    desk.thread.start()
    seen = [desk.next(), desk.next()]
    assert [type(each) for each in seen] == [CardNotKept, CardRefused]
    assert isinstance(seen[1], CardRefused)
    assert seen[1].serial == serial
    desk.cards.failure = None
    assert isinstance(desk.next(), CardRead)
    assert Submit() not in desk.cards.taken


def test_what_is_said_last_is_kept_although_it_is_left_at_once(desk: Desk) -> None:
    desk.thread.start()
    desk.keeper.put(Rate("ssh", 3))
    desk.keeper.put(Look())
    desk.leave()
    assert desk.level("ssh") == 3
    assert desk.keeper.unkept == ((), None)


def test_what_cannot_be_kept_to_the_end_is_given_back_with_the_reason(desk: Desk) -> None:
    desk.cards.failure = LOST
    desk.thread.start()
    desk.keeper.put(Rate("ssh", 3))
    assert isinstance(desk.next(), CardNotKept)
    desk.keeper.put(Explain("ssh", "seen"))
    desk.keeper.put(Submit())
    desk.leave()
    assert desk.keeper.unkept == ((Rate("ssh", 3), Explain("ssh", "seen")), LOST)
