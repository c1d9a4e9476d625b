"""Real editors change real files: what was found is held against the files' own difference."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.analyzer.edits.conftest import SeatFactory
from tests.analyzer.edits.seats import changed, needs

ENTER, ESC, BACKSPACE = "\r", "\x1b", "\x7f"
DOWN, UP, RIGHT, HOME, END = "\x1b[B", "\x1b[A", "\x1b[C", "\x1b[H", "\x1b[F"
CUT, UNCUT, WRITE, EXIT, FIND, REPLACE = "\x0b", "\x15", "\x0f", "\x18", "\x17", "\x1c"
PAGE_DOWN, PAGE_UP = "\x1b[6~", "\x1b[5~"

FILE = "\n".join(
    [
        "# This is the server's configuration.",
        "",
        "Port 22",
        "#ListenAddress 0.0.0.0",
        "",
        *(f"# Option number {number} is not set here." for number in range(1, 30)),
        "",
        "PermitRootLogin prohibit-password",
        "#PasswordAuthentication yes",
        "#PermitEmptyPasswords no",
        "",
        "Subsystem\tsftp\t/usr/lib/openssh/sftp-server",
        *(f"# Example {number} of an override" for number in range(1, 20)),
        "UsePAM yes",
        "",
    ]
)
LONG = "ssh-ed25519 " + "".join(chr(ord("a") + n * 7 % 26) for n in range(150)) + " jo@laptop"


@dataclass(frozen=True, slots=True)
class Case:
    """Keys for an editor on a file, and whether the file is written by them."""

    name: str
    keys: tuple[str, ...]
    saved: str | None = "yes"
    before: str = FILE
    complete: bool = True


def typed(text: str) -> tuple[str, ...]:
    return tuple(text)


def pasted(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


SAVE = (WRITE, ENTER)
LEAVE = (EXIT,)
DONE = (EXIT, "y", ENTER)

NANO = [
    Case("one line typed at the top", (*typed("Banner none"), ENTER, *DONE)),
    Case(
        "uncommented where it was searched", (FIND, *typed("PasswordAuth"), ENTER, "\x1b[3~", *DONE)
    ),
    Case(
        "value changed",
        (FIND, *typed("yes"), ENTER, *[RIGHT] * 3, *[BACKSPACE] * 3, *typed("no"), *DONE),
    ),
    Case("written, then left", (*typed("X"), *SAVE, *LEAVE)),
    Case("line cut and put elsewhere", (DOWN, DOWN, CUT, DOWN, DOWN, DOWN, UNCUT, *DONE)),
    Case("line cut at the top of the file", (CUT, *DONE)),
    Case("five lines cut in a row", (*[DOWN] * 6, *[CUT] * 5, *DONE)),
    Case("everything cut", (*[CUT] * 70, *DONE)),
    Case(
        "typed at the end",
        ("\x1b/", *typed("AllowUsers jo"), ENTER, *typed("MaxAuthTries 3"), *DONE),
    ),
    Case("paged through, then typed", (PAGE_DOWN, PAGE_DOWN, PAGE_UP, DOWN, *typed("zz"), *DONE)),
    Case(
        "block pasted in the middle",
        (*[DOWN] * 5, pasted("Match User bob\n  X11Forwarding no\n  ForceCommand id\n"), *DONE),
    ),
    Case(
        "block pasted that is longer than the screen",
        (*[DOWN] * 3, pasted("".join(f"Setting{n} value {n}\n" for n in range(60))), *DONE),
    ),
    Case("long key pasted", (DOWN, pasted(LONG), *DONE), before="\n"),
    Case(
        "long key pasted, then another line",
        (pasted(LONG), ENTER, *typed("short"), *DONE),
        before="",
    ),
    Case("new file", (*typed("hello"), ENTER, *typed("world"), *DONE), before=""),
    Case("undone again", (*typed("oops"), *["\x1bu"] * 2, *SAVE, *LEAVE)),
    Case("left without writing", (*typed("oops"), EXIT, "n"), saved="no"),
    Case("only looked at", (PAGE_DOWN, EXIT), saved=None),
    Case("asked, cancelled, written", (*typed("a"), EXIT, "\x03", *typed("b"), *DONE)),
    Case(
        "replaced everywhere, one by one",
        (REPLACE, *typed("Example"), ENTER, *typed("Sample"), ENTER, "y", "y", "n", "\x03", *DONE),
    ),
    Case("typed on every second line", (*[DOWN] * 20, *typed("#"), DOWN, DOWN, *typed("#"), *DONE)),
    Case(
        "Enter at the bottom row",
        (*[DOWN] * 25, END, ENTER, *typed("one"), ENTER, *typed("two"), *DONE),
    ),
]

QUIT = (ESC, *typed(":q!"), ENTER)
WQ = (ESC, *typed(":wq"), ENTER)

VIM = [
    Case("line opened below", ("o", *typed("Banner none"), *WQ)),
    Case("line opened above the first", ("O", *typed("Banner none"), *WQ)),
    Case("uncommented where it was searched", (*typed("/PasswordAuth"), ENTER, "0", "x", *WQ)),
    Case("word changed", (*typed("/yes"), ENTER, *typed("cwno"), *WQ)),
    Case("line deleted at the top of the file", (*typed("dd"), *WQ)),
    Case("line deleted and put elsewhere", (*typed("jjddjjjp"), *WQ)),
    Case("five lines deleted", (*typed("10j5dd"), *WQ)),
    Case("typed at the end", (*typed("Go"), *typed("AllowUsers jo"), ENTER, *typed("Last"), *WQ)),
    Case("to the end deleted", (*typed("5jdG"), *WQ), complete=False),
    Case("paged through, then typed", ("\x06", "\x06", "\x02", *typed("jA zz"), *WQ)),
    Case(
        "block pasted in insert mode",
        (*typed("4jo"), pasted("Match User bob\n  X11Forwarding no\n"), *WQ),
    ),
    Case(
        "block pasted that is longer than the screen",
        (*typed("4jo"), pasted("".join(f"Setting{n} v\n" for n in range(60))), *WQ),
    ),
    Case("long key pasted", ("i", pasted(LONG), *WQ), before=""),
    Case("new file", ("i", *typed("hello"), ENTER, *typed("world"), *WQ), before=""),
    Case("undone again", (*typed("xxx"), "u", "u", "u", *WQ)),
    Case("left with :q!", (*typed("xx"), *QUIT), saved="no"),
    Case("only looked at", ("\x06", *typed(":q"), ENTER), saved=None),
    Case("left with ZZ", (*typed("ddZZ"),)),
    Case("left with ZQ", (*typed("ddZQ"),), saved="no"),
    Case("left with :x", (*typed("dd:x"), ENTER)),
    Case("written, then left", ("x", *typed(":w"), ENTER, *typed(":q"), ENTER)),
    Case("substituted on one line", (*typed("/UsePAM"), ENTER, *typed(":s/yes/no/"), ENTER, *WQ)),
    Case(
        "substituted everywhere",
        (*typed(":%s/^#PasswordAuthentication.*/PasswordAuthentication no/"), ENTER, *WQ),
        complete=False,
    ),
    Case("with line numbers", (*typed(":set nu"), ENTER, *typed("jjA2"), *WQ)),
    Case("lines joined", (*typed("jjJ"), *WQ)),
    Case("refused, then left without writing", (*typed("x:q"), ENTER, *QUIT), saved="no"),
    Case("repeated by dot", ("x", "j", "j", ".", "j", ".", *WQ)),
    Case("blank in front of many lines", (*typed(":set nu"), ENTER, *typed("6j>>j.j."), *WQ)),
]


def check(seat: SeatFactory, line: str, case: Case, **options: str | int) -> None:
    """Run an editor on a file and compare."""
    started = seat(**options)
    file = started.home / "sshd_config"
    if case.before:
        file.write_text(case.before)
    started.run(line)
    started.until("GNU nano" if "nano" in line else '"sshd_config"')
    started.press(*case.keys)
    started.until("candidate@web01")
    after = file.read_text() if file.exists() else ""
    found = started.found()
    if case.saved is None:
        assert found == []
        return
    (edit,) = found
    assert (edit.path, edit.via, edit.saved) == ("~/sshd_config", "editor", case.saved)
    added, removed = changed(case.before, after)
    if case.saved == "yes":
        assert (sorted(edit.added), sorted(edit.removed)) == (added, removed) or (
            not case.complete and not edit.complete and set(edit.added) <= set(added)
        )
        assert edit.complete == case.complete
    else:
        assert (added, removed) == ([], [])
        assert edit.added or edit.removed


@pytest.mark.parametrize("case", NANO, ids=lambda case: case.name.replace(" ", "-"))
def test_what_nano_does_is_found(seat: SeatFactory, case: Case) -> None:
    needs("nano")
    check(seat, "nano sshd_config", case)


@pytest.mark.parametrize("case", VIM, ids=lambda case: case.name.replace(" ", "-"))
def test_what_vim_does_is_found(seat: SeatFactory, case: Case) -> None:
    needs("vim")
    check(seat, "vim sshd_config", case)


@pytest.mark.parametrize("case", VIM, ids=lambda case: case.name.replace(" ", "-"))
def test_what_the_smallest_vim_does_is_found(seat: SeatFactory, case: Case) -> None:
    needs("vim.tiny")
    check(seat, "vim.tiny sshd_config", case)


def test_an_editor_that_cannot_write_has_saved_nothing(seat: SeatFactory) -> None:
    needs("nano")
    started = seat()
    started.run("nano missing/notes.txt")
    started.until("GNU nano")
    started.type("hello")
    started.press(WRITE, ENTER)
    started.until("[ Error writing")
    (refused,) = started.found()
    assert (refused.saved, refused.path) == ("no", "~/missing/notes.txt")
    assert refused.added == ("hello",)
    started.press(EXIT, "n")
    started.until("candidate@web01:~$ nano missing/notes.txt")
    assert [edit.saved for edit in started.found()] == ["no"]


def test_nano_may_write_to_another_name(seat: SeatFactory) -> None:
    needs("nano")
    started = seat()
    started.run("cd /tmp && cd - && nano")
    started.until("GNU nano")
    started.type("hello")
    started.press(EXIT, "y", *"other.txt", ENTER)
    started.until("candidate@web01")
    started.run("cat other.txt")
    started.until("hello")
    edit = started.found()[-1]
    assert (edit.path, edit.saved, edit.added) == (edit.path, "yes", ("hello",))
    assert edit.path.endswith("/other.txt")


def test_each_write_of_one_sitting_is_an_edit_of_its_own(seat: SeatFactory) -> None:
    needs("vim")
    started = seat()
    started.run("vim notes")
    started.until('"notes" [New]')
    started.press("i", *"one", ESC, *":w", ENTER)
    started.until("written")
    assert [edit.added for edit in started.found()] == [("one",)]
    started.press("o", *"two", ESC, *":w! copy", ENTER)
    started.until('"copy" [New]')
    started.press("d", "d", *":wq", ENTER)
    started.until("candidate@web01:~$ vim notes")
    first, second, third = started.found()
    assert [edit.path for edit in (first, second, third)] == ["~/notes", "~/copy", "~/notes"]
    assert (second.added, second.removed) == (("two",), ())
    assert len({edit.id for edit in started.found()}) == 3


def test_vim_that_is_not_allowed_to_write_has_saved_nothing(seat: SeatFactory) -> None:
    needs("vim")
    started = seat()
    started.run("vim missing/notes")
    started.until('"missing/notes"')
    started.press("i", *"one", ESC, *":wq", ENTER)
    started.until("E212")
    assert [edit.saved for edit in started.found()] == ["no"]
    started.press(ENTER, *":q!", ENTER)
    started.until("$ vim missing/notes")
    assert [(edit.saved, edit.path) for edit in started.found()] == [("no", "~/missing/notes")]


def test_what_is_written_through_a_command_is_found(seat: SeatFactory) -> None:
    needs("vim")
    started = seat()
    (started.home / "notes").write_text("one\n")
    started.run("vim -R notes")
    started.until('"notes" [readonly]')
    started.press("A", *" more")
    started.press(ESC, *":w !tee % >/dev/null", ENTER)
    started.until("[O]K, (L)oad File")
    started.press("o")
    started.press(*":q!", ENTER)
    started.until("candidate@web01:~$ vim")
    assert (started.home / "notes").read_text() == "one more\n"
    edit = started.found()[0]
    assert (edit.saved, edit.added, edit.removed) == ("yes", ("one more",), ("one",))


def test_vim_may_go_to_another_file(seat: SeatFactory) -> None:
    needs("vim")
    started = seat()
    (started.home / "second").write_text("b\n")
    (started.home / "first").write_text("a\n")
    started.run("vim first")
    started.until('"first"')
    started.press(*":e second", ENTER)
    started.until('"second" 1L')
    started.press("A", "c", ESC, *":x", ENTER)
    started.until("candidate@web01:~$ vim first")
    (edit,) = started.found()
    assert (edit.path, edit.added, edit.removed) == ("~/second", ("bc",), ("b",))


def test_a_stopped_editor_comes_back(seat: SeatFactory) -> None:
    needs("vim")
    started = seat()
    started.run("vim notes")
    started.until('"notes" [New]')
    started.press("i", *"one", ESC, "\x1a")
    started.until("Stopped")
    assert started.found() == []
    started.run("fg")
    started.until("All")
    started.press(*":wq", ENTER)
    started.until("$ fg")
    (edit,) = started.found()
    assert (edit.path, edit.added, edit.saved) == ("~/notes", ("one",), "yes")


@pytest.mark.parametrize("term", ["vt100", "linux"])
def test_an_editor_without_a_screen_of_its_own_is_read(seat: SeatFactory, term: str) -> None:
    needs("nano")
    started = seat(TERM=term)
    started.run("nano notes")
    started.until("GNU nano")
    started.type("Banner none")
    started.press(*SAVE, EXIT)
    started.rest()
    started.run("cat notes; echo done")
    started.until("\ndone")
    edit = started.found()[0]
    # What stands before the cursor is taken for a prompt there, and the command for ended.
    assert edit.path == "~/notes"
    assert edit.saved in {"yes", "unknown"}


@pytest.mark.parametrize("editor", ["nano", "vim"])
def test_what_visudo_wrote_is_told_when_it_has_taken_it(seat: SeatFactory, editor: str) -> None:
    needs("visudo")
    needs(editor)
    started = seat(EDITOR=editor)
    file = started.home / "rules"
    file.write_text("Defaults env_reset\nDefaults env_editor\n")
    file.chmod(0o440)
    started.run("visudo -f rules")
    started.until("env_reset")
    nano = "GNU nano" in started.screen
    started.press(*("Defaults insults", ENTER, *DONE) if nano else ("O", *"Defaults insults", *WQ))
    started.until("candidate@web01")
    assert "insults" in file.read_text(), started.screen
    edit = started.found()[-1]
    assert (edit.path, edit.saved, edit.added) == ("~/rules", "yes", ("Defaults insults",))
