"""Lines of sshd's configuration that have no effect on everybody are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.edits.sections import idle_lines
from analyzer.edits.sed import effect
from tests.analyzer.edits.conftest import SeatFactory
from tests.analyzer.edits.seats import needs

NO = "PasswordAuthentication no"
ENTER, END, DOWN = "\r", "\x05", "\x1b[B"


@pytest.mark.parametrize(
    ("lines", "idle"),
    [
        ([NO], []),
        (["Match User bob", f"  {NO}"], [f"  {NO}"]),
        (["match address 10.0.0.0/8", NO], [NO]),
        (["Match all", NO], []),
        (["Match User bob", "X11Forwarding no", "Match all", NO], []),
        (["#Match User bob", NO], []),
        ([NO, "Match User bob", "PasswordAuthentication yes"], ["PasswordAuthentication yes"]),
        (["passwordauthentication yes", NO], [NO]),
        (["#PasswordAuthentication yes", NO], []),
        (["PermitRootLogin yes", NO], []),
        ([NO, NO], []),
    ],
)
def test_what_stands_under_a_match_or_behind_the_first_of_its_name(
    lines: list[str], idle: list[str]
) -> None:
    for path in ("/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/10-own.conf", "sshd_config"):
        find = idle_lines(path)
        assert find is not None
        assert find(lines) == frozenset(idle)


def test_of_other_files_nothing_is_known() -> None:
    assert idle_lines("/etc/ssh/ssh_config") is None
    assert idle_lines("/etc/nginx/nginx.conf") is None


@given(st.lists(st.text(max_size=40)))
def test_any_lines_are_read(lines: list[str]) -> None:
    find = idle_lines("/etc/ssh/sshd_config")
    assert find is not None
    assert find(lines) <= set(lines)


@pytest.mark.parametrize(
    ("script", "open_start"),
    [
        ("s/PasswordAuthentication yes/PasswordAuthentication no/", True),
        ("s/^PasswordAuthentication yes/PasswordAuthentication no/", False),
        ("s/#PasswordAuthentication yes/PasswordAuthentication no/", False),
        (r"s/#\?PasswordAuthentication.*/PasswordAuthentication no/", False),
        (r"s/.*PasswordAuthentication.*/PasswordAuthentication no/", False),
        (r"s/\(#\)PasswordAuthentication.*/PasswordAuthentication no/", False),
        ("/^#PasswordAuthentication/c PasswordAuthentication no", False),
    ],
)
def test_a_substitution_in_mid_line_may_leave_a_comment(script: str, open_start: bool) -> None:
    assert effect(script).ends == ((NO,) if open_start else ())


def test_a_line_that_is_written_under_a_match_is_seen_to_stand_there(seat: SeatFactory) -> None:
    needs("nano")
    started = seat()
    (started.home / "sshd_config").write_text("Port 22\n\nMatch User bob\nX11Forwarding no\n")
    started.run("nano sshd_config")
    started.until("Match User bob")
    started.press(DOWN, DOWN, DOWN, END, ENTER)
    started.type(NO)
    started.press("\x0f", ENTER)
    started.until("[ Wrote")
    assert started.found()[-1].idle == (NO,)
    started.press("\x1b[H", *(["\x1b[A"] * 9), END, ENTER)
    started.type("PermitRootLogin no")
    started.press("\x0f", ENTER, "\x18")
    started.until("$ nano")
    edit = started.found()[-1]
    assert (edit.added, edit.idle) == (("PermitRootLogin no",), ())
