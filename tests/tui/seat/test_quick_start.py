from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.end_to_end.support.waiting import wait_for
from tui.seat.quick_start import collection_put_off


@pytest.fixture(autouse=True)
def _collecting_as_before() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()
    gc.enable()


def test_nothing_is_collected_while_a_seat_starts_and_everything_after() -> None:
    with collection_put_off(0.05):
        wait_for(gc.isenabled, "garbage being collected again", timeout=20)
        assert gc.get_freeze_count() > 10_000
    assert gc.isenabled()


def test_a_seat_that_ends_at_once_leaves_it_on() -> None:
    @collection_put_off(60)
    def fail() -> None:
        assert not gc.isenabled()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert gc.isenabled()


def test_the_second_seat_of_a_process_does_without() -> None:
    gc.freeze()
    with collection_put_off(60):
        assert gc.isenabled()


def test_whoever_switched_it_off_keeps_it_off() -> None:
    gc.disable()
    with collection_put_off(0):
        pass
    assert not gc.isenabled()
