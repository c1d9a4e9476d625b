"""The colour themes of the seat and of home: values, and which one this process uses.

Style sheets and drawn text name colours by what they mean (``$faint``, ``$outcome-failed``); a
theme says what these look like. Every theme has every name. What is drawn where, and how a name
becomes a colour, belong to the modules beside it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields

from textual.theme import Theme

from tui.seat.palette import FOREGROUND, SIXTEEN, Rgb, blend


def hex_colour(colour: Rgb) -> str:
    """Return a colour as style sheets write it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def colours_are_off() -> bool:
    """Return whether the viewer wants no colours (https://no-color.org: set, and not empty)."""
    return bool(os.environ.get("NO_COLOR"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """What each name looks like, as ``#rrggbb``.

    ``background``, ``bar``, ``panel`` and ``marked`` lie behind text; ``line`` is for frames; all
    others are colours of text.
    """

    background: str
    bar: str
    panel: str
    marked: str
    line: str
    ink: str
    faint: str
    accent: str
    good: str
    bad: str
    caution: str
    happened: str
    noted: str


BACKGROUNDS = ("background", "bar", "panel", "marked")
"""The names of what lies behind text."""

TEXTS = tuple(each.name for each in fields(Colours) if each.name not in (*BACKGROUNDS, "line"))
"""The names of colours of text."""


_SHADES = ("accent", "happened", "noted", "caution", "good", "faint")
_BEHIND, _BARS = 0.7, 0.35
"""How much of the background is in what lies behind a task's name, and in a small bar."""


def shades(colours: Colours) -> dict[str, str]:
    """Return the colours that are mixed with the background, by name.

    ``shade-1`` to ``shade-6`` lie behind the names of tasks; red says that something failed, and is
    none of them. ``typed`` and ``printed`` are bars of what happened.
    """
    background = _rgb(colours.background)

    def mixed(name: str, share: float) -> str:
        return hex_colour(blend(_rgb(getattr(colours, name)), background, share))

    found = {f"shade-{number}": mixed(name, _BEHIND) for number, name in enumerate(_SHADES, 1)}
    return found | {"typed": mixed("accent", _BARS), "printed": mixed("faint", _BARS)}


def _rgb(colour: str) -> Rgb:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A theme: its name in settings and for people, its colours; ``coloured`` if they show."""

    name: str
    title: str
    colours: Colours
    dark: bool = True
    coloured: bool = True
    theme: Theme = field(init=False)

    def __post_init__(self) -> None:
        """Make what Textual takes."""
        object.__setattr__(self, "theme", _theme(self))


def _theme(look: Look) -> Theme:
    colours = look.colours
    named = {each.name: getattr(colours, each.name) for each in fields(Colours)}
    return Theme(
        name=look.name,
        primary=colours.accent,
        secondary=colours.accent,
        accent=colours.accent,
        warning=colours.caution,
        error=colours.bad,
        success=colours.good,
        foreground=colours.ink,
        background=colours.background,
        surface=colours.bar,
        panel=colours.panel,
        dark=look.dark,
        variables={
            name: colour for name, colour in named.items() if name not in {"background", "panel"}
        }
        | shades(colours),
    )


_RED, _GREEN, _YELLOW, _BLUE, _MAGENTA = (hex_colour(each) for each in SIXTEEN[1:6])

_DARK = Colours(
    background="#17191f",
    bar="#1d2027",
    panel="#262a33",
    marked="#2b3854",
    line="#3d4453",
    ink=hex_colour(FOREGROUND),
    faint="#9aa2b2",
    accent="#7cb0ee",
    good=_GREEN,
    bad="#f08c86",
    caution=_YELLOW,
    happened="#cf9ce0",
    noted="#6fc3c9",
)

LOOKS = (
    Look(name="jumpseat", title="dark", colours=_DARK),
    Look(
        name="light",
        title="light",
        dark=False,
        colours=Colours(
            background="#fbfbf9",
            bar="#eff0f2",
            panel="#e4e7ec",
            marked="#d5e2f5",
            line="#a9b0bd",
            ink="#1f2430",
            faint="#565d6b",
            accent="#1f5fae",
            good="#2c6e1f",
            bad="#b3261e",
            caution="#7a5600",
            happened="#7d3c98",
            noted="#0b6470",
        ),
    ),
    Look(
        name="contrast",
        title="high contrast",
        colours=Colours(
            background="#000000",
            bar="#12151c",
            panel="#1c2230",
            marked="#002f5c",
            line="#c0c6d0",
            ink="#ffffff",
            faint="#d8dce4",
            accent="#9fd0ff",
            good="#a8f08c",
            bad="#ffb0a8",
            caution="#ffe066",
            happened="#f0b8ff",
            noted="#8ff0f4",
        ),
    ),
    Look(name="plain", title="no colours", colours=_DARK, coloured=False),
)

NAMES = tuple(look.name for look in LOOKS)
DEFAULT = NAMES[0]

_BY_NAME = {look.name: look for look in LOOKS}


THEME = "JUMPSEAT_THEME"
"""The variable in which the settings hand a theme to whatever draws, in this process or another."""


class _Choice:
    """What the viewer went on to: several apps follow one another in a process, home and seat."""

    name: str | None = None


def use_theme(name: str | None) -> None:
    """Draw in a theme from now on, in this process; None goes back to what the settings say.

    Raises:
        KeyError: There is none of that name.

    """
    _Choice.name = None if name is None else _BY_NAME[name].name


def _chosen() -> str:
    name = _Choice.name or os.environ.get(THEME) or DEFAULT
    return name if name in _BY_NAME else DEFAULT


def current_look() -> Look:
    """Return the theme to draw in; without colours where the viewer's environment says so."""
    return _BY_NAME["plain" if colours_are_off() else _chosen()]


def next_look() -> Look:
    """Use the theme after the current one from now on, and return it."""
    index = NAMES.index(_chosen())
    use_theme(NAMES[(index + 1) % len(NAMES)])
    return current_look()
