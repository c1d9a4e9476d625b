"""The commands that run on one terminal, in the shells that stand in each other.

A prompt that returns ends what ran in front of it, or is the first of a shell that was opened, or
belongs to a shell below whose child has ended. Reading prompts and lines off the screen is the
tracker's.
"""

from __future__ import annotations

from collections.abc import Collection

from analyzer.commands.open_run import OpenRun
from analyzer.commands.prompts import Identity, is_repl_prompt
from analyzer.commands.run import Run
from analyzer.commands.shells import (
    Shell,
    leaves_shell,
    nested,
    opens_repl,
    opens_shell,
    owner,
)
from analyzer.records import Outcome

_PROMPTS_MOST = 100


class Stack:
    """Shells of one terminal, and what runs in each."""

    def __init__(self) -> None:
        self.shells: list[Shell] = []
        self.runs: list[OpenRun] = []
        self._outer: list[list[OpenRun]] = []

    @property
    def top(self) -> Shell | None:
        """The shell that reads the keys, None before the first prompt."""
        return self.shells[-1] if self.shells else None

    @property
    def depth(self) -> int:
        """How many shells stand around the one on top; interpreters do not count."""
        return max(0, sum(shell.kind == "command" for shell in self.shells) - 1)

    @property
    def identity(self) -> Identity:
        """Who types here and where, as the uppermost shell's prompt says."""
        for shell in reversed(self.shells):
            if shell.kind == "command":
                return shell.identity
        return Identity()

    @property
    def may_open_shell(self) -> bool:
        """Whether what runs may show prompts of another shell."""
        return any(opens_shell(run.simple) for run in self.runs)

    @property
    def may_open_repl(self) -> bool:
        """Whether what runs may show prompts that are no shell's."""
        return any(opens_repl(run.simple) for run in self.runs)

    def start(self, run: OpenRun) -> None:
        """Add a command that was entered."""
        self.runs.append(run)
        if self.top and leaves_shell(run.simple, run.text):
            self.leave()

    def leave(self) -> None:
        """Note that the shell on top was told to end."""
        if len(self.shells) > 1:
            self.shells[-1].leaving = True

    def shows_shell(self, programs: Collection[str], user: str, t: float) -> list[Run]:
        """Take in that one of these programs, in front, shows a shell of ``user``'s inside it."""
        out: list[Run] = []
        for run in self.runs:
            if not run.opened and any(each.program in programs for each in run.simple):
                run.opened, run.shell_of = True, user
                out.append(run.run("started", t, outcome="ok"))
        return out

    def interrupt(self, t: float) -> None:
        """Note that Ctrl-C was pressed while something ran."""
        for run in self.runs:
            run.interrupted = t

    def returned(
        self,
        prompt: str,
        identity: Identity,
        lines: tuple[str, ...],
        t: float,
        *,
        marked: bool,
        status: int | None = None,
    ) -> list[Run]:
        """Take in a prompt that is shown at ``t``, after ``lines`` were printed.

        ``status`` is the exit status of what ran in front of it, where the shell told it.
        """
        shell = Shell("command", prompt, identity, marked)
        opener = next((run for run in self.runs if opens_shell(run.simple)), None)
        repl = next((run for run in self.runs if opens_repl(run.simple)), None)
        out: list[Run] = []
        if not self.shells:
            self.shells.append(shell)
        elif repl and is_repl_prompt(prompt) and prompt != self.shells[-1].prompt:
            shell.kind = "repl"
            out += self._open(repl, shell, lines, t)
        elif opener and self._is_nested(opener, shell, lines):
            out += self._open(opener, shell, lines, t)
        else:
            out += self._same_or_below(shell, lines, t, status)
        self._learn(shell)
        return out

    def close(self, t: float, lines: tuple[str, ...], exit_status: int | None) -> list[Run]:
        """Cut what runs, as the terminal is gone, but for the command that ended its shell."""
        out: list[Run] = []
        for run in self.runs:
            if not self._outer and leaves_shell(run.simple, run.text):
                outcome: Outcome = "unknown" if exit_status is None else "ok"
                out.append(run.run("finished", t, lines, outcome=outcome, exit_status=exit_status))
            else:
                out.append(run.run("cut", t, lines))
        for group in reversed(self._outer):
            out += [run.run("cut", t, outcome="ok" if run.opened else "unknown") for run in group]
        self.runs, self._outer = [], []
        return out

    def _is_nested(self, opener: OpenRun, shell: Shell, lines: tuple[str, ...]) -> bool:
        program = opener.simple[-1].program
        return nested(self.shells[-1], shell.prompt, shell.identity, lines, program)

    def _open(self, run: OpenRun, shell: Shell, lines: tuple[str, ...], t: float) -> list[Run]:
        run.opened = True
        if shell.kind == "command":
            run.shell_of = shell.identity.user or ("root" if shell.identity.root else "")
        out = [each.run("finished", t, lines) for each in self.runs if each is not run]
        out.append(run.run("started", t, lines, outcome="ok"))
        self._outer.append([run])
        self.runs = []
        self.shells.append(shell)
        return out

    def _same_or_below(
        self, shell: Shell, lines: tuple[str, ...], t: float, status: int | None
    ) -> list[Run]:
        index = owner(self.shells, shell.prompt, shell.identity)
        # A shell that ended tells no status: what follows is of the shell below.
        out = self._finish(lines, t, None if len(self.shells) - 1 > index else status)
        while len(self.shells) - 1 > index:
            self.shells.pop()
            self.runs = self._outer.pop() if self._outer else []
            out += self._finish((), t, status if len(self.shells) - 1 == index else None)
        self.shells[-1].leaving = False
        return out

    def _finish(self, lines: tuple[str, ...], t: float, status: int | None) -> list[Run]:
        known = status if len(self.runs) == 1 else None
        out = [run.run("finished", t, lines, exit_status=known) for run in self.runs]
        self.runs = []
        return out

    def _learn(self, shown: Shell) -> None:
        top = self.shells[-1]
        top.prompt, top.marked = shown.prompt, shown.marked
        if shown.identity.user or not top.identity.user:
            top.identity = shown.identity
        if top.kind == "repl" and len(top.known) < _PROMPTS_MOST:
            top.known.add(shown.prompt)
