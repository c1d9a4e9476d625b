"""The language of `signals.toml`, as types. What a pattern means is said here, once.

A signal fires where one of its ``when`` patterns matches, and, if it has ``after`` patterns, one of
those matched before. Regular expressions are Python's; they match a whole word of the command line,
or any part of an output line. ``@name`` in a list of them stands for a list under ``[lists]``.
Files, lines and engines do not belong here.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

FORMAT = 1
LEAST_EXAMPLES = 2
"""Examples that each signal needs of either kind."""


def _regex(value: str) -> str:
    if not value.startswith("@"):
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression ({error})") from error
    return value


Regex = Annotated[str, AfterValidator(_regex)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,63}$")]
Words = Annotated[str, Field(min_length=1)]


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Part(BaseModel):
    """What every table has: no unknown keys, names with hyphens."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=_kebab, populate_by_name=True
    )


class Program(Part):
    """Names that count as one program.

    Attributes:
        names: Without a slash, those of the file; with one, the whole path.
        valued: Options that take the next word as their value.
        begins: What each run of it prints near its start. Where it stands as often as the program
            runs in a command line, each run has the output from its own on.

    """

    names: tuple[Words, ...] = Field(min_length=1)
    valued: tuple[str, ...] = ()
    begins: Regex | None = None


class CommandPattern(Part):
    """A simple command, after wrappers such as sudo were removed. All that is given must hold.

    Attributes:
        program: Names of programs, of which one must be it.
        verb: Its first argument that is no option.
        arguments: Each of these must match an argument that is no option.
        options: One of these must be given; an option with a value reads ``-k=stop``.
        without_options: None of these may be given.
        files: Each of these must match an argument that is no option, read as a path.
        destination: The last argument, read as a path, must match.
        writes: A file that a redirection writes.
        account: Whose account it is about; ``account_from`` says where it is named.

    A path is resolved against the directory that the prompt shows and the line changes to; what
    stays relative, as neither is known, is held against the expressions as it is.
    """

    program: tuple[Words, ...] = ()
    verb: tuple[Regex, ...] = ()
    arguments: tuple[Regex, ...] = ()
    options: tuple[Regex, ...] = ()
    without_options: tuple[Regex, ...] = ()
    files: tuple[Regex, ...] = ()
    destination: tuple[Regex, ...] = ()
    writes: tuple[Regex, ...] = ()
    account: Literal["login-user"] | None = None
    account_from: Literal["first-argument", "last-argument", "input"] = "first-argument"


class LoginPattern(Part):
    """A login that was tried.

    ``while_open``: an earlier connection has a channel open at that moment, and had it open when
    the last of the signal's ``after`` was seen.
    """

    outcome: tuple[Literal["accepted", "refused", "error", "unknown"], ...] = Field(min_length=1)
    while_open: bool = False


class Pattern(Part):
    """One way in which something is seen: a command or a greeting, judged by output, or a login.

    A ``greeting`` is what a terminal shows before its first prompt; each expression must match a
    line of it. ``settled`` is output after which the thing has happened, whatever follows. Else, of
    the lines that match one of ``ok``, ``failed`` or ``pending`` (a question that waits), the last
    decides; ``silent`` says what it means when none does.
    """

    command: CommandPattern | None = None
    greeting: tuple[Regex, ...] = ()
    settled: tuple[Regex, ...] = ()
    ok: tuple[Regex, ...] = ()
    failed: tuple[Regex, ...] = ()
    pending: tuple[Regex, ...] = ()
    silent: Literal["ok", "unknown", "failed"] = "unknown"
    login: LoginPattern | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(map(bool, (self.command, self.greeting, self.login))) != 1:
            raise ValueError("needs either a command, a greeting or a login")
        if self.command and not (self.command.program or self.command.writes):
            raise ValueError("a command needs a program or writes")
        return self


class Example(Part):
    """A short transcript, and how many tags of the signal it must give."""

    title: Words
    tags: int = Field(ge=0)
    outcome: Literal["ok", "failed", "unknown"] | None = None
    transcript: Words


class Signal(Part):
    """One behaviour, what it rests on, and what an interviewer is told about it."""

    id: Identifier
    topic: Identifier
    title: Words
    reason: Words
    question: Words
    false_positives: tuple[Words, ...] = Field(min_length=1)
    fires: Literal["every", "first"] = "every"
    when: tuple[Pattern, ...] = Field(min_length=1)
    after: tuple[Pattern, ...] = ()
    example: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _enough_examples(self) -> Self:
        hits = sum(example.tags > 0 for example in self.example)
        misses = len(self.example) - hits
        if hits < LEAST_EXAMPLES or misses < LEAST_EXAMPLES:
            raise ValueError(
                f"needs {LEAST_EXAMPLES} examples that fire and {LEAST_EXAMPLES} that must not"
            )
        return self


class Rules(Part):
    """A whole file."""

    format: Literal[1]
    lists: dict[str, tuple[Regex, ...]] = Field(default_factory=dict)
    programs: dict[str, Program] = Field(default_factory=dict)
    signal: tuple[Signal, ...] = Field(min_length=1)
