"""Which runs of a command count: settled ones, failed ones, and those after something else."""

from __future__ import annotations

import pytest

from analyzer.records import Tag
from analyzer.signals.loader import parse_rules
from analyzer.signals.schema import Example
from analyzer.signals.transcript import run_example

_HEAD = """
format = 1
[[signal]]
id = "seen"
topic = "test"
title = "t"
reason = "r"
question = "q"
false-positives = ["f"]
"""
_EXAMPLES = "".join(
    f'[[signal.example]]\ntitle = "e"\ntags = {tags}\ntranscript = "-"\n' for tags in (1, 1, 0, 0)
)


def tags_of(rule: str, transcript: str) -> list[Tag]:
    rules = parse_rules(_HEAD + rule + _EXAMPLES, "test.toml")
    return run_example(rules, rules.signal[0], Example(title="e", tags=0, transcript=transcript))


_FAILING = """
[[signal.when]]
command.program = ["demo"]
outcomes = ["ok", "unknown", "failed"]
settled = ['^done$']
failed = ['^no$']
"""


@pytest.mark.parametrize(
    ("transcript", "outcomes"),
    [
        ("a@b:~$ demo\nno\na@b:~$", ["failed"]),
        ("[exec 2 1] demo", ["failed"]),
        ("a@b:~$ demo\nbash: demo: command not found\na@b:~$", []),
        ("a@b:~$ sudo demo\nsudo: demo: command not found\na@b:~$", []),
        ("a@b:~$ sudo demo\n[sudo] password for a:\n[ctrl-c]\na@b:~$", []),
        ("a@b:~$ sudo demo\na is not in the sudoers file.\na@b:~$", []),
        ("[exec 2 127] demo", []),
        ("[exec 2 126] demo", []),
    ],
)
def test_a_run_that_failed_counts_where_asked_for_and_one_that_never_began_does_not(
    transcript: str, outcomes: list[str]
) -> None:
    assert [tag.outcome for tag in tags_of(_FAILING, transcript)] == outcomes


_ANY = """
[[signal.when]]
command.text = ['demo']
outcomes = ["failed"]
"""


def test_where_no_program_is_named_what_never_began_has_failed() -> None:
    tags = tags_of(_ANY, "a@b:~$ demo\nbash: demo: command not found\na@b:~$")
    assert [tag.outcome for tag in tags] == ["failed"]


_MARKED = "\x1b]133;C\x07done\n\x1b]133;D;1\x07a@b:~$"


def test_what_a_line_settled_stays_so_whatever_the_exit_status() -> None:
    (tag,) = tags_of(_FAILING, f"a@b:~$ demo\n{_MARKED}")
    assert tag.outcome == "ok"


_AFTER = """
after-once = true
[[signal.after]]
command.program = ["stop"]
silent = "ok"
[[signal.when]]
command.program = ["start"]
silent = "ok"
"""


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("start", 0),
        ("stop start", 1),
        ("stop start start", 1),
        ("stop start stop start", 2),
        ("stop stop start start", 1),
    ],
)
def test_each_after_counts_for_one_tag(words: str, count: int) -> None:
    lines = [f"a@b:~$ {word}" for word in words.split()]
    assert len(tags_of(_AFTER, "\n".join([*lines, "a@b:~$"]))) == count
