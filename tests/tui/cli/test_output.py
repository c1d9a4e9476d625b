from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from tui.cli.output import clip, moment, print_json, print_table, span


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "So"])), st.integers(1, 40))
def test_clipped_text_fits(text: str, columns: int) -> None:
    cut = clip(text, columns)
    assert cut == text or (wcswidth(cut) <= columns and cut.endswith("…"))


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00.0"), (7.39, "0:07.3"), (59.99, "0:59.9"), (61, "1:01.0"), (3723.4, "1:02:03.4")],
)
def test_moments_are_cut_and_not_rounded(seconds: float, shown: str) -> None:
    assert moment(seconds) == shown


def test_unknown_lengths_show_as_a_dash() -> None:
    assert (span(None), span(7.9)) == ("-", "0:07")


def test_tables_are_not_cut_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("time", "command"), [("0:01.0", "x" * 300), ("10:01.0", "日本")])
    assert capsys.readouterr().out == f"time     command\n0:01.0   {'x' * 300}\n10:01.0  日本\n"


def test_on_a_terminal_a_long_name_does_not_hide_what_is_behind_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    print_table(("who", "command"), [("x" * 300, "rm -rf /")])
    assert capsys.readouterr().out.splitlines()[1] == f"{'x' * 31}…  rm -rf /"


def test_json_is_ascii_and_round_trips(capsys: pytest.CaptureFixture[str]) -> None:
    value = [{"text": "grün \x1b\x9b \ud800", "t": 1.5, "none": None}]
    print_json(value)
    printed = capsys.readouterr().out
    assert printed.isascii()
    assert json.loads(printed) == value
