"""Editors whose text is not read: which file was edited is told, and mostly if it was saved."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.analyzer.edits.conftest import SeatFactory
from tests.analyzer.edits.seats import needs


@dataclass(frozen=True, slots=True)
class Case:
    """Keys for an editor, each with what is on the screen when the next may come."""

    editor: str
    begun: str
    keys: tuple[tuple[str, str], ...]
    saved: tuple[str, ...]


EMACS = ("emacs -nw -Q", "notes.txt      All")
CASES = {
    "emacs: saved": Case(
        *EMACS,
        (("a", "aone"), ("\x18", ""), ("\x13", "Wrote"), ("\x18", ""), ("\x03", "$ emacs")),
        ("yes",),
    ),
    "emacs: saved when left": Case(
        *EMACS, (("a", "aone"), ("\x18", ""), ("\x03", "Save file"), ("y", "$ emacs")), ("yes",)
    ),
    "emacs: only read": Case(*EMACS, (("\x0e", ""), ("\x18", ""), ("\x03", "$ emacs")), ()),
    "mcedit: saved": Case(
        "mcedit",
        "10Quit",
        (("a", "[-M--]"), ("\x1bOQ", "[ Save ]"), ("\r", "[----]"), ("\x1b[21~", "$ mcedit")),
        ("yes",),
    ),
    "mcedit: saved when left": Case(
        "mcedit",
        "10Quit",
        (("a", "[-M--]"), ("\x1b[21~", "before close"), ("y", "$ mcedit")),
        ("yes",),
    ),
    "mcedit: thrown away": Case(
        "mcedit",
        "10Quit",
        (("a", "[-M--]"), ("\x1b[21~", "before close"), ("n", "$ mcedit")),
        ("no",),
    ),
    "joe: saved": Case(
        "joe",
        "Joe's Own",
        (("a", "Modified"), ("\r", "Row 2"), ("\x0b", ""), ("x", "saved")),
        ("yes",),
    ),
    "micro: saved": Case(
        "micro",
        "notes.txt (1,1)",
        (("a", "notes.txt +"), ("\x13", "Saved"), ("\x11", "$ micro")),
        ("yes",),
    ),
    "micro: thrown away": Case(
        "micro",
        "notes.txt (1,1)",
        (("a", "notes.txt +"), ("\x11", "before closing? (y,n,esc)"), ("n", "$ micro")),
        ("no",),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=[name.replace(" ", "-") for name in CASES])
def test_which_file_was_edited_is_told_and_whether_it_was_saved(
    seat: SeatFactory, case: Case
) -> None:
    needs(case.editor.split()[0])
    started = seat()
    (started.home / "notes.txt").write_text("one\ntwo\n")
    started.run(f"{case.editor} notes.txt")
    started.until(case.begun)
    for key, then in case.keys:
        started.press(key)
        started.until(then)
    started.back()
    started.run("true")
    started.until("$ true")
    edits = started.found()
    assert tuple(edit.saved for edit in edits) == case.saved
    assert {edit.path.rsplit("/")[-1] for edit in edits} <= {"notes.txt"}
    assert not any(edit.complete or edit.added for edit in edits)
