"""Secrets in command lines are hidden at the usual places and at a site's own; the rest stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import UsageError
from recorder.recording.redaction import HIDDEN, Redaction, redact

KEY = "-----BEGIN RSA PRIVATE KEY-----\nsesamesesamesesame\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    "text",
    [
        "mysql -u root -psesame", "mysql --password=sesame", "curl -u admin:sesame https://x",
        "curl -H 'Authorization: Bearer sesame' https://x", "PGPASSWORD=sesame psql -h db",
        "openssl enc -aes-256-cbc -pass pass:sesame -in a", "zip -P sesame a.zip a",
        "redis-cli -a sesame ping", "ldapsearch -x -D cn=a -w sesame", "7z x -psesame a.7z",
        "smbclient //h/s -U me%sesame", "export API_KEY=sesame", "psql postgres://u:sesame@db/x",
        "echo sesame | sudo -S id", "echo sesame | sudo -k -S id", "echo 'sesame' | su -c id",
        "echo sesame | htpasswd -i f me", "echo sesame | docker login --password-stdin",
        "wget --http-password=sesame https://x", f"cat > key <<'E'\n{KEY}\nE",
        "sudo htpasswd -bc /etc/apache2/.htpasswd me sesame", "sshpass -psesame ssh h",
        "openssl passwd -6 sesame", "printf 'a:%s' $(openssl passwd -apr1 'sesame') | sudo tee f",
        "echo sesame | openssl passwd -stdin",
    ],
)  # fmt: skip
def test_secrets_at_the_usual_places_are_hidden(text: str) -> None:
    assert "sesame" not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "ls -la", "ssh -p 22 web01", "grep -u me:group f", "sudo -u www-data id", "su - candidate",
        "tar -cpf a.tar b", "zip -r a.zip b", "echo hello | sudo tee f", "passwd -l root",
        "sudo sed -i 's/PasswordAuthentication yes/PasswordAuthentication no/' f",
        "printf 'passwd and all\\n' | sudo tee f", "openssl passwd -6",
    ],
)  # fmt: skip
def test_other_command_lines_stay_as_they_are(text: str) -> None:
    assert redact(text) == text


def test_a_sites_own_patterns_hide_their_group_or_all() -> None:
    hide = Redaction([r"deploy --with (?P<secret>\S+)", r"ghp_[a-z]{4}"])
    assert hide("deploy --with sesame now") == f"deploy --with {HIDDEN} now"
    assert hide("git push ghp_abcd@x") == f"git push {HIDDEN}@x"
    assert hide("mysql -psesame") == f"mysql -p{HIDDEN}"


@pytest.mark.parametrize("pattern", ["(", "x*", ""])
def test_a_pattern_that_is_none_is_named(pattern: str) -> None:
    with pytest.raises(UsageError, match=r"secrets\.patterns"):
        Redaction([pattern])


@given(st.text("sx7%+!=,.@#^*", min_size=4, max_size=20), st.sampled_from(["", " db", "; ls"]))
def test_whatever_characters_a_secret_has_it_is_hidden(secret: str, after: str) -> None:
    assert redact(f"mysql -u me -p{secret}{after}") == f"mysql -u me -p{HIDDEN}{after}"
    assert redact(f"curl -su 'me:{secret}' h{after}").startswith(f"curl -su 'me:{HIDDEN}")


# What takes long where a pattern looks at the same text again and again.
UNITS = [
    "-", "-p", "--pass", "sudo ", "sudo -", "sudo -S ", "sudo -S; echo x", "mysql -p ", "curl -u ",
    "curl -u a", "http://a:", "TOKEN", "A_", "htpasswd -b ", "chpasswd ", "a.a", "a: ", "su <<E\n",
    "'", '"', "su; echo a", "read -", "<<<", "-----BEGIN ", "x:y@", "7z ", "usermod -", " ", "\\",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("context", ["", "sudo -S x; echo ", "chpasswd; a"])
def test_no_command_line_takes_long(unit: str, context: str) -> None:
    # The relay waits for this. Ten times the text may take little more than ten times as long:
    # twenty thousand characters took minutes where a pattern was not bounded.
    text = context + unit * (20_000 // len(unit))
    begun = time.process_time()
    redact(text)
    assert time.process_time() - begun < 1


def test_words_that_no_pipe_follows_are_let_go_at_once() -> None:
    text = f"sudo -S true; echo {'a' * 60} > file"
    begun = time.process_time()
    assert redact(text) == text
    assert time.process_time() - begun < 1


def test_heredocs_are_hidden_up_to_their_own_word() -> None:
    text = "sudo -S a <<E\nsesame\nF\n\tE\necho F\nsu <<'F'\nsesame\nF\nls"
    assert redact(text) == f"sudo -S a <<E\n{HIDDEN}\n\tE\necho F\nsu <<'F'\n{HIDDEN}\nF\nls"
    assert redact("sudo -S a <<E\nE\nls") == "sudo -S a <<E\nE\nls"


def test_a_quoted_secret_may_hold_what_ends_a_command() -> None:
    text = "mysql -p'se;same' -e x; curl -s -u \"me\":'a b' http://x && ssh -p22 h"
    assert "same" not in redact(text)
    assert redact(text).endswith("ssh -p22 h")
