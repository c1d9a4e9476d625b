"""What tags rest on, and what they never hold."""

from __future__ import annotations

import pytest

from analyzer.analysis import Pipeline
from analyzer.records import Tag
from analyzer.signals.loader import shipped_rules
from analyzer.signals.logins import Login
from analyzer.signals.transcript import Transcript
from recorder.recording.events import Logged, Place
from recorder.recording.journal import LoginAttempt, SecretPatterns
from recorder.recording.redaction import redact

ABOUT = frozenset({"apt-upgrade", "apache-stopped", "lockout-tested", "password-changed"})
"""The signals by which tags are looked at here."""


def tags_of(transcript: str) -> list[Tag]:
    pipeline = Pipeline(shipped_rules().only(ABOUT))
    tags: dict[str, Tag] = {}
    for event in Transcript().play(transcript):
        tags |= {tag.id: tag for tag in pipeline.observe(event).tags}
    tags |= {tag.id: tag for tag in pipeline.finish().tags}
    return [tag for tag in tags.values() if tag.signal in ABOUT]


def test_a_tag_cites_the_command_and_the_line_that_decided() -> None:
    (tag,) = tags_of(
        "root@web01:~# passwd candidate\npasswd: password updated successfully\nroot@web01:~#"
    )
    command, output = tag.evidence
    assert (command.kind, command.text) == ("command", "passwd candidate")
    assert (output.kind, output.text) == ("output", "passwd: password updated successfully")
    assert (command.connection, command.channel) == (1, 1)
    assert tag.t == output.t > command.t


def test_a_login_is_cited_with_the_change_before_it_and_what_stayed_open() -> None:
    (tag,) = tags_of(
        "root@web01:~# systemctl reload sshd\nroot@web01:~#\n"
        "[wait 9]\n[login 2 candidate password refused]"
    )
    change, login = tag.evidence
    assert change.text == "systemctl reload sshd"
    assert login.text == "login of candidate by password: refused; connection 1 stayed open"
    assert tag.outcome == "ok"


def test_a_piped_password_is_not_in_the_evidence() -> None:
    (tag,) = tags_of("root@web01:~# echo 'candidate:sesame-42' | chpasswd\nroot@web01:~#")
    assert tag.signal == "password-changed"
    assert "sesame" not in repr(tag)


def test_the_same_behaviour_twice_gives_two_tags_with_ids_that_stay() -> None:
    text = (
        "root@web01:~# systemctl stop apache2\nroot@web01:~# systemctl start apache2\n"
        "root@web01:~#\n[wait 120]\nroot@web01:~# systemctl stop apache2\nroot@web01:~#"
    )
    first, second = tags_of(text)
    assert first.id != second.id
    assert [tag.id for tag in tags_of(text)] == [first.id, second.id]


def test_a_command_that_the_end_of_the_session_cut_is_of_unknown_outcome() -> None:
    (tag,) = tags_of("root@web01:~# systemctl stop apache2")
    assert tag.outcome == "unknown"
    assert tag.confidence < 1


def test_a_password_changed_on_another_host_is_not_the_issued_one() -> None:
    assert not tags_of(
        "candidate@web01:~$ ssh candidate@db02\nLast login: today\n"
        "candidate@db02:~$ passwd\npasswd: password updated successfully\ncandidate@db02:~$"
    )


@pytest.mark.parametrize("before", [250, 260, 270, 280])
def test_a_secret_of_the_sites_own_is_hidden_also_where_evidence_is_cut(before: int) -> None:
    secret = "ACME-" + "0123456789ABCDEF" * 2
    entry = SecretPatterns(t=0.0, patterns=("ACME-[0-9A-F]{32}",))
    pipeline = Pipeline(shipped_rules().only(frozenset({"apache-stopped"})))
    pipeline.observe(Logged(t=0.0, place=Place(file="session.jsonl", offset=0), entry=entry))
    text = f"root@web01:~# systemctl stop apache2 # {'x' * (before - 25)} {secret}\nroot@web01:~#"
    found = [pipeline.observe(event) for event in Transcript().play(text)]
    (tag,) = [tag for each in found for tag in each.tags if tag.signal == "apache-stopped"]
    assert len(tag.evidence[0].text) <= 300
    assert "ACME" not in repr(tag)


@pytest.mark.parametrize(
    "text",
    [
        "mysql -u root -psesame",
        "mysql --password=sesame db",
        "ghost install --dbpass sesame --db mysql",
        "curl -u marketing:sesame http://localhost",
        "curl http://me:sesame@localhost/",
        "htpasswd -cb /etc/apache2/.htpasswd me sesame",
        "htpasswd -b -c /etc/apache2/.htpasswd me sesame",
        "DB_PASSWORD=sesame node index.js",
        "sudo usermod -p sesame candidate",
        "echo candidate:sesame | sudo chpasswd",
        'printf "candidate:sesame\\n" | sudo chpasswd',
        "sudo chpasswd <<< 'candidate:sesame'",
        "sudo chpasswd <<EOF\ncandidate:sesame\nEOF",
        "echo sesame | sudo -S apt update",
        "echo -e 'sesame\\nsesame' | sudo passwd candidate",
        "sudo passwd candidate <<< $'sesame\\nsesame'",
        "mysql -e \"ALTER USER root IDENTIFIED BY 'sesame'\"",
        "sshpass -p sesame ssh web01",
    ],
)
def test_secrets_in_a_command_line_are_hidden(text: str) -> None:
    assert "sesame" not in redact(text)


@pytest.mark.parametrize(
    "text", ["ls -la", "passwd -S candidate", "grep PasswordAuthentication x", "ssh -p 22 web01"]
)
def test_other_command_lines_stay_as_they_are(text: str) -> None:
    assert redact(text) == text


def _attempt(**fields: object) -> LoginAttempt:
    given = {"t": 1.0, "connection": 2, "user": "candidate", "method": "publickey"} | fields
    return LoginAttempt.model_validate(given)


def test_a_login_that_only_the_hop_could_not_follow_is_named_so() -> None:
    login = Login(2, "session-2")
    login.attempts.append(_attempt(outcome="error", cause="hop", target="accepts"))
    assert login.answered
    assert login.words() == ("login of candidate by publickey: accepted by the target, error (hop)")


def test_a_server_that_is_down_has_answered_nothing() -> None:
    login = Login(2, "session-2")
    login.attempts.append(_attempt(method="none", outcome="error", cause="unreachable"))
    assert not login.answered
    assert login.words() == "login of candidate: error (unreachable)"


def test_half_a_login_is_no_answer_yet() -> None:
    login = Login(2, "session-2")
    login.attempts.append(_attempt(outcome="partial", target="accepts"))
    assert login.outcome == "unknown"
