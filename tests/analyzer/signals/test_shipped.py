"""The shipped rules as a whole: all of the catalogue, and nothing in them that no example needs."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from analyzer.commands.run import Run
from analyzer.records import Command
from analyzer.shell import parse
from analyzer.signals.engine import Engine
from analyzer.signals.lint import unnoticed
from analyzer.signals.loader import shipped_rules
from tests.support.rules import tags

BESIDE = {
    ("file-system-full-seen", "storage"),
    ("space-hunted", "storage"),
    ("log-emptied", "storage"),
    ("log-kept-small", "storage"),
    ("incident-note-written", "writing"),
}
"""Those that are not the catalogue's: what an outage shows."""

CATALOGUE = Path(__file__).resolve().parents[4] / "shared" / "signal-catalogue.md"


def test_every_row_of_the_catalogue_has_its_signal_under_its_topic() -> None:
    if not CATALOGUE.is_file():
        pytest.skip("../shared/signal-catalogue.md is not there")
    rows = re.findall(
        r"^\| ([a-z][a-z0-9-]+) \| ([a-z][a-z-]+) \|", CATALOGUE.read_text(), re.MULTILINE
    )
    wanted = {(name, topic) for name, topic in rows if name != "id"}
    assert len(wanted) > 60
    assert {(signal.id, signal.topic) for signal in shipped_rules().signal} == wanted | BESIDE


def test_there_is_no_clause_that_no_example_needs() -> None:
    rules = shipped_rules()
    ids = [signal.id for signal in rules.signal]
    assert [clause for found in unnoticed(rules, ids, 2) for clause in found] == []


def test_no_word_of_a_command_keeps_the_rules_busy() -> None:
    script = f"s/{'trusty /' * 600}xenia"
    rules = shipped_rules().only(frozenset({"release-upgrade"}))
    before = time.process_time()
    assert (
        tags(rules, f"root@web01:~# sed -i '{script}' /etc/apt/sources.list\nroot@web01:~#") == []
    )
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    "text",
    [
        "sed -i 's/\n" + "trusty /stable /" * 150 + "\nx' /etc/apt/sources.list",
        "chmod " + "oa" * 20_000 + " /srv",
    ],
    ids=["of several lines", "of two letters"],
)
def test_no_long_word_keeps_the_rules_busy(text: str) -> None:
    run = _finished(text)
    engine = Engine(shipped_rules())
    before = time.process_time()
    engine.observe_run(run)
    assert time.process_time() - before < 5


@pytest.mark.parametrize("each", ["apt update; ", "ls /var/www; ", "echo x | "])
def test_no_line_of_many_commands_keeps_the_rules_busy(each: str) -> None:
    run = _finished(each * 1900 + "true")
    assert len(run.simple) >= 1000
    engine = Engine(shipped_rules())
    before = time.process_time()
    engine.observe_run(run)
    assert time.process_time() - before < 2.5


def _finished(text: str) -> Run:
    """Return a line that was run to its end, of which nothing else is known."""
    command = Command(
        id="c1-1-1",
        kind="command",
        connection=1,
        channel=1,
        t=1.0,
        duration=1.0,
        user="root",
        host="web01",
        cwd="~",
        text=text,
        source="pasted",
        confidence=1.0,
        outcome="unknown",
        exit_status=None,
        depth=0,
    )
    return Run(command=command, simple=parse(text), state="finished", t=2.0)
