from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.end_to_end.support.waiting import wait_for
from tests.support.own_process import run_code
from tui import quick_start
from tui.quick_start import collection_put_off


@pytest.fixture(autouse=True)
def _the_first_seat(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(quick_start, "_seats", 0)
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
    with collection_put_off(60):
        pass
    with collection_put_off(60):
        assert gc.isenabled()


def test_whoever_switched_it_off_keeps_it_off() -> None:
    gc.disable()
    with collection_put_off(0):
        pass
    assert not gc.isenabled()


def test_the_program_is_imported_without_collecting_and_runs_collecting() -> None:
    code = (
        "import gc, sys\n"
        "from tui import quick_start\n"
        "phases = []\n"
        "gc.callbacks.append(lambda phase, _: phases.append(phase))\n"
        "sys.argv = ['jumpseat', '--no-such-option']\n"
        "try:\n"
        "    quick_start.main()\n"
        "finally:\n"
        "    print(gc.isenabled(), gc.get_freeze_count() > 10_000, len(phases) < 10)\n"
    )
    done = run_code(code)
    assert done.stdout.splitlines() == ["True True True"]


def test_whoever_interrupts_the_import_sees_no_traceback() -> None:
    code = (
        "import builtins, sys\n"
        "from tui import quick_start\n"
        "imported = builtins.__import__\n"
        "def interrupted(name, *args, **kwargs):\n"
        "    if name == 'click':\n"
        "        raise KeyboardInterrupt\n"
        "    return imported(name, *args, **kwargs)\n"
        "builtins.__import__ = interrupted\n"
        "quick_start.main()\n"
    )
    done = run_code(code)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
