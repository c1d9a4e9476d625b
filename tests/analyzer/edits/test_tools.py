"""Files that are written by tools of their own kind, and by scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.edits.command_lines import edits_of
from analyzer.edits.tools import written_by
from analyzer.shell import parse
from tests.analyzer.edits.conftest import SeatFactory
from tests.analyzer.edits.seats import changed, needs
from tests.analyzer.edits.test_command_lines import run


def told(line: str) -> list[tuple[str, str]]:
    return [(edit.path, edit.via) for edit in edits_of(run(line))]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a2ensite blog", [("/etc/apache2/sites-enabled/blog.conf", "other")]),
        ("sudo a2ensite -q blog.conf", [("/etc/apache2/sites-enabled/blog.conf", "other")]),
        ("a2dissite 000-default", [("/etc/apache2/sites-enabled/000-default.conf", "remove")]),
        (
            "a2enmod proxy proxy_http",
            [
                ("/etc/apache2/mods-enabled/proxy.load", "other"),
                ("/etc/apache2/mods-enabled/proxy_http.load", "other"),
            ],
        ),
        ("crudini --set /etc/app.ini main port 80", [("/etc/app.ini", "other")]),
        ("crudini --get /etc/app.ini main port", []),
        ("patch /etc/motd < fix.diff", [("/etc/motd", "other")]),
        ("patch --dry-run /etc/motd < fix.diff", []),
        ("ed -s /etc/motd <<'EOF'\n1d\nw\nq\nEOF", [("/etc/motd", "other")]),
        ("ed -s /etc/motd <<'EOF'\n1d\nq\nEOF", []),
        ("gawk -i inplace '{print $1}' /etc/motd", [("/etc/motd", "other")]),
        ("awk '{print $1}' /etc/motd", []),
        ("python3 -c \"open('/etc/motd', 'w').write('x')\"", [("/etc/motd", "other")]),
        ("python3 -c \"print(open('/etc/motd', 'r').read())\"", []),
        (
            "python3 - <<'EOF'\nfrom pathlib import Path\nPath('/etc/motd').write_text('x')\nEOF",
            [("/etc/motd", "other")],
        ),
        (
            "ln -s ../sites-available/blog /etc/nginx/sites-enabled",
            [("/etc/nginx/sites-enabled/blog", "copy")],
        ),
        ("cp blog.conf /etc/nginx/conf.d", [("/etc/nginx/conf.d/blog.conf", "copy")]),
        (
            "install -m 644 blog.conf /etc/nginx/conf.d/x.conf",
            [("/etc/nginx/conf.d/x.conf", "copy")],
        ),
        ("dd if=/dev/zero of=/etc/motd", [("/etc/motd", "other")]),
    ],
)
def test_what_it_writes_is_told(line: str, expected: list[tuple[str, str]]) -> None:
    assert told(line) == expected


def test_the_lines_of_a_patch_and_of_a_setting_are_told() -> None:
    (edit,) = edits_of(run("patch x <<'EOF'\n--- x\n+++ x\n@@ -1 +1 @@\n-old\n+new\nEOF"))
    assert (edit.added, edit.removed) == (("new",), ("old",))
    (edit,) = edits_of(run("crudini --set x main port 80"))
    assert edit.added == ("port = 80",)


def test_a_real_crudini_writes_the_line_that_is_told(seat: SeatFactory) -> None:
    needs("crudini")
    started = seat()
    file: Path = started.home / "app.ini"
    file.write_text("[main]\nhost = a\n")
    started.run("crudini --set app.ini main port 80; echo done")
    started.until("\ndone")
    (edit,) = started.found()
    assert tuple(changed("[main]\nhost = a\n", file.read_text())[0]) == edit.added


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_words_are_read(words: str, stdin: str) -> None:
    for program in ("crudini", "patch", "ed", "awk -i inplace", "python3 -c", "a2ensite"):
        for command in parse(f"{program} {words}"):
            assert len(written_by(command, stdin)) <= 400
