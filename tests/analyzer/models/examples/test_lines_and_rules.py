"""A second look at the labels: what the shipped rules say of a line must not contradict it.

Lines run through the whole analysis, as typed at a prompt. A rule's topic is of an exercise's
part; only those that are topics here too are held against labels.
"""

from __future__ import annotations

from bisect import bisect_right

from analyzer.analysis import Pipeline
from analyzer.models.examples.lines import labelled_lines
from analyzer.models.labels import LabelledLine
from analyzer.models.words import TOPICS
from analyzer.signals.loader import active_rules
from analyzer.signals.transcript import Transcript

MEANT = {
    "node": {"ghost"},
    "debugging": {"diagnosis", "web", "ghost", "database", "ssh", "basic-auth"},
    **{topic: {topic} for topic in TOPICS if topic not in {"diagnosis", "other"}},
}
"""Topics of rules, and the labels that go with them."""

GENERAL = {"surveyed-services", "checked-resources", "read-docs", "inspected-existing-site"}
"""Signals that fire while one works on anything."""


ACCEPTED = {
    ("database-sqlite", "ghost"),  # chosen on the way, by an installation of Ghost
    ("read-logs", "other"),  # of what belongs to no task, as Docker's
}
"""Signals and labels that go together although their topics differ."""

TOGETHER = 40
"""Lines that share a session: far apart in the files, so that a signal that fires once suffices."""


def tagged(lines: list[LabelledLine]) -> list[tuple[str, str, LabelledLine]]:
    """Return signals, their topics and the line that was entered last when they fired."""
    rules = active_rules()
    topics = {signal.id: signal.topic for signal in rules.signal}
    pipeline = Pipeline(rules)
    typed = [f"candidate@web01:~$ {line.text}" for line in lines]
    for happening in Transcript().play("\n".join([*typed, "candidate@web01:~$", "[end]"])):
        pipeline.observe(happening)
    pipeline.finish()
    started = [ran.command.t for ran in pipeline.observed.ran.values()]
    assert len(started) == len(lines), "each line is one command"
    return [
        (tag.signal, topics[tag.signal], lines[bisect_right(started, tag.t) - 1])
        for tag in pipeline.observed.tags.values()
        if tag.state == "established"
    ]


def test_rules_and_labels_agree_on_what_a_line_serves() -> None:
    lines = [line for line in labelled_lines() if "\n" not in line.text and "!!" not in line.text]
    step = -(-len(lines) // TOGETHER)
    wrong = [
        f"{line.text!r} is labelled {line.topic}, and {signal} ({topic}) fires"
        for part in range(step)
        for signal, topic, line in tagged(lines[part::step])
        if topic in MEANT
        and signal not in GENERAL
        and line.topic not in MEANT[topic]
        and (signal, line.topic) not in ACCEPTED
    ]
    assert wrong == []
