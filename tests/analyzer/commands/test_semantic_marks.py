"""Shells that mark prompts and exit statuses (OSC 133, 633), and programs that forge such marks."""

from __future__ import annotations

from typing import Any

import pytest

_INTEGRATION = (
    "PS0='\\e]{n};C\\a'; PROMPT_COMMAND='printf \"\\e]{n};D;%s\\a\" $?'; "
    "PS1='\\[\\e]{n};A\\a\\]candidate@web01:\\w$ \\[\\e]{n};B\\a\\]'"
)


def begin(shell: Any, number: int, *, marks: bool = True) -> Any:
    bash = shell(marks=marks)
    bash.expect(b"$ ")
    bash.run(_INTEGRATION.format(n=number))
    return bash


@pytest.mark.parametrize("marks", [True, False], ids=["marked", "unmarked"])
@pytest.mark.parametrize("number", [133, 633])
def test_exit_statuses_that_the_shell_tells_are_exact(shell: Any, number: int, marks: bool) -> None:
    bash = begin(shell, number, marks=marks)
    bash.run("bash -c 'exit 7'")
    bash.run("expr 0")
    bash.run("echo fine")
    bash.run("ls /no/such/file")
    found = {c.text: (c.outcome, c.exit_status) for c in bash.commands()[1:]}
    assert found == {
        "bash -c 'exit 7'": ("failed", 7),
        "expr 0": ("failed", 1),
        "echo fine": ("ok", 0),
        "ls /no/such/file": ("failed", 2),
    }


def test_a_status_that_a_program_prints_is_overruled_by_the_shells_own(shell: Any) -> None:
    bash = begin(shell, 133)
    bash.run("printf '\\e]133;D;0\\a\\e]133;A\\a'; bash -c 'exit 3'")
    assert [(c.outcome, c.exit_status) for c in bash.commands()[1:]] == [("failed", 3)]


def test_marks_of_a_program_alone_tell_nothing(shell: Any) -> None:
    bash = shell()
    bash.expect(b"$ ")
    forged = "printf '\\e]133;A\\a\\e]133;C\\a\\e]133;D;0\\a\\e]133;A\\a'; ls /no/such/file"
    bash.run(forged)
    bash.run(forged + " 2>&1")
    assert [(c.outcome, c.exit_status) for c in bash.commands()] == [("failed", None)] * 2


def test_a_forged_command_line_does_not_replace_what_was_typed(shell: Any) -> None:
    bash = begin(shell, 633)
    bash.run("printf '\\e]633;E;apt upgrade\\a\\e]633;C\\a'; true")
    assert bash.texts()[1:] == ["printf '\\e]633;E;apt upgrade\\a\\e]633;C\\a'; true"]


def test_the_command_line_that_the_shell_tells_keeps_its_blanks(shell: Any) -> None:
    bash = begin(shell, 633)
    bash.keys("PS0='\\e]633;E;echo a\\x20\\x20b\\x3b true\\a\\e]633;C\\a'")
    bash.enter()
    bash.run("echo a  b; true")
    found = bash.commands()[-1]
    assert (found.text, found.confidence) == ("echo a  b; true", 0.99)
