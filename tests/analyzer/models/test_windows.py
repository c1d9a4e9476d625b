"""Looks back over a session: what they count, that they are bounded, and the same at any time."""

from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.models.observed import Observed, Ran
from analyzer.models.reasons import reasons_of
from analyzer.models.trained.trouble import FEATURES
from analyzer.models.windows import LONG, MOST, Windows
from tests.analyzer.models.sights import observed, ran

NPM = "npm ERR! code EACCES"


def test_a_session_in_which_nothing_ran_has_no_look() -> None:
    assert Windows().at(600.0, Observed()) is None


def test_what_is_older_than_a_quarter_of_an_hour_is_not_seen() -> None:
    session = observed([ran(10.0, "ls")])
    assert Windows().at(10.0 + LONG, session) is not None
    assert Windows().at(10.1 + LONG, session) is None


def test_repeats_of_a_failing_act_are_counted_by_their_error() -> None:
    session = observed(
        [ran(60.0 * n, f"npm install -g ghost-cli{flag}", "failed", f"{NPM} {n}")
         for n, flag in enumerate(("", " --force", " --verbose", ""))]
    )  # fmt: skip
    window = Windows().at(200.0, session)
    assert window is not None
    facts = window.facts
    assert facts["failed-6"] == 4
    assert facts["same-error-6"] == 3
    assert facts["program-failed"] == 4
    assert facts["repeats-failed"] == 3
    assert facts["failing-span"] == pytest.approx(3.0)


def test_tries_are_told_from_the_same_try_again_and_end_with_progress() -> None:
    again = [ran(30.0 * n, "sudo systemctl start nginx", "failed") for n in range(5)]
    tries = [ran(200.0 + 30.0 * n, f"sudo npm i -g ghost-cli@1.{n}", "failed") for n in range(3)]
    window = Windows().at(300.0, observed([*again, *tries]))
    assert window is not None
    assert window.facts["failed-since-progress"] == 8
    assert window.facts["tries-since-progress"] == 4
    mended = [*again, *tries, ran(270.0, "sudo npm i -g ghost-cli@1.9", duration=9.0)]
    after = Windows().at(300.0, observed(mended))
    assert after is not None
    assert after.facts["tries-since-progress"] == 0


def test_what_works_after_it_failed_is_progress() -> None:
    failing = [ran(10.0, "systemctl start nginx", "failed", "Job for nginx.service failed")]
    mended = [*failing, ran(70.0, "systemctl start nginx", duration=2.0)]
    before, after = Windows().at(100.0, observed(failing)), Windows().at(100.0, observed(mended))
    assert before is not None
    assert after is not None
    assert after.facts["progress-age"] == pytest.approx((100.0 - 72.0) / 60)
    assert before.facts["progress-age"] > after.facts["progress-age"]
    assert after.facts["failed-since-progress"] == 0


def test_looking_at_what_is_not_there_is_no_failure_of_the_work() -> None:
    session = observed(
        [
            ran(10.0, "cat /etc/apache/apache.conf", "failed", "cat: No such file or directory"),
            ran(20.0, "grep -r listen /etc/nginx", "failed"),
            ran(30.0, "systmectl status", "failed", "-bash: systmectl: command not found"),
        ]
    )
    window = Windows().at(60.0, session)
    assert window is not None
    assert window.facts["failed-6"] == 0
    assert window.facts["slips-6"] == 2


def test_what_names_no_task_is_told_from_what_names_one() -> None:
    session = observed(
        [
            ran(10.0, "sudo nginx -t"),
            ran(100.0, "vim ~/.vimrc"),
            ran(200.0, "sudo apt install zsh"),
        ]
    )
    window = Windows().at(240.0, session)
    assert window is not None
    assert window.facts["off-since-on"] == 2
    assert window.facts["on-age"] == pytest.approx((240.0 - 10.0) / 60)


def test_a_secret_that_a_cut_would_halve_is_not_cited() -> None:
    text = f"mysql {'-v ' * 126}-p'open sesame and be quick about it' blog"
    commands = [ran(float(t), text, "failed", "ERROR 1045") for t in (10, 20, 30)]
    window = Windows().at(60.0, observed(commands))
    assert window is not None
    cited = reasons_of(window, {"failed-6": 1.0})
    assert any(each.text.startswith("mysql -v") for each in cited)
    assert "open" not in repr(cited)


def test_a_flood_of_commands_is_looked_at_in_part() -> None:
    session = observed([ran(n / 100, f"echo {n}", "failed", "error") for n in range(5_000)])
    window = Windows().at(60.0, session)
    assert window is not None
    assert len(window.glances) == MOST


texts = st.one_of(
    st.sampled_from(
        ["npm i ghost", "sudo npm i ghost --force", "ls", "man npm", "rm -rf x", "cd /"]
    ),
    st.text(max_size=60),
)
outcomes = st.sampled_from(["ok", "failed", "interrupted", "unknown"])


@st.composite
def sessions(draw: st.DrawFn) -> list[Ran]:
    """Commands in order of their times, with anything in them."""
    gaps = draw(st.lists(st.floats(0, 2000), max_size=25))
    t, found = 0.0, []
    for gap in gaps:
        t += gap
        said = draw(st.lists(st.text(max_size=40), max_size=3))
        duration = draw(st.none() | st.floats(0, 3000))
        found.append(ran(t, draw(texts), draw(outcomes), *said, duration=duration))
    return found


@given(sessions(), st.floats(0, 60_000))
def test_whatever_was_run_the_features_are_there_and_finite(commands: list[Ran], t: float) -> None:
    window = Windows().at(t, observed(commands))
    if window is None:
        return
    assert {name for names in FEATURES.values() for name in names} <= set(window.row)
    assert all(isfinite(value) and value >= 0 for value in window.row.values())


@given(sessions(), st.lists(st.floats(0, 5_000), max_size=8))
def test_a_look_does_not_hang_on_the_looks_before_it(
    commands: list[Ran], moments: list[float]
) -> None:
    session = observed(commands)
    one = Windows()
    for t in sorted(moments):
        assert one.at(t, session) == Windows().at(t, session)
