"""Phases of whole transcripts: what served which topic, what was waited for, what was idle."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.models.observed import Observed
from analyzer.models.phases import phases_of
from analyzer.records import Phase
from tests.analyzer.models.conftest import Observe

PROMPT = "candidate@web01:~$"


def story(*lines: str, pause: int = 15) -> str:
    """Return a transcript; a line is what is typed, what is printed behind ``=>``, or a bracket."""
    parts: list[str] = []
    for line in lines:
        typed, _, printed = line.partition(" => ")
        if line.startswith("["):
            parts.append(line)
        else:
            parts += [f"{PROMPT} {typed}", *([printed] if printed else []), PROMPT]
            parts.append(f"[wait {pause}]")
    return "\n".join([*parts, PROMPT])


HOUR = story(
    "lsb_release -a => Description: Debian GNU/Linux 11 (bullseye)",
    "df -h",
    "cat /etc/apache2/sites-enabled/000-default.conf => <VirtualHost *:80>",
    "sudo apt update => Reading package lists... Done",
    "sudo apt upgrade => 0 upgraded, 0 newly installed",
    "sudo apt install -y nodejs npm => Setting up nodejs\n[wait 100]",
    "sudo npm install -g ghost-cli => added 1 package",
    "ls",
    "ghost install local => Ghost was installed successfully",
    "[wait 400]",
    "sudo mysql -e 'create database blog'",
    "sudo mysql -e 'grant all on blog.* to blog'",
    "sudo nano /etc/ssh/sshd_config",
    "sudo sshd -t",
    "sudo systemctl restart ssh",
)
NPM = "sudo npm install -g ghost-cli => added 1 package"


def topics(phases: tuple[Phase, ...]) -> list[str]:
    """Return the topics in order, each stretch of one once."""
    found: list[str] = []
    for phase in phases:
        if not found or found[-1] != phase.topic:
            found.append(phase.topic)
    return found


def at(phases: tuple[Phase, ...], t: float) -> Phase:
    return next(phase for phase in phases if phase.start <= t < phase.until)


def assert_gapless(phases: tuple[Phase, ...], now: float) -> None:
    assert phases[0].start == 0
    assert phases[-1].until == pytest.approx(now, abs=0.001)
    for one, other in itertools.pairwise(phases):
        assert one.until == other.start
        assert one.start < one.until
        assert (one.topic, one.activity) != (other.topic, other.activity)


def test_an_hour_falls_into_its_topics(observe: Observe) -> None:
    observed = observe(HOUR)
    phases = phases_of(observed)
    assert topics(phases) == ["orientation", "updates", "ghost", "database", "ssh"]
    assert_gapless(phases, observed.now)
    assert all(0 <= phase.confidence <= 1 for phase in phases)


def test_an_idle_stretch_keeps_the_topic_around_it(observe: Observe) -> None:
    observed = observe(HOUR)
    phases = phases_of(observed)
    database = next(phase for phase in phases if phase.topic == "database")
    idle = [phase for phase in phases if phase.activity == "idle"]
    assert [phase.topic for phase in idle] == ["ghost"]
    assert idle[0].until - idle[0].start > 350
    assert idle[0].until <= database.start + 20


def test_a_program_that_runs_is_waited_for_and_idleness_is_not_waiting(observe: Observe) -> None:
    observed = observe(HOUR)
    waiting = [phase for phase in phases_of(observed) if phase.activity == "waiting"]
    install = next(r.command for r in observed.ran.values() if "nodejs" in r.command.text)
    assert len(waiting) == 1
    assert install.t < waiting[0].start < install.t + 40
    assert waiting[0].topic == "ghost"


def test_looking_at_a_service_before_any_work_is_orientation_and_later_is_not(
    observe: Observe,
) -> None:
    look = ("cat /etc/apache2/sites-enabled/000-default.conf", "ls /etc/apache2/mods-enabled")
    assert topics(phases_of(observe(story(*look)))) == ["orientation"]
    assert topics(phases_of(observe(story(*[NPM] * 4, *look)))) == ["ghost", "web"]


def test_lines_typed_into_a_program_are_part_of_its_work(observe: Observe) -> None:
    prompts = f"{PROMPT} sudo mysql\nmysql> select 1;\n[wait 15]\nmysql> \\s\nmysql> exit\n"
    observed = observe(story(NPM) + "\n" + prompts + PROMPT)
    assert topics(phases_of(observed)) == ["ghost", "database"]


def test_a_file_says_what_it_is_for_by_what_was_written(observe: Observe) -> None:
    def wrote(lines: str) -> list[str]:
        write = f"[edit blog.conf {lines} saved]"
        edit = "sudo nano blog.conf"
        return topics(phases_of(observe(story(NPM, edit, write, edit, write))))

    assert wrote("+AuthType Basic +Require valid-user") == ["ghost", "basic-auth"]
    assert wrote("+one +two") == ["ghost"]


def test_without_commands_and_without_time() -> None:
    assert phases_of(Observed()) == ()
    (only,) = phases_of(Observed(now=12.0))
    assert (only.start, only.until, only.activity, only.confidence) == (0, 12, "idle", 0)


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["ls", "sudo apt update", "ghost install", "sudo mysql", "vim /etc/ssh/sshd_config",
             "curl localhost", "tmux", "sudo -i", "exit", "htpasswd -c x y", "passwd", "sleep 90"]
        ),
        st.integers(1, 400),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(LINES)
def test_phases_are_gapless_whatever_happens(observe: Observe, lines: list[str | int]) -> None:
    story = "\n".join(
        f"[wait {line}]" if isinstance(line, int) else f"candidate@web01:~$ {line}"
        for line in lines
    )
    observed = observe(story + "\ncandidate@web01:~$")
    assert_gapless(phases_of(observed), observed.now)


def test_telling_them_again_tells_the_same(observe: Observe) -> None:
    observed = observe(HOUR)
    assert phases_of(observed) == phases_of(observed)
