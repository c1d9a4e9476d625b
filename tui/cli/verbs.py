"""The shape of a verb: the options that all share, help with examples, loading only when called.

Built on click. No verb's own options or work belong here.
"""

from __future__ import annotations

import functools
import importlib
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click
from click.shell_completion import CompletionItem

from tui.cli.settings import MODELS, SIGNALS_FILE, THEME, Flags, Settings, resolve

Params = ParamSpec("Params")
Result = TypeVar("Result")
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

# A verb's first sentence is its line in a group's help; cut short it would say nothing sure.
_WHOLE_SENTENCE = 400


def _remember(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """Keep a shared option; given before and after the verb, the later one wins."""
    given: dict[str, str] = ctx.ensure_object(dict)
    if value is not None:
        given[str(param.name)] = value


def shared_options() -> list[click.Parameter]:
    """Return the options that are understood before and after every verb."""
    rows = (
        ("--home", "DIR", "Where recordings, keys and the store are kept.", click.Path()),
        ("--db", "URL", "The store, as a SQLAlchemy URL.", click.STRING),
        (
            "--config",
            "FILE",
            "The settings file; by default config.toml in home.",
            click.Path(),
        ),
    )
    return [
        click.Option(
            [name], metavar=metavar, help=text, type=kind, expose_value=False, callback=_remember
        )
        for name, metavar, text, kind in rows
    ]


def settings(ctx: click.Context) -> Settings:
    """Return what the program runs with, as the whole command line asked for it.

    Raises:
        ConfigError: The settings file cannot be used.

    """
    found = resolve(flags(ctx.ensure_object(dict)))
    # Whatever analyses or draws, here or in a process of its own, learns it by the environment.
    if found.signals_file is not None:
        os.environ[SIGNALS_FILE] = str(found.signals_file)
    if found.theme is not None:
        os.environ[THEME] = found.theme
    os.environ[MODELS] = str(found.home.models)
    return found


def flags(given: Mapping[str, str]) -> Flags:
    """Return the shared options that were given, by their names."""
    return Flags(home=given.get("home"), database_url=given.get("db"), config=given.get("config"))


def pass_settings(
    function: Callable[Concatenate[Settings, Params], Result],
) -> Callable[Params, Result]:
    """Hand a verb the settings as its first argument; the innermost decorator."""

    @functools.wraps(function)
    def with_settings(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        return function(settings(click.get_current_context()), *args, **kwargs)

    return with_settings


class NumberRange(click.FloatRange):
    """A range of numbers, in which ``nan`` is not: it is neither below nor above any bound."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number, or say what is wrong with it."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


def together(*options: Decorator) -> Decorator:
    """Return the decorator that adds several options, in the order in which help lists them."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return add


class _Shared(click.Command):
    """A command with the shared options and examples in its help."""

    def __init__(self, *args: Any, examples: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        kwargs.setdefault("context_settings", {}).setdefault("help_option_names", ["-h", "--help"])
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)
        self._shared = shared_options()

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), *self._shared]

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write nothing: newer clicks ask for arguments apart, and `format_options` has them."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write arguments, the command's own options, then, apart, those that every verb takes."""
        own = [p for p in self.get_params(ctx) if p not in self._shared]
        arguments = [p for p in own if isinstance(p, click.Argument)]
        for title, params in (
            ("Arguments", arguments),
            ("Options", [p for p in own if p not in arguments]),
            ("Options of every verb", self._shared),
        ):
            if rows := [row for p in params if (row := p.get_help_record(ctx)) is not None]:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples: a line to copy, and under it what it does."""
        if self.examples:
            with formatter.section("Examples"):
                for line, text in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")
                    formatter.indent()
                    formatter.write_text(text)
                    formatter.dedent()
        super().format_epilog(ctx, formatter)


class Verb(_Shared):
    """A command of ours."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One verb of a group: where its command is, and the one line that the group's help shows."""

    name: str
    place: str
    summary: str

    def load(self) -> click.Command:
        """Import the module and return the command."""
        module, _, attribute = self.place.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.place} is not a command")
        return command


class VerbGroup(_Shared, click.Group):
    """A group whose verbs are imported when they are called, not when their names are listed."""

    def __init__(
        self,
        *args: Any,
        entries: Sequence[Entry] = (),
        default: str | None = None,
        first: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        """Make a group; ``default`` is the verb that is meant where none is named.

        Help lists the verbs named in ``first``, then ``entries``, then the rest as defined.
        """
        super().__init__(*args, **kwargs)
        self.entries = {entry.name: entry for entry in entries}
        self.first = tuple(first)
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words behind the group's name."""
        completing = ctx.resilient_parsing and not args
        return super().parse_args(ctx, list(args) if completing else self.with_verb(args))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the verbs, and what the default verb takes."""
        offered = super().shell_complete(ctx, incomplete)
        meant = self.get_command(ctx, self.default) if self.default else None
        if meant is None:
            return offered
        for param in meant.params:
            if isinstance(param, click.Argument) and not incomplete.startswith("-"):
                offered += param.shell_complete(ctx, incomplete)
        known = {item.value for item in offered}
        more = meant.shell_complete(ctx, incomplete)
        return [*offered, *(item for item in more if item.value not in known)]

    def with_verb(self, args: Sequence[str]) -> list[str]:
        """Return words with the default verb put in where none is named."""
        if self.default is None or self._names_verb(args):
            return list(args)
        return [self.default, *args]

    def _names_verb(self, args: Sequence[str]) -> bool:
        """Whether words name a verb, or ask for help before they name anything else."""
        valued = {name for option in self._shared for name in option.opts}
        words = iter(args)
        for word in words:
            if word in valued:
                next(words, None)
            elif not word.startswith("-"):
                return word in self.entries or word in self.commands
            elif word in {"-h", "--help"}:
                return True
            elif word.partition("=")[0] not in valued:
                return False
        return False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which a newcomer needs them."""
        defined = super().list_commands(ctx)
        return list(dict.fromkeys((*self.first, *self.entries, *defined)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one verb."""
        entry = self.entries.get(cmd_name)
        return entry.load() if entry else super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; a mistyped one is answered with those that look like it.

        Raises:
            NoSuchCommand: There is none of that name.

        """
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            names = self.list_commands(ctx)
            raise click.exceptions.NoSuchCommand(
                error.command_name, possibilities=names, ctx=ctx
            ) from error

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs before the options."""
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs; those of the table without importing them."""
        rows = []
        for name in self.list_commands(ctx):
            if name in self.entries:
                rows.append((name, self.entries[name].summary))
            else:
                command = self.commands[name]
                rows.append((name, command.get_short_help_str(limit=_WHOLE_SENTENCE)))
        with formatter.section("Verbs"):
            formatter.write_dl(rows)


def complete_session(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the sessions on disk, youngest first; reads directory names only, so it is quick."""
    recordings = settings(ctx).home.recordings
    names = sorted(_subdirectories(recordings), reverse=True)
    return [CompletionItem(name) for name in ("latest", *names) if name.startswith(incomplete)]


def _subdirectories(directory: Path) -> list[str]:
    try:
        return [path.name for path in directory.iterdir() if path.is_dir()]
    except OSError:
        return []


def session_argument(
    *, required: bool = True
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the decorator that adds SESSION: an id, a unique prefix of one, or ``latest``."""
    names = "An id, the beginning of one, or `latest`"
    return click.argument(
        "session",
        metavar="SESSION" if required else "[SESSION]",
        required=required,
        shell_complete=complete_session,
        help=f"{names}." if required else f"{names}; without it, the one that is live.",
    )
