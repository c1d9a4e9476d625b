"""`jumpseat signals`: list, check, test, explain, and a team's own file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recorder.home import Home
from tests.support.rules import signal
from tui.cli.settings import SIGNALS_FILE

FAULTY = "format = 1\n" + signal("odd-one", 'colour = 1\n[[signal.when]]\noutput.text = ["("]\n')
OWN = "format = 1\n" + signal("our-own", '[[signal.when]]\ncommand.program = ["frobnicate"]\n')


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # Set first, so that what a verb sets is taken back at the end.
    monkeypatch.setenv(SIGNALS_FILE, "")


def test_the_signals_are_listed(jumpseat) -> None:
    listed = json.loads(jumpseat("signals", "list", "--json").out)
    assert {"id", "topic", "title", "reason", "question"} <= listed[0].keys()
    assert "apache-stopped" in jumpseat("signals", "list").out


def test_all_faults_are_printed_and_the_status_tells(jumpseat, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(FAULTY)
    outcome = jumpseat("signals", "check", str(file))
    lines = outcome.out.splitlines()
    assert outcome.status == 1
    assert any("colour" in line for line in lines)
    assert any("not a regular expression" in line for line in lines)
    assert all(line.startswith(f"{file}:") for line in lines)
    assert jumpseat("signals", "check").status == 0
    assert "cannot be read" in jumpseat("signals", "check", str(tmp_path / "none")).out


def test_a_teams_file_is_laid_over_by_option_by_setting_and_by_environment(
    jumpseat, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(OWN)
    assert "our-own" not in jumpseat("signals", "list").out
    assert "our-own" in jumpseat("signals", "list", "--rules", str(file)).out
    monkeypatch.setenv(SIGNALS_FILE, str(file))
    assert "our-own" in jumpseat("signals", "list").out
    monkeypatch.setenv(SIGNALS_FILE, "")
    home.path.mkdir(parents=True, exist_ok=True)
    config = tmp_path / "config.toml"
    config.write_text('signals_file = "ours.toml"\n')
    assert "our-own" in jumpseat("signals", "list", "--config", str(config)).out


def test_a_teams_signal_is_tagged_and_explained(
    jumpseat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(OWN)
    cast = tmp_path / "one.cast"
    events = [(0.1, "a@b:~$ "), (0.2, "frobnicate\r\n"), (0.3, "a@b:~$ ")]
    lines = [json.dumps([t, "o", text]) for t, text in events]
    header = {"version": 2, "width": 80, "height": 24}
    cast.write_text("\n".join([json.dumps(header), *lines]) + "\n")
    monkeypatch.setenv(SIGNALS_FILE, str(file))
    tags = json.loads(jumpseat("tags", str(cast), "--json").out)
    assert "our-own" in [tag["signal"] for tag in tags]
    told = jumpseat("signals", "explain", "our-own", "--session", str(cast))
    assert "when[0] found `frobnicate`" in told.out
    assert "tag at" in told.out
    other = jumpseat("signals", "explain", "apache-stopped", "--session", str(cast))
    assert "nothing in this recording came near" in other.out


def test_examples_run_and_a_wrong_one_is_named(jumpseat, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(OWN)
    outcome = jumpseat("signals", "test", "our-own", "--rules", str(file), "--lint")
    assert outcome.status == 1
    assert "our-own: 1: gives 0 tags instead of 1" in outcome.out
    assert jumpseat("signals", "test", "apache-stopped").status == 0


def test_a_signal_that_is_not_there_is_a_wrong_usage(jumpseat) -> None:
    assert jumpseat("signals", "explain", "not-there").status == 2


def test_serve_does_not_begin_with_a_faulty_file(jumpseat, tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(FAULTY)
    config = tmp_path / "config.toml"
    config.write_text('signals_file = "ours.toml"\n')
    outcome = jumpseat("serve", "--config", str(config), "--listen", "127.0.0.1:0")
    assert outcome.status == 1
    assert "ours.toml:" in outcome.err
    assert "Traceback" not in outcome.err
