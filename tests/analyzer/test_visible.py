from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcwidth

from analyzer.visible import plain


@given(st.text())
def test_nothing_that_a_terminal_acts_on_is_printed(text: str) -> None:
    for character in plain(text):
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert character == "\u200d" or unicodedata.category(character) != "Cf"


@given(st.text(alphabet=st.characters(categories=["Cf", "Cc", "Mn", "Lo", "Zl", "Zp"])))
def test_nothing_is_hidden(text: str) -> None:
    shown = plain(text)
    assert len(shown) >= len(text)
    assert not [each for each in shown if unicodedata.category(each) == "Cf"]
    assert all(wcwidth(each) > 0 or unicodedata.category(each) in ("Mn", "Lo") for each in shown)


@pytest.mark.parametrize(
    "text",
    [
        "sudo apt upgrade # grün 日本 👩\u200d💻",
        "👩🏽\u200d💻 ❤\ufe0f\u200d🔥 \ue0b0 नमस्ते שלום",
        "e\u0301 ½ — … ✔",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb\nc\x07\x7f", "a␛[31mb⏎c␇␡"),
        ("\x9b6n", "\\x9b6n"),
        ("rm \u202etxt.exe\u202c", "rm \\u202etxt.exe\\u202c"),
        ("pass\u200bword soft\xadhyphen", "pass\\u200bword soft\\xadhyphen"),
        ("a\u200db", "a\\u200db"),
        ("\u200d", "\\u200d"),
        ("x\U000e0041", "x\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("\u3164=1", "\\u3164=1"),
    ],
)
def test_what_acts_or_hides_is_spelled_out(text: str, shown: str) -> None:
    assert plain(text) == shown
