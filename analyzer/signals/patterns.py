"""The patterns of the rules' language: one type for each kind of thing that can be seen.

Part of `analyzer.signals.schema`. What a pattern means is said here; how it is held against
something is in `analyzer.signals.kinds`.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from analyzer.signals.words import Duration, Identifier, Part, Regex, Regexes, Words

Outcome = Literal["ok", "unknown", "failed"]
LoginOutcome = Literal["accepted", "refused", "error", "unknown"]


class CommandPattern(Part):
    """A command as bash runs it, after wrappers such as sudo were removed. All given must hold.

    A path is resolved against the directory that the prompt shows and the line changes to; what
    stays relative, as neither is known, is held against the expressions as it is.
    """

    program: tuple[Words, ...] = ()
    """Names of programs, of which one must be it."""
    verb: Regexes = ()
    """One of these must be its first argument that is no option."""
    arguments: Regexes = ()
    """Each of these must match an argument that is no option."""
    without_arguments: Regexes = ()
    """No argument that is no option may match one of these."""
    options: Regexes = ()
    """One of these must be given; an option with a value reads ``-k=stop``."""
    without_options: Regexes = ()
    """None of these may be given."""
    files: Regexes = ()
    """Each of these must match an argument that is no option, read as a path."""
    destination: Regexes = ()
    """One of these must match the last argument, read as a path."""
    writes: Regexes = ()
    """One of these must match a file that a redirection writes."""
    wrapped_by: tuple[Words, ...] = ()
    """One of these stood in front of it: ``sudo``, ``nohup``, ``xargs`` ..."""
    operator_from: tuple[Words, ...] = ()
    """It reads, by a pipe, what one of these programs writes."""
    depth_opened: Literal["root", "any"] | None = None
    """It opened a shell in the shell: root's, or anybody's."""
    kind: Literal["command", "repl"] | None = None
    """A shell's command line, or a line typed into a program such as mysql or node."""
    text: Regexes = ()
    """Each of these must match a part of the line as it was entered."""
    account: Literal["login-user"] | None = None
    """It is about the account that was logged in to."""
    account_from: Literal["first-argument", "last-argument", "input"] = "first-argument"
    """Where that account is named."""

    @model_validator(mode="after")
    def _narrowed(self) -> Self:
        given = (self.program, self.writes, self.wrapped_by, self.depth_opened, self.kind)
        if not any((*given, self.text, self.options, self.operator_from)):
            raise ValueError(
                "a command needs a program, options, writes, wrapped-by, operator-from,"
                " depth-opened, kind or text"
            )
        return self


class LoginPattern(Part):
    """A login that was tried: a connection of the candidate's."""

    outcome: tuple[LoginOutcome, ...] = Field(min_length=1)
    """How it ended."""
    method: tuple[Words, ...] = ()
    """One of these was tried: password, publickey, keyboard-interactive, none."""
    without_method: tuple[Words, ...] = ()
    """None of these was tried."""
    without_offer: tuple[Words, ...] = ()
    """The server answered that it takes other methods, and none of these."""
    while_alone: bool = False
    """No other connection has a channel open at that moment."""
    while_open: bool = False
    """An earlier connection has a channel open at that moment, and had it open when the last of
    the signal's `after` was seen."""


class OutputPattern(Part):
    """What the terminal showed: lines that were printed, and rows of full-screen programs."""

    text: Regexes = Field(min_length=1)
    """Each of these must match a line; those of one command belong together."""
    of: tuple[Words, ...] = ()
    """Only what these programs printed."""
    not_of: tuple[Words, ...] = ()
    """Not what these programs printed."""


class EditPattern(Part):
    """A file that was written: by an editor, a redirection, tee, sed, cp and the like."""

    file: Regexes = ()
    """One of these must be its path."""
    added: Regexes = ()
    """Each of these must match a part of a line that was added."""
    removed: Regexes = ()
    """Each of these must match a part of a line that was taken away."""
    via: tuple[
        Literal["editor", "redirect", "tee", "sed", "copy", "move", "remove", "other"], ...
    ] = ()
    """What wrote it."""

    @model_validator(mode="after")
    def _narrowed(self) -> Self:
        if not any((self.file, self.added, self.removed, self.via)):
            raise ValueError("an edit needs a file, added, removed or via")
        return self


class ProbePattern(Part):
    """A look at the target from outside that differed from the one before."""

    name: Regexes = ()
    """One of these must be the probe's id in the exercise."""
    kind: tuple[Literal["http", "logins"], ...] = ()
    """What it looks at."""
    result: Regexes = ()
    """Each of these must match one of the result's words: ``answered``, ``refused``, ``timeout``,
    ``unreachable``, ``broken``, ``status=401``, ``auth=basic``, ``contains=true``,
    ``server=nginx``, ``location=...``, ``methods=password,publickey``."""

    @model_validator(mode="after")
    def _narrowed(self) -> Self:
        if not any((self.name, self.kind, self.result)):
            raise ValueError("a probe needs a name, a kind or a result")
        return self


class PastePattern(Part):
    """Lines that were pasted at once."""

    lines_at_least: int = Field(ge=1, le=10_000)


class SilencePattern(Part):
    """No key was pressed on any terminal while at least one was open."""

    at_least: Duration


class Pattern(Part):
    """One way in which something is seen; exactly one kind of thing.

    A ``greeting`` is what a terminal shows before its first prompt; each expression must match a
    line of it. What a command or greeting printed is judged: ``settled`` is output after which the
    thing has happened, whatever follows. Else, of the lines that match one of ``ok``, ``failed`` or
    ``pending`` (a question that waits), the last decides; ``silent`` says what it means when none
    does.
    """

    use: Identifier | None = None
    """The name of a macro, whose patterns stand here instead."""
    command: CommandPattern | None = None
    greeting: Regexes = ()
    login: LoginPattern | None = None
    output: OutputPattern | None = None
    edit: EditPattern | None = None
    probe: ProbePattern | None = None
    paste: PastePattern | None = None
    silence: SilencePattern | None = None
    signal: tuple[Identifier, ...] = ()
    """Another signal was established: its id."""
    end: Literal[True] | None = None
    """The recording ended."""

    without_after: bool = False
    """In a `when`: it counts also where no `after` was seen."""
    outcomes: tuple[Outcome, ...] = Field(default=("ok", "unknown"), min_length=1)
    """Which verdicts count."""
    settled: Regexes = ()
    ok: Regexes = ()
    failed: Regexes = ()
    pending: Regexes = ()
    silent: Outcome = "unknown"

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if len(self.kinds()) != 1:
            raise ValueError("needs exactly one of " + ", ".join(KINDS))
        judged = {"settled", "ok", "failed", "pending", "silent"} & self.model_fields_set
        if judged and not (self.command or self.greeting):
            raise ValueError(f"{min(judged)} is only for a command or a greeting")
        if self.use and self.model_fields_set != {"use"}:
            raise ValueError("use stands alone")
        return self

    def kinds(self) -> list[str]:
        """Return which kinds of thing it asks for."""
        return [kind for kind in KINDS if getattr(self, kind)]


KINDS = (
    "command",
    "greeting",
    "login",
    "output",
    "edit",
    "probe",
    "paste",
    "silence",
    "signal",
    "end",
    "use",
)

JUDGED: tuple[str, ...] = ("greeting", "settled", "ok", "failed", "pending")
"""Keys of a pattern that hold expressions themselves."""


def expressions(pattern: Pattern) -> dict[tuple[str, ...], tuple[Regex, ...]]:
    """Return the expressions of a pattern by the place of their key."""
    found: dict[tuple[str, ...], tuple[Regex, ...]] = {
        (key,): getattr(pattern, key) for key in JUDGED
    }
    keys: dict[str, tuple[str, ...]] = {
        "command": (
            "verb",
            "arguments",
            "without_arguments",
            "options",
            "without_options",
            "files",
            "destination",
            "writes",
            "text",
        ),
        "output": ("text",),
        "edit": ("file", "added", "removed"),
        "probe": ("name", "result"),
    }
    for part, names in keys.items():
        value = getattr(pattern, part)
        if value is not None:
            found |= {(part, name): getattr(value, name) for name in names}
    return found
