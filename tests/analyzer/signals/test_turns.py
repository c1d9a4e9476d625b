"""Commands of one line: each is established when its own part is over, not when the line is."""

from __future__ import annotations

import pytest

from analyzer.records import Tag
from tests.support.rules import rules_of, tags, told_at

_APT = """
[programs.apt]
names = ["apt", "apt-get"]
begins = '^Reading package lists'
"""
_UPDATE = r"""
[[signal.when]]
command.program = ["apt"]
command.verb = ["update"]
ok = ['upgraded\.$']
failed = ['^E: ']
"""
_COPY = """
[[signal.when]]
command.program = ["cp"]
silent = "ok"
"""
RULES = rules_of(_APT, update=_UPDATE, copy=_COPY)


def moments(line: str, said: str, name: str) -> list[float]:
    """Return how long after Enter the tags came, 100 s before the line ended."""
    story = f"a@b:~$ {line}\n{said}\n[wait 100]\nlast words\na@b:~$"
    told = told_at(RULES, story, name)
    start = tags(RULES, story)[0].evidence[0].t if told else 0.0
    return [tag.t - start for _, tag in told]


_TWICE = """Fetched 8 kB
Reading package lists... Done
75 packages can be upgraded.
Reading package lists... Done
Calculating upgrade"""


@pytest.mark.parametrize(
    "line",
    [
        "apt update && apt upgrade -y",
        "sudo apt-get update && sudo apt upgrade -y && sudo apt autoremove",
        "sudo sh -c 'apt update && apt upgrade'",
        "cd / && apt update && apt upgrade",
    ],
)
def test_a_program_that_runs_twice_has_done_the_first_run_when_it_begins_the_second(
    line: str,
) -> None:
    assert [t < 50 for t in moments(line, _TWICE, "update")] == [True]


def test_behind_a_semicolon_the_words_decide() -> None:
    assert [t < 50 for t in moments("apt update; apt upgrade", _TWICE, "update")] == [True]
    refused = _TWICE.replace("75 packages can be upgraded.", "E: no network")
    assert not moments("apt update; apt upgrade", refused, "update")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("cp x y && cat x", "words of the file"),
        ("sudo cp x y && sudo nano x", "[screen]\n GNU nano\n[/screen]"),
        ("mkdir d && cp x y && systemctl restart z && cat x", "words of the file"),
        ("cp x y; cat x", "words of the file"),
    ],
)
def test_who_only_speaks_to_complain_is_done_when_something_else_is_said(
    line: str, said: str
) -> None:
    assert [t < 50 for t in moments(line, said, "copy")] == [True]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("cp x y && cat x", "cp: cannot stat 'x': No such file or directory"),
        ("sudo cp x y && cat x", "sudo: cp: command not found"),
        ("[ -f x ] && cp x y; cat x", "words of the file"),
        ("mkdir d || cp x y; cat x", "words of the file"),
        ("cp x y | cat x", "words of the file"),
        ("cp x y & cat x", "words of the file"),
        ("if true; then cp x y; fi; cat x", "words of the file"),
        ("cp -v x y && cat x", "'x' -> 'y'"),
    ],
)
def test_otherwise_nothing_is_said_before_the_line_ends(line: str, said: str) -> None:
    assert all(t > 50 for t in moments(line, said, "copy"))


def test_sudos_question_is_no_output_of_what_comes_next() -> None:
    said = "[sudo] password for a: \n[hidden 5]\n[wait 100]\nSorry, try again."
    assert all(t > 50 for t in moments("sudo cp x y && cat x", said, "copy"))


def outcomes(rule: str, line: str) -> list[str]:
    found: list[Tag] = tags(rules_of(hit=rule), f"[exec 2 0] {line}")
    return [tag.outcome for tag in found]


def test_what_stands_before_the_last_of_a_chain_that_went_well_went_well() -> None:
    rule = '[[signal.when]]\ncommand.program = ["demo"]'
    assert outcomes(rule, "demo && touch x") == ["ok"]
    assert outcomes(rule, "demo; touch x") == ["unknown"]
    assert outcomes(rule, "touch x && demo; touch x") == ["unknown"]
