"""A faulty rules file is refused with all its faults, each in its place."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.signals.loader import RulesError, load_rules, parse_rules
from analyzer.signals.places import rules_path

SHIPPED = rules_path().read_text(encoding="utf-8")
EXAMPLES = "".join(
    f"""
[[signal.example]]
title = "one of four"
tags = {tags}
transcript = "candidate@web01:~$ ls"
"""
    for tags in (1, 1, 0, 0)
)
HEAD = """
[[signal]]
id = "{id}"
topic = "updates"
title = "Upgraded {id}"
reason = "It takes time."
question = "Why then?"
false-positives = ["There was nothing to do."]

[[signal.when]]
command.program = ["{id}"]
settled = ['^Setting up \\S+ \\(']
failed = ["@systemctl-failed"]
silent = "ok"
"""
GOOD = (
    "format = 1\n\n[lists]\nsystemctl-failed = ['^Failed to ']\n"
    + HEAD.replace("{id}", "apt-upgrade")
    + EXAMPLES
    + HEAD.replace("{id}", "snap-refresh")
    + EXAMPLES
)
"""A file without faults."""


def faults_of(text: str) -> list[str]:
    with pytest.raises(RulesError) as caught:
        parse_rules(text, "my.toml")
    return [str(fault) for fault in caught.value.faults]


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_the_shipped_rules_have_no_faults() -> None:
    assert parse_rules(SHIPPED, "signals.toml").signal
    assert parse_rules(GOOD, "my.toml").signal


def test_all_faults_are_named_at_once_with_file_line_and_key() -> None:
    text = (
        GOOD.replace('topic = "updates"', 'topic = "Updates!"', 1)
        .replace('title = "Upgraded apt-upgrade"', 'titel = "Upgraded"')
        .replace('id = "snap-refresh"', 'id = "Snap"')
    )
    last = text.rindex('silent = "ok"')
    text = text[:last] + 'silent = "perhaps"' + text[last + len('silent = "ok"') :]
    faults = faults_of(text)
    assert any(
        fault.startswith(f"my.toml:{line_of(text, 'Updates!')}: apt-upgrade: ") for fault in faults
    )
    assert any(fault.startswith(f"my.toml:{line_of(text, 'perhaps')}: Snap") for fault in faults)
    assert any("signal[0].title" in fault for fault in faults)
    assert any(fault.startswith(f"my.toml:{line_of(text, 'titel')}: ") for fault in faults)


def test_a_list_that_does_not_exist_is_a_fault() -> None:
    text = GOOD.replace('"@systemctl-failed"', '"@not-there"', 1)
    (fault,) = faults_of(text)
    assert fault.startswith(f"my.toml:{line_of(text, '@not-there')}: ")
    assert "not-there" in fault


def test_a_bad_expression_is_a_fault() -> None:
    text = GOOD.replace(r"'^Setting up \S+ \('", r"'^Setting up \S+ ('")
    assert any("not a regular expression" in fault for fault in faults_of(text))


def test_two_signals_of_one_name_are_a_fault() -> None:
    text = GOOD.replace('id = "snap-refresh"', 'id = "apt-upgrade"')
    assert any("defined twice" in fault for fault in faults_of(text))


def test_a_signal_without_enough_examples_is_a_fault() -> None:
    head = GOOD[: GOOD.index("[[signal.example]]")]
    assert any("examples" in fault for fault in faults_of(head))


def test_what_is_not_toml_is_named_with_its_line() -> None:
    (fault,) = faults_of("format = 1\nsignal = [")
    assert fault.startswith("my.toml:")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as caught:
        load_rules(tmp_path / "none.toml")
    assert "none.toml" in str(caught.value)


@given(st.one_of(st.text(max_size=200), st.sampled_from(SHIPPED.splitlines())))
def test_only_the_declared_error_escapes(text: str) -> None:
    with contextlib.suppress(RulesError):
        parse_rules(text, "my.toml")
