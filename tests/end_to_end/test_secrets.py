"""What is typed where nothing echoes is nowhere on disk; what echoes is there in the clear."""

from __future__ import annotations

import pytest

from tests.end_to_end.conftest import OpenTerminal
from tests.end_to_end.support.accounts import Account
from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import new_secret, text_of, traces_of
from tests.end_to_end.support.terminal import Terminal
from tests.end_to_end.support.waiting import wait_for


def stay(_: Terminal) -> None:
    """Work in the login shell."""


def enter_nested_shell(seat: Terminal) -> None:
    """Work in a bash inside bash."""
    seat.run("bash")


def enter_tmux(seat: Terminal) -> None:
    """Work inside tmux on the target."""
    seat.enter("tmux -L inner -f /dev/null new")
    seat.wait_for(r"^\[0\] 0:bash\*")
    seat.prompt()


def come_back_from_editor(seat: Terminal) -> None:
    """Work after a full-screen program has come and gone."""
    seat.enter("vi notes.txt")
    seat.wait_for("^~$")
    seat.type("iwritten in the editor")
    seat.key("Escape")
    seat.enter(":wq")
    seat.prompt()


PLACES = [stay, enter_nested_shell, enter_tmux, come_back_from_editor]
HANDS = [Terminal.enter, Terminal.burst]


@pytest.mark.parametrize("hand", HANDS, ids=["typed", "pasted"])
@pytest.mark.parametrize("go", PLACES, ids=lambda each: each.__name__)
def test_passwords_are_nowhere_on_disk(
    hop: Hop, seat: Terminal, account: Account, go: object, hand: object
) -> None:
    wrong, new = new_secret(), new_secret()
    go(seat)  # type: ignore[operator]  # parametrized functions
    seat.run("echo ordinary words")
    change_password(seat, hand, wrong)
    seat.wait_for("^passwd: Authentication (token manipulation error|failure)")
    seat.run("clear")
    change_password(seat, hand, account.password, new)
    seat.wait_for("password updated successfully")
    seat.run("echo more words")

    session = hop.session
    cast = session / "c1-1.cast"
    wait_for(lambda: "echo more words" in text_of(cast, "i"), "input on disk")
    typed = text_of(cast, "i")
    commands = [each["text"] for each in hop.json("commands", session.name)]
    assert traces_of(account.password, hop.home, hop.out, hop.err) == []
    hop.stop()
    for secret in (account.password, wrong, new):
        assert traces_of(secret, hop.home, hop.out, hop.err) == []
    assert "echo ordinary words" in typed
    if go is not enter_tmux:
        assert commands.count("passwd") == 2
        assert commands[-1] == "echo more words"


def change_password(seat: Terminal, hand: object, current: str, new: str | None = None) -> None:
    """Run passwd; without a new password it is the current one that is wrong."""
    seat.enter("passwd")
    seat.wait_for_cursor("[Cc]urrent password: $")
    hand(seat, current)  # type: ignore[operator]  # a parametrized function
    if new is not None:
        seat.wait_for_cursor("New password: $")
        hand(seat, new)  # type: ignore[operator]  # likewise
        seat.wait_for_cursor("Retype new password: $")
        hand(seat, new)  # type: ignore[operator]  # likewise
    seat.prompt()


def test_wrong_login_passwords_are_nowhere_on_disk(
    hop: Hop, ssh: SshClient, open_terminal: OpenTerminal
) -> None:
    wrong = [new_secret() for _ in range(3)]
    terminal = open_terminal()
    terminal.start(ssh.argv())
    for number, secret in enumerate(wrong, start=1):
        wait_for(
            lambda count=number: terminal.screen().count("password:") >= count,  # type: ignore[misc]  # mypy sees no default
            f"question {number}", detail=terminal.screen,
        )  # fmt: skip
        terminal.enter(secret)
    assert terminal.await_exit() == 255
    hop.stop()
    for secret in wrong:
        assert traces_of(secret, hop.home, hop.out, hop.err) == []


def test_secret_that_a_script_reads_without_echo_is_nowhere_on_disk(
    hop: Hop, seat: Terminal
) -> None:
    secret = new_secret()
    seat.enter("read -rsp 'Token: ' token; echo; echo length ${#token}")
    seat.wait_for_cursor("Token: $")
    seat.enter(secret)
    seat.wait_for(f"^length {len(secret)}$")
    hop.stop()
    assert traces_of(secret, hop.home, hop.out, hop.err) == []


def test_secret_that_was_mended_while_typing_is_nowhere_on_disk(
    hop: Hop, seat: Terminal, account: Account
) -> None:
    seat.enter("passwd")
    seat.wait_for_cursor("[Cc]urrent password: $")
    seat.type(account.password[:-2] + "zz")
    seat.key("BSpace", "BSpace")
    seat.enter(account.password[-2:])
    seat.wait_for_cursor("New password: $")
    seat.key("C-d")
    seat.prompt()
    seat.run("echo afterwards")
    session = hop.session
    hop.stop()
    assert traces_of(account.password, hop.home, hop.out, hop.err) == []
    assert "echo afterwards" in text_of(session / "c1-1.cast", "i")


def test_secret_on_the_standard_input_of_a_command_on_a_terminal_is_nowhere_on_disk(
    hop: Hop, ssh: SshClient, open_terminal: OpenTerminal, account: Account
) -> None:
    terminal = open_terminal()
    terminal.start(ssh.argv("-t", "passwd"))
    terminal.wait_for("'s password:")
    terminal.enter(account.password)
    terminal.wait_for_cursor("[Cc]urrent password: $")
    terminal.enter(account.password)
    terminal.wait_for_cursor("New password: $")
    terminal.key("C-d")
    terminal.await_exit()
    hop.stop()
    assert traces_of(account.password, hop.home, hop.out, hop.err) == []


def test_line_that_echoes_is_on_disk_in_the_clear(hop: Hop, seat: Terminal) -> None:
    seat.run("echo typed by hand")
    seat.burst("echo pasted with its newline")
    seat.wait_for("^pasted with its newline$")
    seat.prompt()
    seat.paste("echo in brackets")
    seat.key("Enter")
    seat.wait_for("^in brackets$")
    seat.prompt()
    session = hop.session
    hop.stop()
    typed = text_of(session / "c1-1.cast", "i")
    for line in ("echo typed by hand\r", "echo pasted with its newline\r", "echo in brackets"):
        assert line in typed
