"""What all apps here do when one of their own handlers fails."""

from __future__ import annotations

import pytest

from tui.seat.seat_app import SeatApp

_SECRET = "zzQuartzOwl"


class Failing(SeatApp[None]):
    """An app that does not come far."""

    def on_mount(self) -> None:
        words = _SECRET
        raise ValueError(f"{len(words)} letters")


class FailingThread(SeatApp[None]):
    """An app whose thread fails where nobody asked for that to be heard of otherwise."""

    def on_mount(self) -> None:
        self.run_worker(self._fail, thread=True)

    def _fail(self) -> None:
        raise ValueError("in a thread")


def test_the_caller_is_told_what_failed_and_nobody_is_shown_its_values(
    capfd: pytest.CaptureFixture[str],
) -> None:
    app = Failing()
    app.run(headless=True)
    assert str(app.failure) == "11 letters"
    said = capfd.readouterr()
    assert _SECRET not in said.out + said.err
    assert "Traceback" not in said.out + said.err


def test_a_thread_that_fails_is_told_of_as_itself() -> None:
    app = FailingThread()
    app.run(headless=True)
    assert str(app.failure) == "in a thread"


async def test_a_test_of_an_app_still_fails_with_it() -> None:
    with pytest.raises(ValueError, match="11 letters"):
        async with Failing().run_test():
            pass
