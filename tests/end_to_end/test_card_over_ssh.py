"""Interviewers fill their cards in seats over stock ssh, and nobody sees a word of another's."""

from __future__ import annotations

import shlex
from pathlib import Path

from recorder.exercise.loader import shipped_directory
from tests.end_to_end.conftest import OpenTerminal, StartHop, log_in
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.team import Team, seat_port
from tests.end_to_end.support.terminal import Terminal
from tests.end_to_end.support.waiting import wait_for

SECRET = "zzQuartz"
HIDDEN = "tags are hidden until your card is in"
COMPETENCIES = 8


def sit(terminal: Terminal, client: SshClient, session: str, seen: Path) -> None:
    """Open somebody's card, and keep every byte that reaches their terminal."""
    argv = client.argv("card", session)
    words = shlex.join([argv[0], "-tt", *argv[1:]])
    terminal.start(["sh", "-c", f"{words} | tee {shlex.quote(str(seen))}"], term="xterm-256color")
    terminal.wait_for("your card")
    terminal.wait_for("Readiness and reading")


def tagged(hop: Hop) -> str:
    """Return the title of a tag that the session has by now."""
    found = wait_for(lambda: hop.json("tags", hop.session.name, "--json"), "a tag")
    return str(found[0]["signal"])


def judged_by(terminal: Terminal) -> None:
    """Rate everything, with one reason and one piece of evidence, and submit."""
    terminal.key("3")
    terminal.wait_for("3 good")
    terminal.key("Enter")
    terminal.wait_for("esc keeps it")
    terminal.type(f"{SECRET} looked first")
    terminal.key("Escape")
    terminal.wait_for(f"{SECRET} looked first")
    # A key right behind an escape would be another key.
    terminal.wait_until_gone("esc keeps it")
    terminal.key("Escape")
    terminal.wait_for(r"Commands \d")
    terminal.wait_for(HIDDEN)
    terminal.key("A")
    terminal.wait_for("Evidence for")
    terminal.key("1")
    terminal.wait_for("evidence for Readiness")
    terminal.key("C")
    terminal.wait_for("1◆")
    for _ in range(COMPETENCIES - 1):
        terminal.key("j", "0")
    terminal.wait_for("Missing: a recommendation")
    terminal.key("j", "j", "j", "2", "Enter")
    terminal.wait_for("esc keeps it")
    terminal.type(f"{SECRET} in all")
    terminal.key("Escape")
    terminal.wait_for("Nothing is missing")
    terminal.key("S")
    terminal.wait_for("Submit your card")
    terminal.key("y")
    terminal.wait_for("submitted [0-9]")


def test_a_card_is_filled_and_submitted_over_ssh_and_another_sees_only_that_it_is_in(
    tmp_path: Path, start_hop: StartHop, account: Account, stock_sshd: StockSshd,
    open_terminal: OpenTerminal,
) -> None:  # fmt: skip
    ghost = (shipped_directory() / "ghost.toml").read_text()
    assert "blind-to-tags = false" in ghost
    ours = tmp_path / "ours.toml"
    ours.write_text(ghost.replace("blind-to-tags = false", "blind-to-tags = true"))
    team = Team(tmp_path / "team")
    team.enlist("alice", "bob")
    hop = start_hop(stock_sshd.address, "--exercise", str(ours), *team.options)
    port, session = seat_port(hop.out.read_text), hop.session.name
    place = tmp_path / "candidate"
    place.mkdir()
    candidate = open_terminal(80, 20)
    candidate.start(
        SshClient(
            directory=place, port=hop.port, user=account.name, passwords=(account.password,)
        ).argv()
    )
    log_in(candidate, account.password)
    candidate.run("ip addr | head -3; cat /etc/os-release | head -2; uname -a")
    assert hop.jumpseat("card", "ask", session, "alice", "bob").returncode == 0
    tagged(hop)

    alices, bobs = open_terminal(120, 40), open_terminal(120, 40)
    sit(alices, team.client("alice", port), session, tmp_path / "alice.bytes")
    sit(bobs, team.client("bob", port), session, tmp_path / "bob.bytes")
    alices.wait_for("Others: bob not begun")
    judged_by(alices)
    bobs.wait_for("Others: alice in")

    # Her card is in, so she sees the tags; he does not, and nothing of her card either.
    alices.key("Escape")
    alices.wait_for(r"Tags [1-9]")
    alices.wait_until_gone(HIDDEN)
    bobs.key("Escape")
    bobs.wait_for("Tags 0")
    bobs.wait_for(HIDDEN)
    bobs.key("q")
    assert bobs.await_exit() == 0
    assert SECRET.encode() in (tmp_path / "alice.bytes").read_bytes()
    seen = (tmp_path / "bob.bytes").read_bytes()
    assert SECRET.encode() not in seen
    assert b"alice in" in seen
    for each in hop.home.glob("jumpseat.db*"):
        assert SECRET.encode() not in each.read_bytes()
    alices.key("q")
    assert alices.await_exit() == 0
