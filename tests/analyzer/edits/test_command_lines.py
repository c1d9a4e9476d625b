"""Files that command lines write: in a real bash, held against the files' own difference."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.commands.run import Run
from analyzer.edits.command_lines import edits_of
from analyzer.edits.record import FileEdit
from analyzer.edits.sed import effect
from analyzer.records import Command, Outcome
from analyzer.shell import parse
from tests.analyzer.edits.conftest import SeatFactory
from tests.analyzer.edits.seats import changed

SSHD = "Port 22\n#PasswordAuthentication yes\nUsePAM yes\n#X11Forwarding no\n"
NO = "PasswordAuthentication no"


@dataclass(frozen=True, slots=True)
class Case:
    """A command line that changes the file ``f``."""

    line: str
    via: str = "redirect"
    removed: tuple[str, ...] | None = ()
    """What is told of lines that went; None where it is what really went."""


CASES = [
    Case("echo 'Banner none' >> f"),
    Case('printf "%s\\n" one two >> f'),
    Case("printf 'a %s\\nb\\n' c >> f"),
    Case("echo -e 'one\\ntwo' >> f"),
    Case("cat >> f <<'EOF'\rMatch User bob\r  X11Forwarding no\rEOF"),
    Case("cat <<EOF >> f\rone\rEOF"),
    Case("tee -a f <<'EOF' > /dev/null\rone\rtwo\rEOF", via="tee"),
    Case("echo three | tee -a f >/dev/null", via="tee"),
    Case("bash -c \"echo 'one' >> f\""),
    Case("cat >> f <<< 'one line'"),
    Case("(echo one; echo two) >> f"),
    Case("true && echo one >> f"),
    Case(
        f"sed -i 's/^#\\?PasswordAuthentication .*/{NO}/' f",
        via="sed",
        removed=("PasswordAuthentication",),
    ),
    Case(f"sed -i.bak 's/#PasswordAuthentication yes/{NO}/' f", via="sed", removed=None),
    Case(
        f"sed -E -i 's/^#?PasswordAuthentication (yes|no)/{NO}/' f",
        via="sed",
        removed=("PasswordAuthentication",),
    ),
    Case(
        "sed -i -e 's/^Port 22$/Port 2222/' -e 's/^UsePAM yes/UsePAM no/' f",
        via="sed",
        removed=None,
    ),
    Case("sed -i '/^Port/c\\Port 2222' f", via="sed", removed=("Port",)),
    Case("sed -i '$ a\\AllowUsers jo' f", via="sed"),
    Case("sed -i '/X11Forwarding/d' f", via="sed", removed=("X11Forwarding",)),
    Case("sed -i 's|^Port 22|Port 80|;s,^UsePAM yes,UsePAM no,' f", via="sed", removed=None),
    Case(
        "perl -pi -e 's/^#PasswordAuthentication yes/PasswordAuthentication no/' f",
        via="sed",
        removed=None,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.line)
def test_lines_that_a_command_writes_are_told(seat: SeatFactory, case: Case) -> None:
    started = seat()
    file = started.home / "f"
    file.write_text(SSHD)
    started.run(case.line)
    started.run("echo all $((1 + 1))")
    started.until("all 2")
    added, removed = changed(SSHD, file.read_text())
    edits = [edit for edit in started.found() if edit.path == "~/f"]
    assert edits, started.found()
    assert sorted(line for edit in edits for line in edit.added) == added
    told = sorted(line for edit in edits for line in edit.removed)
    assert told == (removed if case.removed is None else list(case.removed))
    assert {(edit.via, edit.saved) for edit in edits} == {(case.via, "yes")}


def run(
    line: str, *, outcome: Outcome = "ok", output: tuple[str, ...] = (), cwd: str | None = "/etc"
) -> Run:
    command = Command(
        id="c1-1-1", kind="command", connection=1, channel=1, t=1.0, duration=1.0, user="jo",
        host="web01", cwd=cwd, text=line, source="typed", confidence=1.0, outcome=outcome,
        exit_status=None, depth=0,
    )  # fmt: skip
    return Run(command=command, simple=parse(line), output=output, state="finished", t=2.0)


def only(edits: list[FileEdit]) -> FileEdit:
    (edit,) = edits
    return edit


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ("cp ssh/sshd_config ssh/sshd_config.bak", ["/etc/ssh/sshd_config.bak"]),
        ("sudo cp -a a b /var/tmp/", ["/var/tmp/a", "/var/tmp/b"]),
        ("cp -t /x a", ["/x/a"]),
        ("mv a b", ["/etc/b", "/etc/a"]),
        ("cd /srv && rm -f a", ["/srv/a"]),
        ("sudo install -m 600 -o jo key .ssh/authorized_keys", ["/etc/.ssh/authorized_keys"]),
        ("ln -sf ../sites-available/x sites-enabled/", ["/etc/sites-enabled/x"]),
        ("truncate -s 0 /var/log/auth.log", ["/var/log/auth.log"]),
        ("> /var/log/auth.log", ["/var/log/auth.log"]),
        ("dd if=/dev/zero of=/tmp/x", ["/tmp/x"]),
        ("ssh web2 'echo x >> /etc/motd'", ["web2:/etc/motd"]),
        ("docker exec web sh -c 'echo x > /etc/motd'", ["web:/etc/motd"]),
        ("make 2> errors.log", []),
        ("make > /dev/null 2>&1", []),
        ("echo 'a > b'", []),
        ("sed 's/a/b/' f", []),
        ("sed -n -e 's/i/b/p' f", []),
        ("perl -e 'print 1' f", []),
        ("cat <<E\necho x > f\nE", []),
        ("echo x >&2", []),
        ("crontab -l", []),
    ],
)
def test_the_files_that_a_line_writes(line: str, paths: list[str]) -> None:
    assert [edit.path for edit in edits_of(run(line))] == paths


@pytest.mark.parametrize(
    ("line", "outcome", "output", "saved"),
    [
        ("cp a b", "ok", (), "yes"),
        ("cp a b", "failed", ("cp: cannot stat 'a': No such file or directory",), "no"),
        ("cp a b; ls", "unknown", ("a", "b"), "yes"),
        ("test -f a && cp a b; ls", "unknown", ("a",), "unknown"),
        ("echo x > f", "unknown", (), "yes"),
        ("echo x > f", "failed", ("bash: f: Permission denied",), "no"),
        ("sudo echo x > /etc/f", "failed", ("-bash: /etc/f: Permission denied",), "no"),
        ("echo x | sudo tee -a f", "failed", ("sudo: 3 incorrect password attempts",), "no"),
        ("echo x | tee f", "unknown", ("tee: f: Permission denied", "x"), "no"),
        ("grep -q x f || echo x >> f", "ok", (), "unknown"),
        ("cp a b && systemctl restart x", "failed", ("Job for x failed",), "unknown"),
        ("make > log", "interrupted", (), "unknown"),
        ("sed -i s/a/b/ f", "failed", ("sed: can't read f: No such file or directory",), "no"),
    ],
)
def test_whether_it_was_written_is_what_the_outcome_tells(
    line: str, outcome: Outcome, output: tuple[str, ...], saved: str
) -> None:
    assert only(edits_of(run(line, outcome=outcome, output=output))).saved == saved


def test_lines_that_only_the_target_knows_are_not_told_in_full() -> None:
    edit = only(edits_of(run("cat template >> f")))
    assert (edit.added, edit.complete) == ((), False)
    edit = only(edits_of(run('echo "server $HOST" >> f')))
    assert (edit.added, edit.complete) == (("server $HOST",), False)


def test_a_path_in_an_unknown_directory_stays_as_it_was_named() -> None:
    assert only(edits_of(run("echo x > conf/f", cwd=None))).path == "conf/f"


@given(st.text(alphabet="sydacip/\\|,;^$.*?+()[]{}&0123 \nab'", max_size=60), st.booleans())
def test_any_script_is_read(script: str, extended: bool) -> None:
    found = effect(script, extended=extended)
    assert all(line.strip() for line in (*found.added, *found.removed))


@given(
    st.lists(
        st.sampled_from(
            [
                "sed",
                "-i",
                "tee",
                "cp",
                "mv",
                "rm",
                "echo",
                "printf",
                "%s",
                "-e",
                ">",
                ">>",
                "|",
                "a",
                "-t",
                "'",
                '"',
                "<<E",
                "\n",
                "perl -pi",
                "install",
                "-",
                "--",
                "/",
                "$x",
                "\\",
                "%",
            ]
        ),
        max_size=14,
    ).map(" ".join)
)
def test_any_line_is_read(line: str) -> None:
    for edit in edits_of(run(line)):
        assert edit.path


def test_what_went_through_any_number_of_pipes_is_told() -> None:
    line = "echo one" + " | cat" * 900 + " > f"
    (edit,) = edits_of(run(line))
    assert (edit.path, edit.added) == ("/etc/f", ("one",))
