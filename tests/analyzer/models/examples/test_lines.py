"""Labelled command lines: many, well formed, each in one place, and not against the rules."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.models.examples.lines import labelled_lines, parse_lines
from analyzer.models.intents import INTENTS, MEANING
from analyzer.models.labels import LabelledLine
from analyzer.models.words import ACTIVITIES, BY_NAMES, TOPICS
from analyzer.shell import incomplete, parse
from recorder.errors import UsageError

LINES = labelled_lines()


def test_there_are_enough_lines_of_enough_programs() -> None:
    assert len(LINES) >= 2500
    assert len({line.program for line in LINES}) >= 1000


def test_no_line_is_there_twice() -> None:
    counts = Counter(line.text for line in LINES)
    assert [text for text, count in counts.items() if count > 1] == []


def test_every_word_is_used_enough_to_be_learned() -> None:
    programs: dict[str, set[str]] = defaultdict(set)
    for line in LINES:
        programs[line.intent].add(line.program)
    assert {intent: len(programs[intent]) for intent in INTENTS if len(programs[intent]) < 12} == {}
    assert {line.topic for line in LINES} == set(TOPICS) - BY_NAMES
    # Nobody types a command to wait or to be idle.
    assert {line.activity for line in LINES} == set(ACTIVITIES) - {"waiting", "idle"}


def test_every_intent_says_what_it_means() -> None:
    assert tuple(MEANING) == INTENTS


def test_each_line_is_whole_and_names_its_program() -> None:
    wrong = [line.text for line in LINES if not _is_well_formed(line)]
    assert wrong == []


def _is_well_formed(line: LabelledLine) -> bool:
    # The grammar asks for more after two exclamation marks; a heredoc's end may be left out.
    whole = not incomplete(line.text) or re.search(r"!!|<<", line.text) is not None
    word = line.text if line.program == "type" else line.program
    named = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", line.text) is not None
    return bool(parse(line.text)) and whole and named and line.text == line.text.rstrip()


def test_a_program_has_all_its_lines_in_one_group_by_what_runs() -> None:
    wrong = []
    for line in LINES:
        names = {command.argv[0].rpartition("/")[2] for command in parse(line.text) if command.argv}
        others = names & {"sudo", "env", "nohup", "time", "nice", "ionice"}
        if others - {line.program}:
            wrong.append(line.text)
    assert wrong == []


def test_a_word_that_is_none_is_named_with_its_line() -> None:
    with pytest.raises(UsageError, match=r"x\.lines, line 2: 'cooking'"):
        parse_lines("# hello\n[ls] cooking looking-around file-management\nls\n", "x.lines")


def test_a_command_before_the_first_group_is_an_error() -> None:
    with pytest.raises(UsageError, match="before the first group"):
        parse_lines("ls\n", "x.lines")


def test_a_tab_goes_on_with_the_line_above() -> None:
    text = "[cat] other configuring edit-file\ncat <<A\n\thello\n\tA\ncat x\n"
    assert [line.text for line in parse_lines(text, "x")] == ["cat <<A\nhello\nA", "cat x"]


@given(st.text(alphabet=st.sampled_from("[]ls other\n\t#-"), max_size=200))
def test_any_text_gives_lines_or_a_usage_error(text: str) -> None:
    try:
        found = parse_lines(text, "x")
    except UsageError:
        return
    assert all(line.text.strip() for line in found)
