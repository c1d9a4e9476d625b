"""When what a model believes is an alarm: stretches, the band, rules first, progress."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analyzer.models.alarms import APART, Alarm
from analyzer.models.observed import Ran
from analyzer.models.windows import STEP, Windows
from analyzer.records import Evidence, Tag
from analyzer.signals.loader import shipped_rules
from tests.analyzer.models.sights import by_failures, observed, ran
from tests.analyzer.models.test_windows import sessions

SIGNAL = next(each for each in shipped_rules().signal if each.id == "stuck")


def failing(start: float, times: int, apart: float = 40.0) -> list[Ran]:
    """A command that fails again and again."""
    return [
        ran(start + n * apart, "npm i -g ghost-cli" + " -f" * n, "failed", "npm ERR! code EACCES")
        for n in range(times)
    ]


def raised(commands: list[Ran], until: float, alarm: Alarm | None = None) -> list[Tag]:
    """Look every half a minute; return the tags as they came."""
    alarm = alarm or Alarm(SIGNAL, by_failures())
    windows = Windows()
    found: list[Tag] = []
    for number in range(1, int(until / STEP) + 1):
        t = number * STEP
        session = observed([each for each in commands if each.command.t <= t])
        found += alarm.look(t, windows.at(t, session))
    return found


def test_failures_that_go_on_are_one_tag_that_grows_and_names_three_reasons() -> None:
    tags = raised(failing(30.0, 12), 600.0)
    assert len({tag.id for tag in tags}) == 1
    assert tags[-1].until is not None
    assert tags[-1].until > tags[0].t
    assert tags[0].detector == "model"
    reasons = [each.text for each in tags[0].evidence]
    assert "no file changed" in reasons
    assert any("commands failed in 6 minutes" in each for each in reasons)
    assert any(each.startswith("nothing got further for") for each in reasons)


def test_work_without_failures_raises_nothing() -> None:
    assert raised([ran(20.0 * n, f"sudo apt install tool{n}") for n in range(30)], 700.0) == []


def test_progress_right_after_an_alarm_takes_it_back() -> None:
    commands = failing(30.0, 6)
    first = raised(commands, 400.0)[0]
    mended = ran(first.t + 5, "npm i -g ghost-cli", duration=3.0)
    tags = raised([each for each in commands if each.command.t < first.t] + [mended], 400.0)
    assert tags[-1].state == "withdrawn"
    assert tags[-1].id == first.id


def rule_tag(t: float, start: float) -> Tag:
    """What the rule says of a stretch."""
    return Tag(
        id="stuck-c1", signal="stuck", topic="flow", t=t, until=t, outcome="failed", confidence=0.9,
        detector="rule", evidence=(Evidence(kind="command", t=start, text="npm i"),),
    )  # fmt: skip


def test_where_the_rule_has_tagged_a_stretch_the_model_adds_nothing() -> None:
    alarm = Alarm(SIGNAL, by_failures())
    alarm.ruled([rule_tag(60.0, 30.0)])
    assert raised(failing(30.0, 8), 330.0, alarm) == []


def test_a_rule_that_comes_later_takes_the_place_of_the_model() -> None:
    alarm = Alarm(SIGNAL, by_failures())
    found = raised(failing(30.0, 8), 330.0, alarm)
    assert found
    assert [tag.state for tag in alarm.ruled([rule_tag(330.0, 30.0)])] == ["withdrawn"]
    assert alarm.ruled([rule_tag(340.0, 30.0)]) == []


def test_a_rule_that_reaches_back_takes_the_place_of_a_stretch_that_is_over() -> None:
    alarm = Alarm(SIGNAL, by_failures())
    assert raised(failing(30.0, 8), 1500.0, alarm)
    assert [tag.state for tag in alarm.ruled([rule_tag(1500.0, 100.0)])] == ["withdrawn"]


def test_stretches_far_apart_are_two() -> None:
    commands = failing(30.0, 8) + failing(30.0 + 8 * 40 + 2 * APART + 600, 8)
    assert len({tag.id for tag in raised(commands, 2400.0)}) == 2


@given(sessions())
def test_idleness_never_raises_an_alarm(commands: list[Ran]) -> None:
    for tag in raised(commands, 3000.0, Alarm(SIGNAL, by_failures(0.2, 0.1))):
        if tag.t == tag.until:
            near = [each.command for each in commands if each.command.t <= tag.t]
            assert any(
                each.t > tag.t - 120 or each.t + (each.duration or 0) > tag.t - 120 for each in near
            )


@given(st.lists(st.booleans(), max_size=40))
def test_what_is_believed_stays_a_probability(there: list[bool]) -> None:
    alarm, windows = Alarm(SIGNAL, by_failures()), Windows()
    session = observed(failing(30.0, 8))
    for number, seen in enumerate(there, 1):
        t = number * STEP
        alarm.look(t, windows.at(t, session) if seen else None)
        assert 0.0 <= alarm.belief <= 1.0
