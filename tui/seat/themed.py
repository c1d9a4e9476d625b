"""The part of an app that knows themes: names of colours become colours when they are drawn.

Text that widgets draw carries styles such as ``bold $faint``, so drawing code knows no theme and no
theme change has to redraw it by hand. Which themes there are is in `tui.seat.themes`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Literal, cast

from rich.console import Console
from rich.style import Style, StyleType
from textual.app import App, ReturnType
from textual.filter import LineFilter, Monochrome, NoColor
from textual.widgets import OptionList, Static

from tui.seat.themes import LOOKS, Look, colours_are_off, current_look, next_look

_ColourSystem = Literal["standard", "256", "truecolor", "windows"] | None
_NAME = re.compile(r"\$([a-z0-9-]+)")


class ThemedConsole(Console):
    """Rich's console, which also understands a theme's names for colours.

    Textual asks it for the style of every piece of drawn text.
    """

    def __init__(self, like: Console, variables: Callable[[], Mapping[str, str]]) -> None:
        """Behave as Textual's own; ``variables`` are asked for anew with every theme."""
        super().__init__(
            color_system=cast("_ColourSystem", like.color_system),
            file=like.file,
            markup=True,
            highlight=False,
            emoji=False,
            legacy_windows=False,
            force_terminal=True,
            safe_box=False,
            soft_wrap=False,
            no_color=False,
        )
        self._variables = variables
        self._named: dict[str, Style] = {}

    def forget(self) -> None:
        """Look every name up again: the theme is another."""
        self._named.clear()

    def get_style(self, name: StyleType, *, default: StyleType | None = None) -> Style:
        """Return a style; ``$names`` in it are the theme's."""
        if not isinstance(name, str) or "$" not in name:
            return super().get_style(name, default=default)
        if name not in self._named:
            variables = self._variables()
            words = _NAME.sub(lambda match: variables[match[1]], name)
            self._named[name] = super().get_style(words, default=default)
        return self._named[name]


class ThemedApp(App[ReturnType], Generic[ReturnType]):
    """An app in the process's theme; ``action_next_theme`` goes to the next."""

    def __init__(self) -> None:
        super().__init__(ansi_color=_ansi(current_look()))
        self.console: Console = ThemedConsole(self.console, self._colour_names)
        for look in LOOKS:
            self.register_theme(look.theme)
        self._wear(current_look())

    def _colour_names(self) -> Mapping[str, str]:
        theme = self.current_theme
        names = ("background", "foreground", "panel")
        own = {name: colour for name in names if (colour := getattr(theme, name)) is not None}
        return own | theme.variables

    def _wear(self, look: Look) -> None:
        self.no_color = not look.coloured
        self.ansi_color = _ansi(look)
        self.theme = look.name

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Take all colours away in the theme without any, and in no other."""
        filters = [
            each
            for each in super().get_line_filters()
            if not isinstance(each, NoColor | Monochrome)
        ]
        return [*filters, NoColor()] if self.no_color else filters

    def action_next_theme(self) -> None:
        """Show everything in the next theme, in this app and in those that come after it."""
        look = next_look()
        self._wear(look)
        if isinstance(self.console, ThemedConsole):
            self.console.forget()
        for screen in self.screen_stack:
            for widget in screen.walk_children():
                _redraw(widget)
        words = "NO_COLOR is set: no colours" if colours_are_off() else f"theme: {look.title}"
        self.notify(words, timeout=2)


def _ansi(look: Look) -> bool | None:
    """Return what Textual is told: without colours, leave the terminal's own background."""
    return None if look.coloured else True


def _redraw(widget: object) -> None:
    """Make what is kept of a widget's text anew; others ask for their text whenever they draw."""
    if isinstance(widget, Static):
        widget.update(widget.content, layout=False)
    elif isinstance(widget, OptionList):
        for index, option in enumerate(widget.options):
            widget.replace_option_prompt_at_index(index, option.prompt)
