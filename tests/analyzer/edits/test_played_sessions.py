"""Edits of configuration in sessions that were played on a real server, where they are there."""

from __future__ import annotations

import pytest

from analyzer.analysis import Pipeline
from analyzer.edits.record import FileEdit
from analyzer.signals.loader import shipped_rules
from tests.analyzer.commands.conftest import CORPUS, CorpusSession


def edits(name: str) -> list[FileEdit]:
    if not (CORPUS / name).is_dir():
        pytest.skip(f"../shared/corpus/{name} is not there")
    pipeline = Pipeline(shipped_rules())
    found: dict[str, FileEdit] = {}
    for event in CorpusSession(CORPUS / name).events():
        found |= {edit.id: edit for edit in pipeline.observe(event).edits}
    return list((found | {edit.id: edit for edit in pipeline.finish().edits}).values())


def of(found: list[FileEdit], file: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(edit.saved, edit.added, edit.removed) for edit in found if edit.path.endswith(file)]


def test_a_setting_that_is_commented_in_two_steps_is_seen_in_nano() -> None:
    found = edits("p5")
    commented, plain = "#PasswordAuthentication no", "PasswordAuthentication no"
    assert of(found, "/sshd_config") == [
        ("no", (commented,), ("#PasswordAuthentication yes",)),
        ("yes", (commented,), ("#PasswordAuthentication yes",)),
        ("yes", (plain,), (commented,)),
    ]
    keys = of(found, "/authorized_keys")
    assert [saved for saved, _, _ in keys] == ["no", "yes"]
    assert all(added[0].startswith("ssh-ed25519 AAAA") for _, added, _ in keys)
    site = of(found, "/000-default.conf")
    assert any("AuthUserFil " in line for line in site[0][1])
    assert any("AuthUserFile " in line for line in site[1][1])


def test_settings_are_seen_in_vim_inside_tmux() -> None:
    found = edits("p4")
    ((saved, added, removed),) = of(found, "/sshd_config")
    assert saved == "yes"
    assert "PasswordAuthentication no" in added
    assert "#PasswordAuthentication yes" in removed
    site = of(found, "sites-available/ghost.conf")
    assert any("ProxyPass / " in line for line in site[0][1])
    assert any("AuthUserFile " in line for line in site[1][1])
