"""A table of real prompts for secrets, answered through the hop: nothing of the answers is on disk.

What the journal tells of each answer is looked at too: its length, and whether it came twice.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.echo import wait_for_no_echo
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import journal, new_secret, text_of, traces_of
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.terminal import Terminal
from tests.end_to_end.support.waiting import wait_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A command and what it asks, one pattern before the cursor for each answer.

    Attributes:
        tool: Must be installed.
        same: The later answers repeat the first.

    """

    tool: str
    command: str
    asks: tuple[str, ...]
    same: bool = False


NODE = (
    'node -e \'process.stdin.setRawMode(true); process.stdout.write("Secret: ");'
    ' process.stdin.on("data", d => { if (d.includes(13)) process.exit() })\'; echo'
)
PERL = (
    "perl -e 'system qw(stty -echo); $| = 1; print q(PIN: ); <STDIN>; system qw(stty echo);'; echo"
)
GETPASS = "python3 -c 'import getpass; getpass.getpass()'"

LOGINS = [
    Asking(tool="passwd", command="passwd", asks=("[Cc]urrent password: $",)),
    Asking(tool="su", command="su root", asks=("Password: $",)),
    Asking(tool="sudo", command="sudo -k id", asks=(r"\[sudo\] password for \w+: $",)),
    Asking(tool="newgrp", command="newgrp root", asks=("Password: $",)),
    Asking(tool="chsh", command="chsh -s /bin/sh", asks=("Password: $",)),
    Asking(
        tool="ssh",
        command="ssh -o StrictHostKeyChecking=no -o NumberOfPasswordPrompts=1 -p PORT 127.0.0.1",
        asks=("password: $",),
    ),
    Asking(
        tool="sftp",
        command="sftp -o StrictHostKeyChecking=no -o NumberOfPasswordPrompts=1 -P PORT 127.0.0.1",
        asks=("password: $",),
    ),
]
KEYS = [
    Asking(
        tool="ssh-keygen",
        command="ssh-keygen -q -t ed25519 -f k1",
        asks=(r"Enter passphrase .*: $", "Enter same passphrase again: $"),
        same=True,
    ),
    Asking(tool="ssh-keygen", command="ssh-keygen -y -f k1", asks=("Enter passphrase.*: $",)),
    Asking(
        tool="ssh-add",
        command="ssh-agent ssh-add k1",
        asks=("Enter passphrase for k1: $", "try again for k1: $"),
    ),
    Asking(
        tool="openssl",
        command="openssl genpkey -algorithm ed25519 -aes256 -out k2",
        asks=("Enter PEM pass phrase:$", "Verifying - Enter PEM pass phrase:$"),
        same=True,
    ),
    Asking(
        tool="openssl",
        command="openssl enc -aes-256-cbc -pbkdf2 -in .bashrc -out e",
        asks=("encryption password:$", "Verifying - enter .*password:$"),
        same=True,
    ),
    Asking(
        tool="openssl",
        command="openssl passwd -6 >/dev/null",
        asks=("Password: $", "Verifying - Password: $"),
        same=True,
    ),
]
FILES = [
    Asking(
        tool="htpasswd",
        command="htpasswd -c users me",
        asks=("New password: $", "Re-type new password: $"),
        same=True,
    ),
    Asking(tool="mkpasswd", command="mkpasswd >/dev/null", asks=("Password: $",)),
    Asking(
        tool="zip",
        command="zip -e a.zip .bashrc",
        asks=("Enter password: $", "Verify password: $"),
        same=True,
    ),
    Asking(tool="mariadb", command="mariadb -h 127.0.0.1 -P 1 -p", asks=("Enter password: $",)),
    Asking(
        tool="curl", command="curl -u me http://127.0.0.1:1/", asks=("password for user 'me':$",)
    ),
    Asking(
        tool="wget",
        command="wget --user=me --ask-password http://127.0.0.1:1/",
        asks=("Password for user .*: $",),
    ),
    Asking(
        tool="gpg",
        command="gpg -q -c --pinentry-mode loopback .bashrc",
        asks=("Enter passphrase: ?$",),
    ),
]
SCRIPTS = [
    Asking(tool="bash", command="read -rsp 'Token: ' x; echo", asks=("Token: $",)),
    Asking(tool="bash", command="read -rsp 'say it> ' x; echo", asks=("say it> $",)),
    Asking(tool="bash", command="printf 'nothing '; read -rs x; echo", asks=("nothing $",)),
    Asking(
        tool="stty",
        command="stty -echo; printf 'go '; read -r x; stty echo; echo",
        asks=("go $",),
    ),
    Asking(tool="bash", command="bash -c 'read -rsp Passphrase: x'; echo", asks=("Passphrase:$",)),
    Asking(tool="python3", command=GETPASS, asks=("Password: $",)),
    Asking(tool="perl", command=PERL, asks=("PIN: $",)),
    Asking(tool="node", command=NODE, asks=("Secret: $",)),
]
GROUPS = {"logins": LOGINS, "keys": KEYS, "files": FILES, "scripts": SCRIPTS}
REAL_ONES = 20


def test_the_table_is_long_enough() -> None:
    """What is not installed here is named where it is skipped."""
    asked = [each for each in itertools.chain(*GROUPS.values()) if shutil.which(each.tool)]
    assert len(asked) >= REAL_ONES


@pytest.mark.parametrize("hand", [Terminal.enter, Terminal.burst], ids=["typed", "pasted"])
@pytest.mark.parametrize("group", GROUPS)
def test_answers_to_real_prompts_are_nowhere_on_disk(
    hop: Hop, seat: Terminal, account: Account, stock_sshd: StockSshd, group: str, hand: object
) -> None:
    given: list[tuple[str, ...]] = []
    for asking in GROUPS[group]:
        if not shutil.which(asking.tool):
            continue
        answers = tuple(_answers(asking))
        given.append(answers)
        seat.run("clear")
        seat.enter(asking.command.replace("PORT", str(stock_sshd.port)))
        for pattern, answer in zip(asking.asks, answers, strict=True):
            seat.wait_for_cursor(pattern)
            wait_for_no_echo(account)
            hand(seat, answer)  # type: ignore[operator]  # a parametrized function
        if asking.command.startswith(("sudo", "ssh-agent")):
            seat.interrupt()
        seat.prompt()
    seat.run("echo afterwards")

    session = hop.session
    expected = [answer for answers in given for answer in answers]
    told = wait_for(
        lambda: lines if len(lines := journal(session, "secret-typed")) >= len(expected) else None,
        "all answers told of", detail=(session / "session.jsonl").read_text,
    )  # fmt: skip
    assert [each["characters"] for each in told] == [len(answer) for answer in expected]
    same: dict[str, set[str]] = {}
    for line, answer in zip(told, expected, strict=True):
        same.setdefault(answer, set()).add(line["fingerprint"])
    assert all(len(prints) == 1 for prints in same.values())
    assert len(set.union(*same.values())) == len(same)
    hop.stop()
    for answer in same:
        assert traces_of(answer, hop.home, hop.out, hop.err) == []
    assert "echo afterwards" in text_of(session / "c1-1.cast", "i")


def _answers(asking: Asking) -> Iterator[str]:
    first = new_secret()
    yield first
    for _ in asking.asks[1:]:
        yield first if asking.same else new_secret()


@pytest.mark.parametrize("hand", [Terminal.enter, Terminal.burst], ids=["typed", "pasted"])
def test_a_secret_asked_for_without_words_inside_tmux_is_nowhere_on_disk(
    hop: Hop, seat: Terminal, account: Account, hand: object
) -> None:
    seat.enter("tmux -L inner -f /dev/null new")
    seat.wait_for(r"^\[0\] 0:bash\*")
    seat.prompt()
    # The clock of the status line ticks while the secret is typed.
    seat.run("tmux -L inner set -g status-interval 1 \\; set -g status-right '%S'")
    secret = new_secret()
    # What arrives before bash has left its line editor would be read with CR as a character.
    seat.enter("echo now; read -rs x; echo length ${#x}")
    seat.wait_for(r"^now$")
    wait_for_no_echo(account)
    hand(seat, secret)  # type: ignore[operator]  # a parametrized function
    seat.wait_for(f"^length {len(secret)}$")
    seat.run("echo afterwards")
    hop.stop()
    assert traces_of(secret, hop.home, hop.out, hop.err) == []


def test_a_private_key_shown_and_pasted_is_nowhere_on_disk(
    hop: Hop, seat: Terminal, account: Account
) -> None:
    seat.run("ssh-keygen -q -t ed25519 -N '' -f k")
    seat.run("cat k")
    body = (account.home / "k").read_text().splitlines()
    # What arrives before bash has left its line editor would be read with CR as a character.
    seat.enter("echo now; cat > copy")
    seat.wait_for(r"^now$")
    for line in body:
        seat.burst(line)
    seat.key("C-d")
    seat.prompt()
    seat.run("echo afterwards")
    assert (account.home / "copy").read_text().split() == "\n".join(body).split()
    session = hop.session
    hop.stop()
    cast = session / "c1-1.cast"
    # Every key file of OpenSSH begins alike, the hop's own too: its middle is what gives it away.
    middles = [line[len(line) // 3 :][:16] for line in body[1:-1]]
    files = [path for path in hop.home.rglob("*") if path.is_file() and path.parent.name != "keys"]
    seen = [path.read_bytes().decode("utf-8", "replace") for path in (*files, hop.out, hop.err)]
    seen += [text_of(cast, "i"), text_of(cast, "o")]
    assert not [middle for middle in middles for text in seen if middle in text]
    assert "echo afterwards" in text_of(session / "c1-1.cast", "i")
