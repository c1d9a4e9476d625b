"""Who may take a seat is in the trace: at the start of `serve`, and whenever the file changes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncssh
import pytest
from sqlalchemy import Engine

from recorder.home import Home
from recorder.trace.keeping import entries
from tui.cli import interviewers_trace
from tui.cli.interviewers_trace import UNREADABLE, keep_noting_interviewers, note_interviewers
from tui.cli.settings import Flags, Settings, resolve

KEYS = [asyncssh.generate_private_key("ssh-ed25519") for _ in range(2)]


@pytest.fixture
def settings(home: Home) -> Settings:
    return resolve(Flags(home=str(home.path)))


@pytest.fixture
def team(tmp_path: Path) -> Path:
    directory = tmp_path / "team"
    directory.mkdir(mode=0o700)
    return directory / "team.keys"


def write(file: Path, *names: str) -> None:
    lines = [
        f"{name} {key.export_public_key('openssh').decode().strip()}\n"
        for name, key in zip(names, KEYS, strict=False)
    ]
    part = file.with_suffix(".part")
    part.write_text("".join(lines))
    part.chmod(0o600)
    part.replace(file)


def told(engine: Engine) -> list[str]:
    assert {each.action for each in entries(engine)} <= {"interviewers-changed"}
    return [each.detail for each in entries(engine)]


def words(*names: str) -> str:
    return "; ".join(
        f"{name} {key.get_fingerprint()}" for name, key in zip(names, KEYS, strict=False)
    )


def test_what_has_not_changed_since_it_was_noted_is_not_noted_again(
    settings: Settings, store: Engine, team: Path
) -> None:
    write(team, "anna", "ben")
    assert note_interviewers(settings, team)
    assert not note_interviewers(settings, team)  # as the next start of `serve`
    write(team, "anna:admin", "ben")
    assert note_interviewers(settings, team)
    team.write_text("what is this\n")
    assert note_interviewers(settings, team)
    assert told(store) == [words("anna", "ben"), words("anna:admin", "ben"), UNREADABLE]
    assert {each.door for each in entries(store)} == {"serve"}


async def test_a_change_is_noted_while_serve_runs(
    settings: Settings, store: Engine, team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interviewers_trace, "LOOK_SECONDS", 0.05)
    write(team, "anna")
    task = asyncio.get_running_loop().create_task(keep_noting_interviewers(settings, team))
    for expected in ([words("anna")], [words("anna"), words("anna:facilitator")]):
        for _ in range(1200):
            if told(store) == expected:
                break
            await asyncio.sleep(0.05)
        assert told(store) == expected
        write(team, "anna:facilitator")
    task.cancel()
    await asyncio.wait([task])
