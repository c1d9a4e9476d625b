"""What rules may ask of a login, of stretches of like things, and of what one write does twice."""

from __future__ import annotations

import pytest

from analyzer.analysis import Pipeline
from analyzer.records import Tag
from analyzer.signals.engine import Engine
from analyzer.signals.loader import parse_rules, shipped_rules
from analyzer.signals.transcript import Transcript
from recorder.recording.events import Logged, Place
from recorder.recording.journal import LoginAttempt

HEAD = """
format = 1
[[signal]]
id = "looked-for"
topic = "ssh"
title = "t"
reason = "r"
question = "q"
false-positives = ["f"]
"""
EXAMPLES = """
[[signal.example]]
title = "a"
tags = 1
transcript = "x"
[[signal.example]]
title = "b"
tags = 0
transcript = "x"
"""


def tags_of(rule: str, transcript: str) -> list[Tag]:
    few = "".join(EXAMPLES for _ in range(3))
    rules = parse_rules(f"{HEAD}{rule}{few}", "my.toml")
    pipeline = Pipeline(rules)
    tags: dict[str, Tag] = {}
    for event in Transcript().play(transcript):
        tags |= {tag.id: tag for tag in pipeline.observe(event).tags}
    tags |= {tag.id: tag for tag in pipeline.finish().tags}
    return [tag for tag in tags.values() if tag.signal == "looked-for"]


REFUSED = '[[signal.when]]\nlogin.outcome = ["refused"]\n'


@pytest.mark.parametrize(
    ("login", "count"),
    [
        ("password refused publickey", 1),
        ("password refused publickey,password", 0),
        ("password refused", 0),
        ("publickey refused publickey", 0),
    ],
)
def test_a_rule_may_ask_what_was_not_tried_and_is_not_offered(login: str, count: int) -> None:
    rule = f'{REFUSED}login.without-method = ["publickey"]\nlogin.without-offer = ["password"]\n'
    assert len(tags_of(rule, f"[login 2 candidate {login}]")) == count


@pytest.mark.parametrize(("before", "count"), [("", 0), ("[close 1]\n", 1)])
def test_a_rule_may_ask_whether_nobody_else_was_in(before: str, count: int) -> None:
    rule = f"{REFUSED}login.while-alone = true\n"
    assert len(tags_of(rule, f"{before}[login 2 candidate password refused publickey]")) == count


def test_stretches_of_different_programs_are_told_apart() -> None:
    rule = (
        'count.at-least = 2\ncount.same = "program"\n'
        'stretch.at-least = "60s"\nstretch.gap = "200s"\n'
        '[[signal.when]]\ncommand.program = ["ls", "id"]\n'
    )
    step = "candidate@web01:~$ {}\ncandidate@web01:~$\n[wait 90]\n"
    assert len(tags_of(rule, step.format("ls") + step.format("id"))) == 0
    assert len(tags_of(rule, step.format("ls") + step.format("id") + step.format("ls"))) == 1


def test_what_one_write_establishes_is_known_to_a_rule_about_the_same_write() -> None:
    first = '[[signal.when]]\nedit.added = ["two"]\n[[signal.after]]\nsignal = ["other"]\n'
    other = HEAD.replace("format = 1\n", "").replace("looked-for", "other")
    rule = f'{first}{EXAMPLES * 3}{other}[[signal.when]]\nedit.added = ["one"]\n'
    assert len(tags_of(rule, "[edit /a +one +two saved]")) == 1
    assert tags_of(rule, "[edit /a +two saved]") == []


def _tried(t: float, outcome: str) -> Logged:
    entry = LoginAttempt.model_validate(
        {"t": t, "connection": 2, "user": "u", "method": "password", "outcome": outcome}
    )
    return Logged(t=t, place=Place(file="session.jsonl", offset=int(1000 * t)), entry=entry)


def test_who_mistypes_and_is_let_in_on_the_same_connection_is_not_locked_out() -> None:
    engine = Engine(shipped_rules().only(frozenset({"locked-out"})))
    for event in Transcript().play("[edit /etc/ssh/sshd_config +Port_22 saved]\n[close 1]"):
        if isinstance(event, Logged):
            engine.observe(event)
        else:
            engine.observe_edit(event)  # type: ignore[arg-type]  # of this story nothing else
    (refused,) = engine.observe(_tried(50.0, "refused"))
    assert (refused.signal, refused.state) == ("locked-out", "established")
    (back,) = engine.observe(_tried(55.0, "accepted"))
    assert (back.id, back.state) == (refused.id, "withdrawn")
    assert engine.finish() == []


def test_whoever_got_in_after_all_can_be_locked_out_soon_after() -> None:
    step = "candidate@web01:~$ sudo systemctl restart ssh\n"
    story = (
        f"{step}[close 1]\n[login 2 candidate password refused publickey,password]\n"
        f"[login 3 candidate password accepted]\n[pane 3]\n{step}[close 3]\n[wait 30]\n"
        "[login 4 candidate password refused publickey]\n[close 4]"
    )
    pipeline = Pipeline(shipped_rules().only(frozenset({"locked-out"})))
    tags: dict[str, Tag] = {}
    for event in Transcript().play(story):
        tags |= {tag.id: tag for tag in pipeline.observe(event).tags}
    states = [tag.state for tag in tags.values() if tag.signal == "locked-out"]
    assert states == ["withdrawn", "established"]
