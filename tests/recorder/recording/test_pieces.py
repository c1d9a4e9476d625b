"""What changed in a file is told by its pieces; two files that differ are never called equal."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.recording import pieces
from recorder.recording.pieces import BLOCK_BYTES, Difference, compare, scan_file

LINES = [f"line {number}\n".encode() for number in range(1, 11)]


def difference(directory: Path, was: bytes, now: bytes, name: str = "a.cast") -> Difference:
    path = directory / name
    path.write_bytes(was)
    before = scan_file(path).pieces
    path.write_bytes(now)
    return compare(before, scan_file(path, each=before.each))


def lines(kind: str, first: int, last: int) -> Difference:
    return Difference(kind=kind, first=first, last=last)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ([*LINES[:3], b"lime 4\n", *LINES[4:]], lines("altered", 4, 4)),
        ([*LINES[:3], b"x\n", *LINES[4:6], b"y\n", *LINES[7:]], lines("altered", 4, 7)),
        ([*LINES[:3], *LINES[4:]], lines("removed", 4, 4)),
        ([*LINES[:3], *LINES[6:]], lines("removed", 4, 6)),
        (LINES[1:], lines("removed", 1, 1)),
        (LINES[:9], lines("cut", 10, 10)),
        ([*LINES[:9], b"lin"], lines("cut", 10, 10)),
        ([*LINES[:6], b"lin"], lines("cut", 7, 10)),
        ([], lines("cut", 1, 10)),
        ([*LINES, b"more\n"], lines("added", 11, 11)),
        ([*LINES[:2], b"more\n", b"still\n", *LINES[2:]], lines("added", 3, 4)),
        # A line end that became another byte joins two lines; the other way round it splits one.
        ([*LINES[:3], b"line 4 line 5\n", *LINES[5:]], lines("altered", 4, 5)),
        ([*LINES[:3], b"line\n", b"4\n", *LINES[4:]], lines("altered", 4, 4)),
    ],
)
def test_the_lines_that_changed_are_named(
    tmp_path: Path, now: list[bytes], expected: Difference
) -> None:
    assert difference(tmp_path, b"".join(LINES), b"".join(now)) == expected


def test_a_file_without_lines_is_compared_in_blocks(tmp_path: Path) -> None:
    was = bytes(5 * BLOCK_BYTES)
    flipped = was[: 2 * BLOCK_BYTES] + b"\x01" + was[2 * BLOCK_BYTES + 1 :]
    assert difference(tmp_path, was, flipped, "c1-1.out") == lines("altered", 3, 3)
    assert difference(tmp_path, was, was[: 3 * BLOCK_BYTES], "c1-1.out") == lines("cut", 4, 5)


def test_long_files_share_checksums_and_still_name_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "MOST_SUMS", 10)
    many = [f"line {number}\n".encode() for number in range(95)]
    was = b"".join(many)
    (tmp_path / "b.cast").write_bytes(was)
    found = scan_file(tmp_path / "b.cast").pieces
    assert (found.count, found.each, len(found.sums)) == (95, 10, 10)
    flipped = was.replace(b"line 42\n", b"lime 42\n")
    assert difference(tmp_path, was, flipped) == lines("altered", 41, 50)
    removed = was.replace(b"line 42\n", b"")
    assert difference(tmp_path, was, removed) == Difference(kind="removed", first=41)
    added = was.replace(b"line 42\n", b"line 42\nline\n")
    assert difference(tmp_path, was, added) == Difference(kind="added", first=41)


TEXT = st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"a", b"\x00\xff"]), max_size=12).map(
    b"".join
)


@given(was=TEXT, now=TEXT)
def test_any_change_gets_a_place_inside_the_file(
    tmp_path_factory: pytest.TempPathFactory, was: bytes, now: bytes
) -> None:
    directory = tmp_path_factory.mktemp("any")
    if was == now:
        return
    found = difference(directory, was, now)
    assert found.first is not None
    assert found.last is not None
    old, new = (max(1, len(each.splitlines(keepends=True))) for each in (was, now))
    assert 1 <= found.first <= found.last <= (new if found.kind == "added" else old)
