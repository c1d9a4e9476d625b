"""Secrets in arguments, variables and input of commands, seen from outside."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.conftest import OpenTerminal, StartHop, log_in
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import journal, new_secret, traces_of
from tests.end_to_end.support.sshd import StockSshd


def test_secrets_of_commands_without_a_terminal_are_nowhere_on_disk(
    hop: Hop, ssh: SshClient
) -> None:
    secrets = [new_secret() for _ in range(5)]
    ssh.run(f"true mysql -p{secrets[0]} -e 'select 1'")
    ssh.run(f"PGPASSWORD='{secrets[1]}' true")
    ssh.run(f"curl -su 'me:{secrets[2]}' http://127.0.0.1:1/")
    ssh.run("sudo -k -S true", stdin=secrets[3].encode() + b"\n")
    ssh.run(f"echo '{secrets[4]}' | sudo -k -S true")
    session = hop.session
    hop.json("commands", session.name)
    commands = [each.get("command") for each in journal(session, "channel-opened")]
    hop.stop()
    for secret in secrets:
        assert traces_of(secret, hop.home, hop.out, hop.err) == []
    assert len(commands) == 5
    assert all("\N{BULLET}" in (commands[index] or "") for index in (0, 1, 2, 4))


def test_secrets_in_arguments_are_in_no_command_and_no_tag(
    start_hop: StartHop,
    stock_sshd: StockSshd,
    account: Account,
    tmp_path: Path,
    open_terminal: OpenTerminal,
) -> None:
    home = tmp_path / "own" / "home"
    home.mkdir(parents=True)
    (home / "config.toml").write_text("[secrets]\npatterns = ['deploy (?P<secret>\\S+)']\n")
    hop = start_hop(stock_sshd.address, name="own")
    place = tmp_path / "candidate"
    place.mkdir()
    ssh = SshClient(
        directory=place, port=hop.port, user=account.name, passwords=(account.password,)
    )
    secrets = [new_secret() for _ in range(3)]
    seat = open_terminal()
    seat.start(ssh.argv())
    log_in(seat, account.password)
    seat.run(f"true mysql -p'{secrets[0]}'")
    seat.run(f"true deploy '{secrets[1]}'")
    seat.run(f"echo 'root:{secrets[2]}' | false chpasswd")
    session = hop.session
    texts = [each["text"] for each in hop.json("commands", session.name)]
    tags = hop.json("tags", session.name)
    hop.stop()
    assert [text.split()[1] for text in texts[:2]] == ["mysql", "deploy"]
    for secret in secrets:
        assert secret not in repr((texts, tags))
        stored = [home / "jumpseat.db", home / "logs", session / "session.jsonl", hop.out, hop.err]
        assert traces_of(secret, *stored) == []


def test_a_pattern_that_is_none_stops_serve_with_one_line(tmp_path: Path) -> None:
    hop = Hop(tmp_path / "hop", "127.0.0.1:1")
    hop.home.mkdir(parents=True)
    (hop.home / "config.toml").write_text("[secrets]\npatterns = ['(']\n")
    done = hop.jumpseat("serve", "--target", "127.0.0.1:1")
    assert done.returncode != 0
    assert "secrets.patterns" in done.stderr
    assert "Traceback" not in done.stderr
