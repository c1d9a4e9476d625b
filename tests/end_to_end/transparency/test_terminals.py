"""Terminals through the hop: their settings, sizes and keys are those of a direct connection."""

from __future__ import annotations

import re

import pytest

from tests.end_to_end.conftest import OpenTerminal
from tests.end_to_end.support.hop import Hop
from tests.end_to_end.support.recordings import await_event, cast_events
from tests.end_to_end.support.routes import TARGET, Route, Routes
from tests.end_to_end.support.sshd import StockSshd
from tests.end_to_end.support.terminal import Terminal
from tests.end_to_end.support.waiting import wait_for


def logged_in(route: Route, terminal: Terminal, term: str = "xterm-256color") -> None:
    """Log in on a terminal of the candidate's."""
    terminal.start(["ssh", "-F", str(route.config), TARGET], term=term)
    terminal.wait_for("password:")
    terminal.enter(route.client.passwords[0])
    terminal.prompt()


@pytest.mark.shares_a_hop
@pytest.mark.parametrize("term", ["dumb", "xterm-kitty", "no-such-terminal", "vt100"])
def test_settings_of_the_terminal_are_those_of_the_client(
    routes: Routes, open_terminal: OpenTerminal, term: str
) -> None:
    def act(route: Route) -> str:
        terminal = open_terminal(90, 40)
        logged_in(route, terminal, term)
        terminal.run("stty -a; echo $TERM; infocmp >/dev/null 2>&1; echo $?")
        shown = terminal.screen()
        return shown[shown.index("speed") :].split("candidate@")[0].partition("$ ")[0]

    shown = routes.same(act)
    assert "rows 40; columns 90" in shown
    assert term in shown


@pytest.mark.shares_a_hop
def test_changed_settings_of_the_clients_terminal_arrive(
    routes: Routes, open_terminal: OpenTerminal
) -> None:
    def act(route: Route) -> str:
        terminal = open_terminal()
        command = f"stty intr ^X -ixon erase ^H; ssh -F {route.config} {TARGET}"
        terminal.start(["sh", "-c", command])
        terminal.wait_for("password:")
        terminal.enter(route.client.passwords[0])
        terminal.prompt()
        terminal.run("clear; stty -a | tr ';' '\\n' | grep -E 'intr|erase|ixon'")
        return terminal.screen().split("@")[0]

    shown = routes.same(act)
    assert "intr = ^X" in shown
    assert "-ixon" in shown
    assert re.search("erase = ^H", shown) or "erase = ^H" in shown


def test_terminal_without_a_size_has_none(routes: Routes, hop: Hop) -> None:
    status, output, _ = routes.same_ssh("-tt", TARGET, "stty size; tty >/dev/null && echo yes")
    assert (status, output) == (0, b"0 0\r\nyes\r\n")
    assert await_event(hop.session, "channel-opened")["pty"]["columns"] == 0


def test_terminal_that_the_target_refuses_is_refused_alike(
    routes: Routes, stock_sshd: StockSshd
) -> None:
    stock_sshd.configure(PermitTTY="no")
    stock_sshd.reload()
    status, output, errors = routes.same_ssh("-tt", TARGET, "tty || echo none")
    assert b"PTY allocation request failed" in errors
    assert (status, output) == (255, b"")


@pytest.mark.shares_a_hop
def test_keys_interrupt_stop_and_quit(routes: Routes, open_terminal: OpenTerminal) -> None:
    def act(route: Route) -> str:
        terminal = open_terminal()
        logged_in(route, terminal)
        for key, mark in (("C-c", "int"), ("'C-\\'", "quit")):
            terminal.enter(f"sh -c 'trap \"echo got-{mark}; exit\" INT QUIT; echo {mark}-on; cat'")
            terminal.wait_for(f"^{mark}-on$")
            # Until cat runs, what sh has started is a copy of it, which a key does not end.
            terminal.enter(f"{mark}-cat")
            terminal.wait_for(f"^{mark}-cat\n{mark}-cat$")
            terminal.key(key)
            terminal.wait_for(f"got-{mark}$")
            terminal.prompt()
        terminal.enter("sh -c 'echo cat-on; exec cat'")
        terminal.wait_for("^cat-on$")
        terminal.key("C-z")
        terminal.wait_for("Stopped")
        terminal.prompt()
        terminal.run("jobs")
        # In front it ends without a word; of one that is killed bash tells before some prompt.
        terminal.enter("fg")
        terminal.wait_for("^sh -c 'echo cat-on; exec cat'$")
        terminal.enter("on")
        terminal.wait_for("^on\non$")
        terminal.key("C-d")
        terminal.prompt()
        terminal.run("clear")
        terminal.run("echo done")
        return terminal.screen().partition("echo done")[2]

    routes.same(act)


def test_sizes_arrive_while_a_program_runs(
    routes: Routes, hop: Hop, open_terminal: OpenTerminal
) -> None:
    def act(route: Route) -> str:
        terminal = open_terminal(100, 30)
        logged_in(route, terminal)
        terminal.enter("sh -c 'trap \"stty size\" WINCH; echo on; while :; do sleep 0.05; done'")
        terminal.wait_for("^on$")
        for columns, lines in ((120, 40), (80, 24)):
            terminal.resize(columns, lines)
            terminal.wait_for(f"^{lines} {columns}$")
        terminal.key("C-c")
        terminal.prompt()
        return terminal.screen().partition("\non\n")[2].split("^C")[0]

    routes.same(act)
    cast = hop.session / "c1-1.cast"
    wait_for(
        lambda: [size for _, code, size in cast_events(cast) if code == "r"] == ["120x40", "80x24"],
        "sizes in the recording", detail=cast.read_text,
    )  # fmt: skip


@pytest.mark.shares_a_hop
def test_break_reaches_the_target(routes: Routes, open_terminal: OpenTerminal) -> None:
    """`~B`: sshd sends a break to the terminal, which is an interrupt where brkint is set."""

    def act(route: Route) -> str:
        terminal = open_terminal()
        logged_in(route, terminal)
        terminal.enter("sh -c 'stty brkint; trap \"echo broken; exit\" INT; echo on; cat'")
        terminal.wait_for("^on$")
        # As above: a copy of sh would take the break and be silent.
        terminal.enter("cat")
        terminal.wait_for(r"^cat\ncat$")
        terminal.enter()
        terminal.type("~B")
        terminal.enter()
        terminal.enter("after")
        if terminal.wait_for(r"^(after\nafter|broken)$")[1] == "broken":
            terminal.wait_for("after: command not found")
            terminal.prompt()
        return terminal.screen().partition("\non\n")[2]

    routes.same(act)


def test_large_paste_arrives_whole(routes: Routes, hop: Hop) -> None:
    """300 kB of UTF-8 through a terminal; as a client's standard input, which tmux cannot hold."""
    line = "grüße aus 東京, ünïcödé\n"
    text = (line * (300_000 // len(line.encode()) + 1)).encode()

    def act(route: Route) -> tuple[int, bytes]:
        command = f"stty raw -echo; echo; head -c {len(text)} | sha256sum"
        with route.started("-tt", TARGET, command) as client:
            assert client.stdout is not None
            assert client.stdin is not None
            client.stdout.readline()
            client.stdin.write(text)
            client.stdin.flush()
            return client.wait(timeout=60), client.stdout.read()

    status, output = routes.same(act)
    assert status == 0
    assert len(output.split()[0]) == 64


@pytest.mark.shares_a_hop
def test_characters_split_between_packets_stay_whole(routes: Routes) -> None:
    command = r"printf '\303'; sleep 0.3; printf '\274'; sleep 0.3; printf '\342\202'; sleep 0.3;"
    status, output, _ = routes.same_ssh("-tt", TARGET, command + r" printf '\254\377'")
    assert (status, output) == (0, "ü€".encode() + b"\xff")
