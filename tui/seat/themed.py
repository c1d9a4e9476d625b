"""What all apps share: themes, and messages that cover nothing for longer than they are read.

Text that widgets draw carries styles such as ``bold $faint``, so drawing code knows no theme and no
theme change has to redraw it by hand. Which themes there are is in `tui.seat.themes`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Literal, cast

from rich.console import Console
from rich.style import Style, StyleType
from textual import events
from textual.app import App, ReturnType
from textual.filter import LineFilter, Monochrome, NoColor
from textual.notifications import SeverityLevel
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
    """An app in the process's theme; ``action_next_theme`` goes to the next.

    A message goes with the next key, as it covers what somebody now works with; an error, and what
    says that it lasts, stay for their time.
    """

    _messages = False
    _lasts_until = 0.0

    def __init__(self) -> None:
        super().__init__(ansi_color=_ansi(current_look()))
        self.console: Console = ThemedConsole(self.console, self._colour_names)
        for look in LOOKS:
            self.register_theme(look.theme)
        self._wear(current_look())

    def refresh_css(self, animate: bool = True) -> None:
        """Take over the theme's colours; before anything stands, without parsing it all twice.

        Textual parses what it has into a sheet that it only takes the rules of, and, as the one it
        goes on with was not parsed yet, everything again with the first widget.
        """
        if self.screen_stack:
            super().refresh_css(animate)
            return
        self.stylesheet.set_variables(self.get_css_variables())
        self.stylesheet.update(self, animate=animate)

    def _colour_names(self) -> Mapping[str, str]:
        theme = self.current_theme
        names = ("background", "foreground", "panel")
        own = {name: colour for name in names if (colour := getattr(theme, name)) is not None}
        return own | theme.variables

    def _wear(self, look: Look) -> None:
        self.no_color = not look.coloured
        self.ansi_color = _ansi(look)
        self.theme = look.name

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
        lasting: bool = False,
    ) -> None:
        """Show a message for a while.

        Args:
            message: What to say.
            title: What stands above it.
            severity: What it looks like; an error outlasts keys.
            timeout: Seconds; None is Textual's default.
            markup: Whether the message holds Textual's markup.
            lasting: Whether it outlasts keys whatever its severity.

        """
        if lasting or severity == "error":
            seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
            self._lasts_until = max(self._lasts_until, time.monotonic() + seconds)
        self._messages = True
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    async def on_event(self, event: events.Event) -> None:
        """Take messages away before a key does something else."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._make_room()
        await super().on_event(event)

    def _make_room(self) -> None:
        if self._messages and time.monotonic() >= self._lasts_until:
            self._messages = False
            self.clear_notifications()

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
