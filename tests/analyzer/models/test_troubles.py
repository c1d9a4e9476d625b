"""Models within the pipeline: the same live and later, with rules that rest on them, at no cost."""

from __future__ import annotations

import subprocess
import sys

from analyzer.analysis import Collected, Pipeline
from analyzer.models.examples.generator import generated
from analyzer.models.scorers import scorers
from analyzer.models.troubles import Troubles
from analyzer.records import Tag
from analyzer.signals.loader import parse_rules, shipped_rules
from analyzer.signals.schema import Rules
from analyzer.signals.transcript import Happening, Transcript
from tests.analyzer.models.sights import by_failures

MODELS = {"stuck": by_failures(0.3, 0.15)}

TIRED = """
candidate@web01:~$ {command}
npm ERR! code EACCES
npm ERR! syscall mkdir
candidate@web01:~$
[wait 45]
"""

STUCK = "\n".join(
    TIRED.format(command=f"npm install ghost-cli {'-v ' * n}".rstrip()).strip() for n in range(4)
)


def tags_of(happenings: list[Happening], rules: Rules, *, live: bool) -> dict[str, Tag]:
    """Run a session through the pipeline; live, the clock is told again and again."""
    pipeline, found = Pipeline(rules, troubles=Troubles(rules, MODELS)), Collected()
    clock = 0.0
    for event in happenings:
        while live and clock + 0.7 < event.t:
            clock += 0.7
            found.add(pipeline.tick(clock))
        found.add(pipeline.observe(event))
    found.add(pipeline.finish())
    return found.tags


def model_tags(found: dict[str, Tag]) -> list[Tag]:
    return [tag for tag in found.values() if tag.detector == "model"]


def test_a_session_that_is_followed_is_told_the_same_as_one_that_is_read() -> None:
    rules = shipped_rules()
    told = 0
    for session in generated(11, 4):
        happenings = list(session.happenings)
        later = tags_of(happenings, rules, live=False)
        assert tags_of(happenings, rules, live=True) == later
        told += len(model_tags(later))
    assert told


def test_without_a_model_rules_are_alone() -> None:
    rules = shipped_rules()
    pipeline, found = Pipeline(rules, troubles=Troubles(rules, {})), Collected()
    for event in Transcript().play(STUCK):
        found.add(pipeline.observe(event))
    found.add(pipeline.finish())
    assert not model_tags(found.tags)
    assert found.commands


def test_a_teams_rule_may_rest_on_what_a_model_tagged() -> None:
    team = """
    format = 1
    [[signal]]
    id = "needs-a-hint"
    topic = "flow"
    title = "t"
    reason = "r"
    question = "q"
    false-positives = ["f"]
    [[signal.when]]
    signal = ["stuck"]
    outcomes = ["ok", "unknown", "failed"]
    """
    example = """
    [[signal.example]]
    title = "e{n}"
    tags = {tags}
    transcript = "candidate@web01:~$ ls"
    """
    text = team + "".join(example.format(n=n, tags=n % 2) for n in range(4))
    own = parse_rules("\n".join(line.strip() for line in text.splitlines()), "t", shipped_rules())
    base = shipped_rules()
    rules = base.model_copy(update={"signal": (*base.signal, *own.signal)})
    found = tags_of(list(Transcript().play(STUCK)), rules, live=False)
    assert model_tags(found)
    assert any(tag.signal == "needs-a-hint" for tag in found.values())


def test_shipped_models_are_there_and_score_without_scikit_learn() -> None:
    assert set(scorers()) == {"stuck", "rabbit-hole"}
    code = (
        "import sys; from analyzer.service import analyse; from analyzer.follower import Follower; "
        "from analyzer.models.scorers import scorers; assert scorers(); "
        "sys.exit(any(each in sys.modules for each in ('sklearn', 'numpy', 'skops')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
