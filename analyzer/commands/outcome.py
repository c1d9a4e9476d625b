"""Judges how a command line went from what it printed, where no exit status is seen.

Two things count: what programs say of themselves in their own fixed words, and for programs that
are known to fail with a message, that there is none. A log that is read may hold any error, and
what an earlier program of a pipeline says decides nothing. Where neither is well-founded: unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from analyzer.commands import speech
from analyzer.commands.languages import in_english, line_in_english
from analyzer.commands.said import Said
from analyzer.commands.steps import Step, steps
from analyzer.records import Outcome
from analyzer.shell import SimpleCommand

_NOISE = re.compile(
    r"^sudo: unable to resolve host |^\[sudo\] password for |^Sorry, try again\.$"
    r"|^We trust you have|^\[\d+\][-+ ]? +(?:Done|\d+$)|^\(END\)$|^\s*lines \d+-\d+"
)
_SHELL = re.compile(r"^-?(?:\S*/)?(?:ba|da|z|k|fi)?sh: (?:line )?(?:\d+: )?(?P<words>.*)$")
_SHELL_FAILED = re.compile(
    r"(?:syntax error|command not found: |no matches found: |Unknown command)"
    r"|.*(?:: (?:command )?not found|: No such file or directory|: Permission denied"
    r"|: Is a directory|: ambiguous redirect|: cannot overwrite existing file|: bad interpreter.*"
    r"|: event not found)$"
)
_HINTED = re.compile(r"^(?:Command '(?P<a>[^']+)' not found|(?P<b>[^\s:]+): command not found$)")
_REFUSED = re.compile(
    r"^sudo: \d+ incorrect password attempts?$"
    r"|^sudo: (?:a password is required|no password was provided|a terminal is required)"
    r"|is not in the sudoers file|is not allowed to (?:execute|run) |may not run sudo on "
)
_MISSING = re.compile(
    r"(?:^|: )['\u2018]?(?P<name>[^\s:'\u2019]+)['\u2019]?: (?:(?:command )?not found"
    r"|No such file or directory|Permission denied|unrecognized service)$"
    r"|^Command '(?P<hinted>[^']+)' (?:not found|is available)"
    r"|^zsh: command not found: (?P<zsh>\S+)$"
)
_REFUSED_WORDS = ("sudo", " allowed to ")
"""One of them is in all that `_REFUSED` matches."""
_MISSING_WORDS = (
    "not found",
    "No such file or directory",
    "Permission denied",
    "unrecognized service",
    "is available",
)
"""One of them is in all that `_MISSING` matches, and few lines have any."""
_VERSION = frozenset({"-v", "-V", "--version", "-version", "version"})
_NUMBER = re.compile(r"\d+\.\d+")
_USAGE = re.compile(r"(?:unknown|illegal|invalid|unrecognized) option|^usage:", re.IGNORECASE)
_ACTIVE = re.compile(r"^\s*Active: (\w+)")
_LIVE = frozenset({"active", "reloading"})
_ASKS_STATE = {"is-active": {"active"}, "is-enabled": {"enabled", "static", "alias", "indirect"}}


def never_ran(command: SimpleCommand, line: str) -> bool:
    """Whether a line says that this command of its command line was not even started."""
    refused, name = _said_of_start(line)
    if refused and "sudo" in (*command.wrappers, command.program):
        return True
    return name is not None and (name == command.program or name in command.wrappers)


def telling_of_start(lines: tuple[str, ...]) -> frozenset[str]:
    """Return those of some lines that say of any command that it was not started."""
    if not Said(in_english(lines)).may_hold((*_REFUSED_WORDS, *_MISSING_WORDS)):
        return frozenset()
    return frozenset(line for line in lines if _said_of_start(line) != (False, None))


@lru_cache(maxsize=1024)
def _said_of_start(line: str) -> tuple[bool, str | None]:
    """Return whether sudo refused, and the name of the program that could not be started."""
    line = line_in_english(line)
    refused = any(words in line for words in _REFUSED_WORDS) and bool(_REFUSED.search(line))
    if not any(words in line for words in _MISSING_WORDS):
        return refused, None
    match = _MISSING.search(line)
    if match is None:
        return refused, None
    return refused, next(filter(None, match.groups())).rsplit("/", 1)[-1]


def judge(text: str, lines: tuple[str, ...]) -> Outcome:
    """Return failed, ok or unknown for a line that printed ``lines`` and ended by itself."""
    said = Said(in_english(lines)).without(_NOISE)
    if said.may_hold(("syntax error",)) and any(map(_is_syntax_error, said.lines)):
        return "failed"
    parts = steps(text)
    if not parts:
        return "unknown"
    alone = len(parts) == 1
    return _of_list(parts, [_of_step(part, said, alone=alone) for part in parts])


def _is_syntax_error(line: str) -> bool:
    match = _SHELL.match(line)
    return match is not None and match["words"].startswith("syntax error")


def _of_list(parts: tuple[Step, ...], verdicts: list[Outcome]) -> Outcome:
    so_far: Outcome = "unknown"
    for part, verdict in zip(parts, verdicts, strict=True):
        match part.operator, so_far:
            case "&&", "failed":
                pass
            case "||", "ok":
                pass
            case "&&" | "||", "unknown":
                # Whether it ran at all is not known: only what it says of itself tells that.
                deciding = "failed" if part.operator == "&&" else "ok"
                so_far = verdict if verdict == deciding else "unknown"
            case _:
                so_far = verdict
    return so_far


def _of_step(part: Step, said: Said, *, alone: bool) -> Outcome:
    if part.background:
        return "ok"
    verdict = _plainly(part, said, alone=alone)
    if part.negated:
        return {"ok": "failed", "failed": "ok"}.get(verdict, "unknown")  # type: ignore[return-value]  # a dict's values widen to str
    return verdict


def _plainly(part: Step, said: Said, *, alone: bool) -> Outcome:
    command = part.command
    if not part.plain:
        return "unknown"
    if _is_not_started(part, said):
        return "failed"
    if command is None:
        return "ok"
    if command.program == "false":
        return "failed"
    told = _told(command, part, said, alone=alone)
    if told is not None:
        return told
    if part.hides_errors:
        return "unknown"
    own = said
    if part.fed:
        own = Said(line for line in said.lines if not _is_of_others(line, part))
    return _silently(command, part, own, alone=alone)


def _is_not_started(part: Step, said: Said) -> bool:
    """Whether the shell or sudo says that this step could not be run."""
    names = part.names
    if "sudo" in names and said.may_hold(_REFUSED_WORDS) and any(map(_REFUSED.search, said.lines)):
        return True
    # Nearly always: nothing that is looked for is in a line without these.
    if not said.may_hold(("not found", "sh: ")):
        return False
    return any(_not_started(part, names, line) for line in said.lines)


def _not_started(part: Step, names: frozenset[str], line: str) -> bool:
    """Whether a line of the shell's says that this step could not be run."""
    if hinted := _HINTED.match(line):
        return (hinted["a"] or hinted["b"]) in names
    if line.startswith("sudo: ") and line.endswith(": command not found"):
        return line.split(": ")[1].rsplit("/", 1)[-1] in names
    match = _SHELL.match(line)
    if match is None or not _SHELL_FAILED.match(match["words"]):
        return False
    words = match["words"]
    about = {word.strip("'\u2018\u2019`") for word in re.split(r": ", words)}
    command = part.command
    mine = {*names, *part.targets, *(command.argv if command else ())}
    return bool(about & mine) or any(each.rsplit("/", 1)[-1] in names for each in about)


def _told(command: SimpleCommand, part: Step, said: Said, *, alone: bool) -> Outcome | None:
    """Return what the program says of itself, None for nothing; unknown if another may mean it."""
    special = _SPECIAL.get(command.program)
    if special and (verdict := special(command, part, said.lines)) != "unknown":
        return verdict
    outcome: Outcome | None = None
    failed, good = speech.FAILED.get(command.program), speech.OK.get(command.program)
    known = [pattern for pattern in (failed, good) if pattern is not None]
    if not said.may_hold((f"{command.program}: ",)) and not any(map(said.may_match, known)):
        return None
    shared = not alone or command.program in part.fed
    for line in said.lines:
        if good and good.search(line):
            outcome = "ok"
        elif (failed and failed.search(line)) or _own_failure(command, line):
            outcome = "failed" if not shared or _is_about(command, line) else "unknown"
    return outcome


def _own_failure(command: SimpleCommand, line: str) -> bool:
    """Whether a line has the common form of an error: the program's name, then what went wrong."""
    speaker, colon, words = line.partition(": ")
    if not colon:
        return False
    shell = _SHELL.match(line)
    if shell:
        speaker, _, words = shell["words"].partition(": ")
    name = speaker.rsplit("/", 1)[-1].lstrip("-")
    if name != command.program or speech.HARMLESS.match(words):
        return False
    return speech.OWN_FAILURE.match(words) is not None


def _is_about(command: SimpleCommand, line: str) -> bool:
    """Whether a line names one of the command's operands, if it has any."""
    operands = [word for word in command.argv[1:] if not word.startswith("-") and len(word) > 1]
    return not operands or any(word in line for word in operands)


def _is_of_others(line: str, part: Step) -> bool:
    """Whether a line is what another program of the pipeline says of itself."""
    return any(line.startswith(f"{name}: ") for name in part.fed)


def _silently(command: SimpleCommand, part: Step, said: Said, *, alone: bool) -> Outcome:
    """Judge by what is not said."""
    program, own = command.program, said.lines
    named = f"{program}: "
    if alone and said.may_hold((named,)) and any(line.startswith(named) for line in own):
        # It says something under its name that may be an error, or a mere remark.
        return "unknown"
    if set(command.argv[1:]) and set(command.argv[1:]) <= _VERSION:
        return _version(own, alone=alone)
    if program in speech.TELLS:
        return "ok"
    shown = alone and not part.hides_output
    if program in speech.NOTHING_IS_FAILURE and shown:
        return _found(command, own)
    if program in speech.DIFFERENCE_IS_FAILURE and shown:
        return "failed" if own else "ok"
    return "ok" if program in speech.PRINTS and own else "unknown"


def _version(own: list[str], *, alone: bool) -> Outcome:
    if any(_USAGE.search(line) for line in own):
        return "unknown"
    return "ok" if any(_NUMBER.search(line) for line in own[: 1 if alone else None]) else "unknown"


def _found(command: SimpleCommand, own: list[str]) -> Outcome:
    options = "".join(word[1:] for word in command.argv[1:] if re.fullmatch(r"-[a-zA-Z]+", word))
    if "q" in options or "--quiet" in command.argv or "L" in options:
        return "unknown"
    if "c" in options:
        return "unknown" if not own else "failed" if set(own) == {"0"} else "ok"
    if command.program == "which" and own and len(command.argv) > 2:  # noqa: PLR2004 - one name
        return "unknown"
    return "ok" if own else "failed"


def _systemctl(command: SimpleCommand, part: Step, said: list[str]) -> Outcome:
    words = [word for word in command.argv[1:] if not word.startswith("-")]
    verb = words[0] if words else ""
    if command.program == "service":
        verb = words[1] if len(words) > 1 else ""
    if verb in _ASKS_STATE and said:
        if len(words) > 2 or part.hides_output:  # noqa: PLR2004 - the verb and one unit
            return "unknown"
        return "ok" if said[-1].strip() in _ASKS_STATE[verb] else "failed"
    if verb != "status":
        return "unknown"
    states = [match.group(1) for match in map(_ACTIVE.match, said) if match]
    if len(states) != 1:
        return "unknown"
    return "ok" if states[0] in _LIVE else "failed"


def _curl(command: SimpleCommand, part: Step, said: list[str]) -> Outcome:
    """Judge a silent curl: it hides its errors, and what it fetched may be empty."""
    if part.hides_output:
        return "unknown"
    short = [word for word in command.argv[1:] if re.fullmatch(r"-[a-zA-Z#]+", word)]
    silent = any("s" in word and "S" not in word for word in short) and not any(
        "S" in word for word in short
    )
    if not silent and "--silent" not in command.argv:
        return "unknown"
    return "ok" if said and not set("".join(said)) <= set("0 \n") else "unknown"


def _exit(command: SimpleCommand, part: Step, said: list[str]) -> Outcome:
    del part, said
    status = command.argv[1] if len(command.argv) > 1 else ""
    return "unknown" if not status.isdigit() else "failed" if int(status) % 256 else "ok"


_Special = Callable[[SimpleCommand, Step, list[str]], Outcome]
"""Judges a program by its arguments, what its pipeline does with its output, and what was said."""

_SPECIAL: dict[str, _Special] = {
    "systemctl": _systemctl,
    "service": _systemctl,
    "curl": _curl,
    "exit": _exit,
}
