"""Titles and questions are those of the rules that hold, however they were read."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.signals.loader import RulesError, active_rules
from analyzer.signals.places import SIGNALS_FILE
from analyzer.signals.titles import signal_words


def _as_checked() -> tuple[dict[str, str], dict[str, str]]:
    rules = active_rules().signal
    return {each.id: each.title for each in rules}, {each.id: each.question for each in rules}


def test_the_shipped_signals_are_called_as_the_checked_rules_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(SIGNALS_FILE, raising=False)
    words = signal_words()
    assert (words.titles, words.questions) == _as_checked()


def test_a_teams_own_words_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "team.toml"
    file.write_text('format = 1\nsilence = ["large-paste"]\n')
    monkeypatch.setenv(SIGNALS_FILE, str(file))
    words = signal_words()
    assert (words.titles, words.questions) == _as_checked()


def test_a_fault_in_a_teams_file_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "team.toml"
    file.write_text("signal = 3\n")
    monkeypatch.setenv(SIGNALS_FILE, str(file))
    with pytest.raises(RulesError):
        signal_words()
