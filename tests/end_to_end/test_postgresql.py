"""The whole of it with its store on PostgreSQL: recorded, analysed, listed, moved, deleted."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.conftest import StartHop
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import run_jumpseat
from tests.end_to_end.support.recordings import verify
from tests.end_to_end.support.sshd import StockSshd
from tests.support.postgres import Postgres


def test_a_session_lives_in_postgresql(
    tmp_path: Path,
    start_hop: StartHop,
    stock_sshd: StockSshd,
    account: Account,
    postgres: Postgres,
    postgres_url: str,
) -> None:
    hop = start_hop(stock_sshd.address, "--db", postgres_url)
    ssh = SshClient(
        directory=tmp_path, port=hop.port, user=account.name, passwords=(account.password,)
    )
    assert ssh.run("echo zq7-in-the-store; exit 255").returncode == 255
    hop.stop()
    session = hop.session
    verify(hop.home, session)
    assert not (hop.home / "jumpseat.db").exists()
    store = ("--db", postgres_url)

    (command,) = hop.json("commands", session.name, *store)
    assert (command["text"], command["exit_status"]) == ("echo zq7-in-the-store; exit 255", 255)
    assert postgres.files_with(b"zq7-in-the-store")

    file = tmp_path / "session.tar.gz"
    assert hop.jumpseat("session", "export", "latest", "-o", str(file), *store).returncode == 0
    purged = hop.jumpseat("session", "purge", session.name, "--yes", *store)
    assert purged.returncode == 0, purged.stderr
    assert hop.json("session", "list", *store) == []
    assert postgres.files_with(b"zq7-in-the-store") == []

    # Back into another kind of store.
    taken = hop.jumpseat("session", "import", str(file))
    assert (taken.returncode, taken.stdout) == (0, f"{session.name}\n"), taken.stderr
    assert hop.json("commands", session.name) == [command]
    done = run_jumpseat(
        "session", "verify", session.name, "--home", str(hop.home), directory=tmp_path
    )
    assert done.returncode == 0, done.stdout
