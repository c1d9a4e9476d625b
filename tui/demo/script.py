"""What the demo's candidate does: a list to read and to change. Data only.

Prompts are regular expressions, as they come from the practice server and from OpenSSH.
"""

from __future__ import annotations

from dataclasses import dataclass

USER = "candidate"
ISSUED_PASSWORD = "CHANGE_ME!"  # noqa: S105 - the practice server's, and no secret
NEW_PASSWORD = "violet-harbour-52"  # noqa: S105 - likewise

SIGNALS = ("apt-upgrade", "apache-stopped", "lockout-tested", "password-changed")
"""What the demo promises to show."""

LOGIN_PROMPT = r"assword: "
SHELL_PROMPT = r":\S*~\S*\$ "
"""The end of ``candidate@web01:~$ ``, with or without colours."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is typed when a prompt appears."""

    prompt: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One command line, what it asks on the way, and words for those who cannot see the screen."""

    words: str
    line: str
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondLogin:
    """Another `ssh` beside the first one, which is expected to end with ``refusal``."""

    words: str
    refusal: str


SUDO = Answer(r"\[sudo\] password for candidate: ", ISSUED_PASSWORD)

SCRIPT: tuple[Step | SecondLogin, ...] = (
    Step("looks which system this is", "lsb_release -a"),
    Step("looks who listens on which port", "ss -tlnp"),
    Step("reads the page that Apache serves", "curl -s localhost"),
    Step(
        "upgrades all packages of a server that is not theirs",
        "sudo apt upgrade",
        (SUDO, Answer(r"\[Y/n\] ", "y")),
    ),
    Step("stops Apache, and the marketing page with it", "sudo systemctl stop apache2"),
    Step("looks whether it is gone", "systemctl is-active apache2"),
    Step(
        "changes the password that they were issued",
        "passwd",
        (
            Answer(r"Current password: ", ISSUED_PASSWORD),
            Answer(r"New password: ", NEW_PASSWORD),
            Answer(r"Retype new password: ", NEW_PASSWORD),
        ),
    ),
    Step(
        "switches off password logins over SSH",
        "sudo sed -i 's/^PasswordAuthentication yes/PasswordAuthentication no/'"
        " /etc/ssh/sshd_config",
    ),
    Step("has sshd check its configuration", "sudo sshd -t"),
    Step("restarts sshd", "sudo systemctl restart ssh"),
    SecondLogin("tries a second login while the first one stays open", r"Permission denied"),
    Step("looks at the result", "sudo sshd -T | grep -i passwordauth"),
)
