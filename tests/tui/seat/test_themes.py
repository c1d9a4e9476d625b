from __future__ import annotations

import asyncio
import re
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Literal, get_args

import pytest
from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tests.tui.seat.support import run_replay
from tui.cli.config_file import ConfigFile
from tui.cli.settings import THEMES
from tui.seat import look as look_module
from tui.seat.choose_screen import Choice, ChooseScreen
from tui.seat.look import ACCENT, FAINT, INK
from tui.seat.themed import ThemedApp
from tui.seat.themes import (
    BACKGROUNDS,
    DEFAULT,
    LOOKS,
    NAMES,
    TEXTS,
    THEME,
    Colours,
    Look,
    current_look,
    next_look,
    shades,
    use_theme,
)

AA, AAA, FRAME = 4.5, 7.0, 3.0
"""Contrasts that WCAG 2.1 asks for: 1.4.3, 1.4.6, and 1.4.11 for frames."""


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


COLOURED = [look for look in LOOKS if look.coloured]


@pytest.mark.parametrize("look", COLOURED, ids=lambda look: look.name)
def test_every_text_can_be_read_on_everything_that_lies_behind_text(look: Look) -> None:
    least = AAA if look.name == "contrast" else AA
    weak = {
        (text, behind): round(ratio, 2)
        for text, behind in product(TEXTS, BACKGROUNDS)
        if (ratio := contrast(getattr(look.colours, text), getattr(look.colours, behind))) < least
    }
    assert not weak


@pytest.mark.parametrize("look", COLOURED, ids=lambda look: look.name)
def test_names_of_tasks_can_be_read_on_their_shades(look: Look) -> None:
    least = AAA if look.name == "contrast" else AA
    found = {name: each for name, each in shades(look.colours).items() if name.startswith("shade")}
    weak = {name for name, each in found.items() if contrast(look.colours.ink, each) < least}
    assert len(set(found.values())) == 6
    assert not weak


def test_drawn_text_names_colours_and_holds_none() -> None:
    """A colour of its own would stay where the theme changes; the candidate's are in palette."""
    modules = Path(look_module.__file__).parent.rglob("*.py")
    holding = {path.name for path in modules if re.search(r"#[0-9a-fA-F]{6}\b", path.read_text())}
    assert holding == {"themes.py"}


def test_frames_are_seen_in_high_contrast() -> None:
    colours = next(look.colours for look in LOOKS if look.name == "contrast")
    assert all(contrast(colours.line, getattr(colours, each)) >= FRAME for each in BACKGROUNDS)


def test_a_ratio_is_what_the_standard_says_it_is() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_style_sheets_name_colours_and_hold_none() -> None:
    for name, sheet in vars(look_module).items():
        if name.endswith("STYLE_SHEET"):
            assert not re.search(r":[^{};]*#[0-9a-fA-F]{6}", sheet), name


def test_every_theme_knows_every_name() -> None:
    names = {each.name for each in fields(Colours)} - {"background", "panel"}
    for look in LOOKS:
        assert set(look.theme.variables) == names | set(shades(look.colours))


def test_the_environment_takes_colours_away_whatever_theme_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_theme("light")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not current_look().coloured
    monkeypatch.setenv("NO_COLOR", "")
    assert current_look().name == "light"


def test_the_settings_say_where_a_process_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv(THEME, "contrast")
    assert current_look().name == "contrast"
    assert next_look().name == current_look().name == "plain"
    monkeypatch.setenv(THEME, "what-nobody-knows")
    use_theme(None)
    assert current_look().name == DEFAULT


def test_the_settings_know_the_themes_that_there_are() -> None:
    assert THEMES == NAMES
    assert get_args(ConfigFile.model_fields["theme"].annotation)[0] == Literal[NAMES]


def test_the_next_of_the_last_theme_is_the_first() -> None:
    seen = [current_look().name, *(next_look().name for _ in LOOKS)]
    assert seen == [*(look.name for look in LOOKS), DEFAULT]


class _Words(ThemedApp[None]):
    def compose(self) -> ComposeResult:
        text = Text("base", f"bold {ACCENT}")
        text.append(" span", f"italic {FAINT}")
        yield Static(text)
        yield OptionList(Option(Text.assemble(("option", INK))))


def _colours_of(app: _Words) -> dict[str, str | None]:
    seen: dict[str, str | None] = {}
    for strip in app.screen._compositor.render_strips():
        for part in strip:
            style = part.style
            if style is not None and part.text.strip() in {"base", "span", "option"}:
                seen[part.text.strip()] = None if style.color is None else style.color.name
    return seen


def _wanted(look: Look) -> dict[str, str]:
    if not look.coloured:
        return dict.fromkeys(("base", "span", "option"), "default")
    colours = look.colours
    return {"base": colours.accent, "span": colours.faint, "option": colours.ink}


@pytest.mark.parametrize("first", NAMES)
async def test_what_was_drawn_before_follows_the_theme(
    first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    use_theme(first)
    app = _Words()
    async with app.run_test() as pilot:
        for look in (current_look(), next_look()):
            async with asyncio.timeout(60):
                while _colours_of(app) != _wanted(look):
                    await pilot.pause(0.02)
            if look.name == first:
                use_theme(first)
                app.action_next_theme()


async def test_the_seat_goes_through_the_themes_and_the_next_one_keeps_the_choice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    async with run_replay() as seat:
        await seat.press("T")
        await seat.until(lambda: seat.app.theme == "light")
        await seat.until(lambda: "theme: light" in seat.text)
    async with run_replay() as seat:
        assert seat.app.theme == "light"


async def test_what_is_marked_in_a_list_is_seen_without_colours_too() -> None:
    use_theme("plain")
    async with run_replay() as seat:
        chooser = ChooseScreen("Which?", [Choice("a", "one"), Choice("b", "two")])
        await seat.app.push_screen(chooser)
        await seat.until(lambda: chooser.rows.highlighted == 0 and "two" in seat.text)
        marked, other = (
            next(part.style for part in chooser.rows.render_line(line) if part.text.strip())
            for line in (0, 1)
        )
        assert marked is not None
        assert other is not None
        assert (marked.underline, marked.bold) == (True, True)
        assert not other.underline
