"""The demo as a newcomer runs it: real processes, a real `ssh`, the practice server."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from recorder.home import Home
from recorder.store.engine import open_engine
from recorder.store.migrations import current_revision, head_revision, upgrade
from tui.cli.settings import Flags, resolve
from tui.demo.script import ISSUED_PASSWORD, NEW_PASSWORD, SIGNALS
from tui.demo.show import demo_settings, demo_store

needs_ssh = pytest.mark.skipif(shutil.which("ssh") is None, reason="OpenSSH's client is missing")
pytestmark = pytest.mark.end_to_end


def command(home: Path, *args: str) -> list[str]:
    return [sys.executable, "-m", "tui.main", *args, "--home", str(home)]


def processes_of(directory: Path) -> list[str]:
    """Return the command lines of all processes that name a directory."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (
                    (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
            except OSError:
                continue
            if str(directory) in line:
                found.append(line)
    return found


def in_own_temp(base: Path) -> dict[str, str]:
    temp = base / "temp"
    temp.mkdir()
    return os.environ | {"TMPDIR": str(temp), "HOME": str(base)}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Run the demo once; give its home, stdout and stderr."""
    base = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        command(base / "home", "demo"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env=in_own_temp(base),
    )
    assert done.returncode == 0, done.stderr
    return base / "home", done.stdout, done.stderr


@needs_ssh
def test_it_prints_the_commands_and_four_tags_with_their_moments(
    shown: tuple[Path, str, str],
) -> None:
    _, out, _ = shown
    assert "sudo apt upgrade" in out
    for signal_id in SIGNALS:
        assert re.search(rf"^\d+:\d\d\.\d +{signal_id} ", out, re.MULTILINE)


@needs_ssh
def test_it_leaves_a_recording_that_the_other_verbs_read(shown: tuple[Path, str, str]) -> None:
    home, _, err = shown
    (row,) = json.loads(
        subprocess.check_output(command(home, "session", "list", "--json"), text=True)
    )
    assert row["state"] == "closed"
    assert f"replay {row['id']} --home {home}" in err
    tags = json.loads(subprocess.check_output(command(home, "tags", "latest", "--json"), text=True))
    assert {tag["signal"] for tag in tags} >= set(SIGNALS)
    commands = json.loads(
        subprocess.check_output(command(home, "commands", row["id"], "--json"), text=True)
    )
    assert [entry["text"] for entry in commands][-1] == "exit"


@needs_ssh
def test_no_password_is_anywhere_under_its_home(shown: tuple[Path, str, str]) -> None:
    home, out, err = shown
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert NEW_PASSWORD.encode() not in content, path
            assert ISSUED_PASSWORD.encode() not in content, path
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert NEW_PASSWORD not in out + err


@needs_ssh
def test_it_leaves_nothing_else_behind(shown: tuple[Path, str, str]) -> None:
    home, _, _ = shown
    assert processes_of(home.parent) == []
    assert list((home.parent / "temp").iterdir()) == []
    assert not (home.parent / ".ssh").exists()


@needs_ssh
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_it_puts_everything_away(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        command(tmp_path / "home", "demo"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=in_own_temp(tmp_path),
        # Whoever runs the tests may ignore Ctrl-C; a person's shell does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as demo:
        assert demo.stderr is not None
        for line in demo.stderr:
            if "listens on which port" in line:
                break
        demo.send_signal(number)
        rest = demo.stderr.read()
        assert demo.wait(60) == 130
    assert "Traceback" not in rest
    assert processes_of(tmp_path) == []
    assert list((tmp_path / "temp").iterdir()) == []


def test_it_keeps_to_a_home_of_its_own_unless_one_is_named(tmp_path: Path) -> None:
    usual = demo_settings(resolve(Flags(), {"JUMPSEAT_DATABASE_URL": "postgresql://db.example/x"}))
    default = resolve(Flags(), {}).home.path
    assert usual.home == Home(default.parent / "jumpseat-demo")
    assert usual.database_url == usual.home.database_url
    assert demo_settings(resolve(Flags(home=str(tmp_path)), {})).home.path == tmp_path


def test_its_own_store_of_an_older_version_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings = demo_settings(resolve(Flags(), {}))
    assert settings.home.path.parent == tmp_path
    settings.home.ensure()
    engine = open_engine(settings.database_url)
    upgrade(engine, "0004")
    engine.dispose()
    with demo_store(settings) as opened:
        assert current_revision(opened) == head_revision()


def test_without_ssh_it_says_what_is_missing(tmp_path: Path) -> None:
    done = subprocess.run(
        command(tmp_path, "demo"),
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": str(tmp_path)},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("jumpseat: the demo needs OpenSSH's client; ")
