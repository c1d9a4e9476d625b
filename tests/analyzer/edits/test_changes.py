"""Edits told from scrolling, for any text and any way through it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analyzer.edits.changes import Changes, Hints, Look
from analyzer.edits.ex import read_ex
from analyzer.edits.typed import KeyLog

ROWS = 12


def look(lines: list[str], top: int, current: int = 0) -> Look:
    shown = tuple(lines[top : top + ROWS])
    return Look(lines=shown, at_end=top + ROWS > len(lines), current=current)


@given(st.integers(13, 60), st.lists(st.integers(0, 59), min_size=1, max_size=20))
def test_moving_about_changes_nothing(size: int, tops: list[int]) -> None:
    lines = [f"line {number}" if number % 5 else "" for number in range(size)]
    changes = Changes()
    for top in tops:
        changes.observe(look(lines, min(top, size - 1)), Hints())
    assert (changes.added, changes.removed, changes.complete) == ((), (), True)


@given(st.integers(0, ROWS - 1), st.text(alphabet="abc #", min_size=1, max_size=9), st.booleans())
def test_a_line_that_is_typed_over_is_one_change(row: int, text: str, back: bool) -> None:
    lines = [f"line {number}" for number in range(40)]
    changes = Changes()
    changes.observe(look(lines, 5), Hints())
    typed = ""
    for letter in text:
        typed += letter
        lines[5 + row] = f"line {5 + row}{typed}".rstrip()
        changes.observe(look(lines, 5, row), Hints(edited=True))
    if back:
        lines[5 + row] = f"line {5 + row}"
        changes.observe(look(lines, 5, row), Hints(edited=True))
    after = lines[5 + row]
    changed = after != f"line {5 + row}"
    assert changes.added == ((after,) if changed else ())
    assert changes.removed == ((f"line {5 + row}",) if changed else ())


@given(st.integers(1, ROWS - 3), st.integers(1, 3))
def test_lines_that_are_deleted_between_others_are_gone(row: int, count: int) -> None:
    lines = [f"option {number} of some" for number in range(40)]
    changes = Changes()
    changes.observe(look(lines, 3, row), Hints())
    gone = []
    for _ in range(count):
        gone.append(lines.pop(3 + row))
        changes.observe(look(lines, 3, row), Hints(edited=True, deleting=True))
    assert (changes.removed, changes.added) == (tuple(gone), ())


_LOOKS = st.builds(
    Look,
    lines=st.lists(st.text(alphabet="ab#\0~ ", max_size=5), max_size=9).map(tuple),
    top=st.none() | st.integers(1, 9),
    at_end=st.booleans(),
    current=st.integers(0, 9),
)
_HINTS = st.builds(
    Hints,
    deleting=st.booleans(),
    edited=st.booleans(),
    pasted=st.lists(st.text(alphabet="ab# ", max_size=4), max_size=3).map(tuple),
)


@given(st.lists(st.tuples(_LOOKS, _HINTS), max_size=12))
def test_any_looks_are_taken(looks: list[tuple[Look, Hints]]) -> None:
    changes = Changes()
    for each, hints in looks:
        changes.observe(each, hints)
    assert not set(changes.added) & set(changes.removed)
    assert all(line.strip() for line in (*changes.added, *changes.removed))


@given(st.lists(st.binary(max_size=30), max_size=8), st.booleans())
def test_any_keys_are_read(packets: list[bytes], meta: bool) -> None:
    keys = KeyLog(meta=meta)
    for packet in packets:
        for token in keys.read(packet):
            assert bool(token.key) != bool(token.text)
    assert isinstance(keys.take_pasted(), tuple)


@given(st.text(max_size=40))
def test_any_command_line_is_read(line: str) -> None:
    assert read_ex(f":{line}").does


def test_what_ex_commands_do_is_known() -> None:
    does = {
        line: read_ex(line).does
        for line in (":wq", ":x", ":w", ":q!", ":q", ":e!", ":%s/a/b/", ":set nu")
    }
    assert does == {
        ":wq": "write",
        ":x": "write",
        ":w": "write",
        ":q!": "discard",
        ":q": "leave",
        ":e!": "reload",
        ":%s/a/b/": "change",
        ":set nu": "other",
    }
    assert read_ex(":w! other").name == "other"
    assert read_ex(":w | q").leaves
    assert read_ex(":w !sudo tee %").through == "sudo tee %"
    assert read_ex(":%s/^a.*/new line/").added == ("new line",)
