"""A whole session of an exercise that is not the first one: nothing of that one shows anywhere."""

from __future__ import annotations

import json
from pathlib import Path

from recorder.exercise.recorded import followed
from tests.end_to_end.conftest import OpenTerminal, StartHop, log_in
from tests.end_to_end.support.client import SshClient

# The practice server has a login of its own, whatever the exercise.
USER, PASSWORD = "candidate", "CHANGE_ME!"
NOTE = "printf 'what we know\\n' > incident.md"


def test_a_session_follows_the_exercise_from_the_banner_to_the_copies(
    start_hop: StartHop, open_terminal: OpenTerminal, tmp_path: Path
) -> None:
    hop = start_hop("practice", "--exercise", "outage", "--consent", "banner")
    place = tmp_path / "candidate"
    place.mkdir()
    ssh = SshClient(directory=place, port=hop.port, user=USER, passwords=(PASSWORD,))
    told = ssh.with_options("LogLevel=INFO").run("true").stderr.decode()
    assert "takes place on a recorded line" in told
    assert "After 60 days all of it is deleted" in told
    started = json.loads(hop.jumpseat("session", "start", "latest", "--json").stdout)
    assert started["clock_length"] == 45 * 60
    seat = open_terminal()
    seat.start(ssh.argv())
    log_in(seat, PASSWORD)
    for line in ("df -h", "systemctl status apache2 --no-pager", NOTE):
        seat.run(line)
    seat.enter("sudo true")
    seat.wait_for_cursor("password for candidate: $")
    seat.enter(PASSWORD)
    seat.prompt()
    seat.enter("exit")
    seat.await_exit()
    hop.stop()

    session = hop.session
    chosen = followed(session)
    assert chosen is not None
    assert chosen.plan is not None
    assert [each.id for each in chosen.plan.competency][-1] == "note"
    assert "Spring-Tide" not in (session / "session.jsonl").read_text()

    tags = {each["signal"] for each in hop.json("tags", session.name)}
    assert "incident-note-written" in tags
    assert "never-reached-ssh" not in tags
    tasks = {each["task"] for each in hop.json("phases", session.name)}
    assert tasks <= {"find", "mend", "note", "off-task", None}
    for words in (
        ("session", "show", session.name), ("session", "list"), ("commands", session.name),
        ("tags", session.name), ("phases", session.name), ("exercise", "show", "outage"),
        ("target", "script", "--exercise", "outage"),
    ):  # fmt: skip
        done = hop.jumpseat(*words)
        assert done.returncode == 0, done.stderr
        assert "ghost" not in (told + done.stdout + done.stderr).casefold(), words
