"""Faults of rules files, a team's own among them: each named, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.signals.loader import (
    RulesError,
    load_rules,
    parse_rules,
    rules_with,
    shipped_rules,
)
from analyzer.signals.places import rules_path
from tests.support.rules import signal

GOOD = '[[signal.when]]\ncommand.program = ["x"]\n'

FAULTS = {
    '[[signal.when]]\nuse = "nowhere"\n': "there is no macro nowhere",
    '[[signal.when]]\nsignal = ["nowhere"]\n': "there is no signal nowhere",
    "[[signal.when]]\noutput.text = ['@nowhere']\n": "there is no list nowhere",
    "[[signal.when]]\noutput.text = ['(']\n": "not a regular expression",
    "[[signal.when]]\noutput.of = ['x']\n": "Field required",
    "[[signal.when]]\ncommand.verb = ['x']\n": "a command needs",
    "[[signal.when]]\nedit.via = []\n": "an edit needs",
    "[[signal.when]]\nprobe.name = []\n": "a probe needs",
    "[[signal.when]]\nsettled = ['x']\n": "needs exactly one of",
    '[[signal.when]]\nend = true\nok = ["x"]\n': "only for a command or a greeting",
    '[[signal.when]]\nuse = "mm"\noutcomes = ["ok"]\n': "use stands alone",
    '[[signal.when]]\nsilence.at-least = "soon"\n': "a duration is written like",
    '[[signal.when]]\nsilence.at-least = "0s"\n': "a duration is written like",
    "[[signal.when]]\npaste.lines-at-least = 0\n": "greater than or equal",
    f'after-within = "1m"\n{GOOD}': "there is no after",
    f'unless-since = "after"\n{GOOD}': "there is no unless",
    f'withdrawn-within = "1m"\n{GOOD}': "there is no withdrawn-by",
    f'then-within = "1m"\n{GOOD}': "there is no then",
    f'{GOOD}[[signal.then]]\ncommand.program = ["y"]\n': "need then-within",
    f'count.at-least = 2\ncount.same = "text"\ncount.distinct = "text"\n{GOOD}': "both the same",
    f"count.at-least = 1\n{GOOD}": "greater than or equal",
    f'colour = "red"\n{GOOD}': "Extra inputs",
}


def faults_of(text: str) -> list[str]:
    with pytest.raises(RulesError) as caught:
        parse_rules(text, "ours.toml")
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("body", FAULTS)
def test_a_fault_is_named_with_its_signal(body: str) -> None:
    found = faults_of("format = 1\n" + signal("faulty", body))
    (fault, *_) = [each for each in found if FAULTS[body] in each]
    assert fault.startswith("ours.toml:")
    assert "faulty: " in fault


def test_faults_that_only_show_together_are_named_at_once() -> None:
    together = [body for body in FAULTS if "nowhere" in body or body.endswith(GOOD)]
    well_formed = [body for body in together if "count" not in body and "colour" not in body]
    text = "format = 1\n" + "".join(
        signal(f"faulty-{n}", body) for n, body in enumerate(well_formed)
    )
    found = faults_of(text)
    for n, body in enumerate(well_formed):
        (fault,) = [each for each in found if f"faulty-{n}: " in each and FAULTS[body] in each]
        line = int(fault.split(":")[1])
        start = text[: text.index(f'"faulty-{n}"')].count("\n") + 1
        assert start <= line <= start + 12


def test_a_malformed_signal_does_not_hide_the_faults_of_others() -> None:
    text = "format = 1\n" + signal("bad-one", f'colour = "red"\n{GOOD}')
    text += signal("other", '[[signal.when]]\nuse = "nowhere"\n')
    text += signal("third", '[[signal.when]]\nsignal = ["bad-one"]\n')
    first, second = faults_of(text)
    assert "bad-one: " in first
    assert "other: " in second


def test_what_only_follows_from_a_fault_is_not_named_too() -> None:
    (fault,) = faults_of(
        "format = 1\n" + signal("odd-one", '[[signal.when]]\noutput.text = ["("]\n')
    )
    assert "not a regular expression" in fault


def test_signals_that_rest_on_each_other_in_a_circle_are_a_fault() -> None:
    circle = '[[signal.when]]\nsignal = ["{}"]\n'
    text = "format = 1\n" + "".join(
        signal(name, circle.format(other))
        for name, other in (("one", "two"), ("two", "three"), ("three", "one"))
    )
    assert len([fault for fault in faults_of(text) if "rests on itself" in fault]) == 3


def test_a_macro_is_checked_as_patterns_are() -> None:
    head = 'format = 1\n[[macros.mm]]\noutput.text = ["@nowhere"]\n[[macros.mm]]\nuse = "mm"\n'
    found = faults_of(head + signal("fine", GOOD))
    assert any("macros.mm[0].output.text: there is no list" in fault for fault in found)
    assert any("a macro cannot use another" in fault for fault in found)


def test_a_team_adds_replaces_and_silences(tmp_path: Path) -> None:
    ours, gone = shipped_rules().signal[0], shipped_rules().signal[1]
    file = tmp_path / "ours.toml"
    file.write_text(
        f'format = 1\nsilence = ["{gone.id}"]\n[lists]\nours = ["a"]\n'
        + signal("of-our-own", "[[signal.when]]\noutput.text = ['@ours']\n")
        + signal(ours.id, GOOD)
    )
    rules = rules_with(file)
    by_id = {each.id: each for each in rules.signal}
    assert by_id[ours.id].title == "t"
    assert gone.id not in by_id
    assert "of-our-own" in by_id
    assert len(by_id) == len(shipped_rules().signal)


def test_a_team_may_use_what_ships_and_its_faults_are_its_own(tmp_path: Path) -> None:
    name = next(iter(shipped_rules().lists))
    file = tmp_path / "ours.toml"
    file.write_text(
        'format = 1\nsilence = ["not-there"]\n'
        + signal("uses", f"[[signal.when]]\noutput.text = ['@{name}']\n")
    )
    with pytest.raises(RulesError) as caught:
        rules_with(file)
    (fault,) = caught.value.faults
    assert str(fault) == f"{file}:2: silence: there is no signal not-there to silence"


def test_a_file_that_stands_alone_can_silence_nothing_and_needs_a_signal() -> None:
    assert len(faults_of('format = 1\nsilence = ["x-y"]\n')) == 2


def test_the_shipped_rules_are_what_they_are_without_a_team() -> None:
    assert load_rules(rules_path()) == shipped_rules()
