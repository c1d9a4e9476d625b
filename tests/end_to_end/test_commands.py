"""`jumpseat commands --json` on a real shell: while it runs, and after the recorder was killed."""

from __future__ import annotations

import json

from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.checking import check_commands, check_tags
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.terminal import Terminal


def test_commands_of_a_live_session(hop: Hop, seat: Terminal, account: Account) -> None:
    seat.run("cd /tmp")
    seat.run("ls /no/such/place")
    seat.run("echo 'not a command: rm -rf /'")
    seat.run("bash")
    seat.run("true")
    commands = hop.json("commands", hop.session.name)
    check_commands(commands)
    assert [each["text"] for each in commands] == [
        "cd /tmp", "ls /no/such/place", "echo 'not a command: rm -rf /'", "bash", "true",
    ]  # fmt: skip
    assert {(each["connection"], each["channel"]) for each in commands} == {(1, 1)}
    assert {each["user"] for each in commands} == {account.name}
    assert {each["kind"] for each in commands} == {"command"}
    assert {each["source"] for each in commands} == {"typed"}
    assert [each["depth"] for each in commands] == [0, 0, 0, 0, 1]
    assert commands[0]["cwd"] == "~"
    assert commands[1]["cwd"] == "/tmp"
    assert commands[1]["outcome"] != "ok"
    assert commands[3]["duration"] is None


def test_where_a_command_came_from(hop: Hop, seat: Terminal) -> None:
    seat.run("echo first")
    seat.key("Up")
    seat.wait_for_cursor("echo first$")
    seat.key("Enter")
    seat.prompt()
    seat.paste("echo pasted")
    seat.wait_for_cursor("echo pasted$")
    seat.key("Enter")
    seat.prompt()
    seat.type("ls -d /etc/hostn")
    seat.key("Tab")
    seat.wait_for_cursor("/etc/hostname $")
    seat.key("Enter")
    seat.prompt()
    commands = hop.json("commands", "latest")
    assert [(each["text"].strip(), each["source"]) for each in commands] == [
        ("echo first", "typed"),
        ("echo first", "recalled"),
        ("echo pasted", "pasted"),
        ("ls -d /etc/hostname", "completed"),
    ]


def test_line_that_was_given_up_is_no_command(hop: Hop, seat: Terminal) -> None:
    seat.type("sudo apt upgrade")
    seat.wait_for_cursor("upgrade$")
    seat.key("C-c")
    seat.prompt()
    seat.run("echo instead")
    assert [each["text"] for each in hop.json("commands", "latest")] == ["echo instead"]
    assert hop.json("tags", "latest") == []


def test_command_given_to_ssh_itself(hop: Hop, ssh: SshClient) -> None:
    ssh.run("exit 3")
    commands = hop.json("commands", "latest")
    check_commands(commands)
    (command,) = commands
    assert (command["text"], command["source"]) == ("exit 3", "exec")
    assert (command["exit_status"], command["outcome"]) == (3, "failed")


def test_commands_and_tags_after_serve_was_killed(
    hop: Hop, seat: Terminal, account: Account
) -> None:
    seat.run("echo one")
    seat.run("echo two")
    before = hop.json("commands", "latest")
    hop.kill()
    after = hop.json("commands", "latest")
    check_commands(after)
    assert [each["text"] for each in after] == ["echo one", "echo two"]
    assert [each["t"] for each in after] == [each["t"] for each in before]
    check_tags(hop.json("tags", "latest"))


def test_password_changed_is_tagged_and_a_failed_try_is_not(
    hop: Hop, seat: Terminal, account: Account
) -> None:
    seat.enter("passwd")
    seat.wait_for_cursor("[Cc]urrent password: $")
    seat.enter("not the one")
    seat.wait_for("^passwd: .*(error|failure)")
    seat.prompt()
    seat.run("echo passwd; echo 'apt upgrade'; echo password updated successfully")
    assert hop.json("tags", "latest") == []
    seat.enter("passwd")
    seat.wait_for_cursor("[Cc]urrent password: $")
    seat.enter(account.password)
    seat.wait_for_cursor("New password: $")
    seat.enter("%another+one-Wx7")
    seat.wait_for_cursor("Retype new password: $")
    seat.enter("%another+one-Wx7")
    seat.prompt()
    tags = hop.json("tags", "latest")
    check_tags(tags)
    assert [(each["signal"], each["outcome"]) for each in tags] == [("password-changed", "ok")]


def test_live_and_later_analysis_agree(hop: Hop, seat: Terminal) -> None:
    seat.run("echo one; false")
    seat.run("for n in 1 2 3; do echo $n; done")
    live = hop.jumpseat("commands", "latest", "--json").stdout
    hop.stop()
    (hop.home / "jumpseat.db").unlink()
    again = hop.jumpseat("commands", hop.session.name, "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout) == json.loads(live)
