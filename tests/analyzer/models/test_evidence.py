"""What one line says of the work: the tables hold together, and say what a reader would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.models.evidence import Told, mentioned, of_command, tables
from analyzer.models.words import ACTIVITIES, TOPICS
from analyzer.shell import parse
from analyzer.signals.loader import active_rules


def told(text: str) -> Told:
    return of_command(text, parse(text))


def test_the_tables_use_the_words_of_phases_alone() -> None:
    known = tables()
    entries = [*known.programs.values(), *known.forms, *known.mentions]
    assert {e.topic for e in entries if e.topic} <= set(TOPICS)
    assert {e.activity for e in entries if e.activity} <= set(ACTIVITIES)
    assert all(0 < entry.weight <= 5 for entry in entries if entry.topic)
    assert all(entry.topic or entry.activity for entry in entries)
    assert set(known.tag_topics.values()) <= set(TOPICS)
    assert set(known.tag_activities.values()) <= set(ACTIVITIES)
    assert set(known.lends) <= set(TOPICS)


def test_the_tables_name_signals_and_topics_that_the_rules_have() -> None:
    signals = active_rules().signal
    assert set(tables().tag_activities) <= {signal.id for signal in signals}
    assert set(tables().tag_topics) <= {signal.topic for signal in signals}


@pytest.mark.parametrize(
    ("text", "topic", "activity"),
    [
        ("sudo apt-get -y dist-upgrade", "updates", "installing"),
        ("sudo apt install -y mariadb-server", "database", "installing"),
        ("apt-get install nginx", "web", "installing"),
        ("sudo apt install apache2-utils", "basic-auth", "installing"),
        ("curl -fsSL https://deb.nodesource.com/setup_18.x | sudo bash -", "ghost", "installing"),
        ("sudo -u blog npm install -g ghost-cli@latest", "ghost", "installing"),
        ("ghost install --db mysql --url http://localhost", "ghost", "installing"),
        ("sudo systemctl status apache2", "web", "verifying"),
        ("sudo systemctl restart ssh", "ssh", "configuring"),
        ("sudo systemctl restart sshd.service", "ssh", "configuring"),
        ("sudo nano /etc/ssh/sshd_config", "ssh", "configuring"),
        (("sudo sed -i 's/#PasswordAuthentication yes/PasswordAuthentication no/' "
         "/etc/ssh/sshd_config"), "ssh", "configuring"),
        ("sudo sshd -t", "ssh", "verifying"),
        ("man sshd_config", "ssh", "reading"),
        ("sudo htpasswd -c /etc/nginx/.htpasswd editor", "basic-auth", "configuring"),
        ("curl -u editor:x http://localhost", "basic-auth", "verifying"),
        ("sudo nginx -t", "web", "verifying"),
        ("sudo tail -f /var/log/nginx/error.log", "web", "debugging"),
        ("passwd", "credentials", "configuring"),
        ("lsb_release -a", "orientation", "looking-around"),
        ("vim ~/.vimrc", "other", "configuring"),
    ],
)  # fmt: skip
def test_a_line_says_what_it_is_for(text: str, topic: str, activity: str) -> None:
    found = told(text)
    strongest = max(found.weights, key=lambda each: found.weights[each])
    assert (strongest, found.activity) == (topic, activity)


@pytest.mark.parametrize("text", ["sudo -i", "tmux", "cd /tmp", "exit", "clear", "bash"])
def test_a_place_to_work_in_is_no_work(text: str) -> None:
    found = told(text)
    assert not found.weights
    assert found.around or not found.inside


def test_what_stands_behind_a_pipe_does_not_decide_the_kind_of_work() -> None:
    assert told("apt-get install nginx | less").activity == "installing"


def test_what_is_run_counts_more_than_what_it_is_told_about() -> None:
    weights = told("ghost install --db mysql").weights
    assert weights["ghost"] > weights["database"] + 1


@given(st.text(max_size=300))
def test_no_line_is_too_odd(text: str) -> None:
    found = told(text)
    assert all(weight > 0 for weight in found.weights.values())
    assert all(weight > 0 for weight in mentioned(text).values())


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["-i ", "a", ".ssh/", "server_name ", "http://:@", "\\", "create "]
)
def test_long_lines_cost_little(piece: str) -> None:
    text = f"sed {piece * 30_000}"
    assert told(text).activity in {None, "looking-around", "configuring"}
