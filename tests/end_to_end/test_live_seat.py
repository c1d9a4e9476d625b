"""The whole way: a candidate at the stock ssh, the jump host, and the live seat in tmux."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.conftest import OpenTerminal, StartHop, log_in
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import JUMPSEAT

PASSWORD = "CHANGE_ME!"


def test_the_seat_shows_screen_and_tag_of_a_candidate_at_work(
    start_hop: StartHop, open_terminal: OpenTerminal, tmp_path: Path
) -> None:
    hop = start_hop("practice")
    place = tmp_path / "trainee"
    place.mkdir()
    trainee = SshClient(directory=place, port=hop.port, user="candidate", passwords=(PASSWORD,))
    desk = open_terminal(columns=80, lines=24)
    desk.start(trainee.argv())
    log_in(desk, PASSWORD)

    seat = open_terminal(columns=140, lines=40)
    seat.start([str(JUMPSEAT), "watch", "--home", str(hop.home)])
    seat.wait_for("LIVE")
    seat.wait_for(r"candidate@web01:~\$")

    desk.type("echo a-word-that-was-typed")
    seat.wait_for(r"\$ echo a-word-that-was-typed")  # before Enter: it is live
    desk.key("Enter")
    desk.prompt()
    desk.enter("sudo systemctl stop apache2")
    desk.wait_for_cursor("password for candidate: $")
    desk.enter(PASSWORD)
    desk.prompt()
    seat.wait_for("Stopped, killed, disabled or removed")
    assert PASSWORD not in seat.screen()

    seat.key("?")
    seat.wait_for("esc closes")
    seat.key("Escape")
    # A key right behind an escape would be another key.
    seat.wait_until_gone("esc closes")
    seat.key("q")
    assert seat.await_exit() == 0
    desk.run("echo still here")  # and the candidate noticed nothing
