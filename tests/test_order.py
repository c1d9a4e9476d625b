"""In which order files of tests are handed out: none is torn apart, and no long one comes last."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.support.order import LONG, in_order


@dataclass(frozen=True)
class Named:
    nodeid: str


def test_tests_of_a_file_stay_together_in_their_order_and_long_files_do_not_come_last() -> None:
    long = [Named(f"tests/end_to_end/test_{n}.py::test_{m}") for n in range(9) for m in range(3)]
    quick = [Named(f"tests/recorder/test_{n}.py::test_{m}") for n in range(20) for m in range(3)]
    ordered = in_order([*quick, *long])
    assert sorted(ordered, key=lambda each: each.nodeid) == sorted(
        [*quick, *long], key=lambda each: each.nodeid
    )
    files = [each.nodeid.partition("::")[0] for each in ordered]
    runs = [name for place, name in enumerate(files) if place == 0 or files[place - 1] != name]
    assert len(runs) == len(set(runs)) == 29
    for name in runs:
        tests = [each.nodeid[-1] for each in ordered if each.nodeid.startswith(f"{name}::")]
        assert tests == ["0", "1", "2"]
    assert not any(name.startswith(LONG) for name in runs[-4:])
    assert any(name.startswith(LONG) for name in runs[:4])


def test_what_is_called_long_is_there(root: Path) -> None:
    assert [name for name in LONG if not (root / name).exists()] == []
