"""Programs that run other programs: sudo, env, nohup, time, timeout, sh -c and the like.

Part of `analyzer.shell`: takes an argv and returns the one that it runs in the end. A wrapper that
runs nothing (``sudo -l``, ``command -v``) is left as it is.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field, replace

ROOT = "root"
_LIMIT = 12
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash", "rbash"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """What a wrapper runs: an argv, or a script in the shell's language."""

    argv: tuple[str, ...]
    assignments: tuple[tuple[str, str], ...] = ()
    wrappers: tuple[str, ...] = ()
    run_as: str | None = None
    script: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wrapper:
    """How a wrapper's command line is read.

    ``valued`` options take the next word, ``plain`` ones run nothing, ``skip`` counts operands
    before the program; ``user`` are the options that name a user, ``default`` the user without.
    """

    valued: frozenset[str] = frozenset()
    inert: frozenset[str] = frozenset()
    skip: int = 0
    assigns: bool = False
    user: frozenset[str] = frozenset()
    default: str | None = None
    joined: bool = False
    """Whether the words are joined and read by a shell, as watch and eval do."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WRAPPERS: dict[str, _Wrapper] = {
    "sudo": _Wrapper(
        valued=_set(
            "-u --user -g --group -h --host -p --prompt -C --close-from -r --role -t --type -T"
            " --command-timeout -U --other-user -D --chdir -R --chroot"
        ),
        inert=_set("-l --list -v --validate -K --remove-timestamp -V --version -e --edit"),
        assigns=True,
        user=_set("-u --user"),
        default=ROOT,
    ),
    "doas": _Wrapper(
        valued=_set("-u -C"), inert=_set("-L"), user=_set("-u"), default=ROOT, assigns=True
    ),
    "runuser": _Wrapper(
        valued=_set("-u --user -g -G"), user=_set("-u --user"), inert=_set("-c --command -l -")
    ),
    "env": _Wrapper(valued=_set("-u --unset -C --chdir -S --split-string"), assigns=True),
    "nohup": _Wrapper(),
    "setsid": _Wrapper(),
    "time": _Wrapper(valued=_set("-f --format -o --output")),
    "command": _Wrapper(inert=_set("-v -V")),
    "builtin": _Wrapper(),
    "exec": _Wrapper(valued=_set("-a")),
    "nice": _Wrapper(valued=_set("-n --adjustment")),
    "ionice": _Wrapper(valued=_set("-c --class -n --classdata"), inert=_set("-p --pid")),
    "timeout": _Wrapper(valued=_set("-s --signal -k --kill-after"), skip=1),
    "pkexec": _Wrapper(valued=_set("-u --user"), user=_set("-u --user"), default=ROOT),
    "busybox": _Wrapper(inert=_set("--list --help")),
    "sshpass": _Wrapper(valued=_set("-p -f -d -P")),
    "flock": _Wrapper(valued=_set("-w --timeout -E --conflict-exit-code"), skip=1),
    "chrt": _Wrapper(valued=_set("-T -P -D"), inert=_set("-p --pid"), skip=1),
    "taskset": _Wrapper(inert=_set("-p --pid"), skip=1),
    "setpriv": _Wrapper(valued=_set("--reuid --regid --groups")),
    "systemd-run": _Wrapper(
        valued=_set("-u --unit -p --property --uid --gid --nice -E --setenv -H --host -M --machine")
    ),
    "systemd-inhibit": _Wrapper(),
    "chronic": _Wrapper(),
    "stdbuf": _Wrapper(valued=_set("-i --input -o --output -e --error")),
    "unbuffer": _Wrapper(),
    "strace": _Wrapper(valued=_set("-e -o -s -p -u -P -E"), inert=_set("-p")),
    "xargs": _Wrapper(
        valued=_set("-n -P -I -L -d -E -s -a --max-args --max-procs --replace --delimiter")
    ),
    "watch": _Wrapper(valued=_set("-n --interval"), joined=True),
    "eval": _Wrapper(joined=True),
}


@dataclass(slots=True)
class _Read:
    """A wrapper's command line, taken apart."""

    options: dict[str, str | None] = field(default_factory=dict)
    assignments: list[tuple[str, str]] = field(default_factory=list)
    rest: tuple[str, ...] = ()


def unwrap(argv: tuple[str, ...]) -> Inner:
    """Return what ``argv`` runs in the end."""
    current = Inner(argv=argv)
    for _ in range(_LIMIT):
        step = _step(current.argv)
        if step is None:
            break
        current = replace(
            step,
            assignments=(*current.assignments, *step.assignments),
            wrappers=(*current.wrappers, *step.wrappers),
            run_as=step.run_as or current.run_as,
        )
        if current.script is not None:
            break
    return current


def _step(argv: tuple[str, ...]) -> Inner | None:
    """Remove one wrapper; None where there is none."""
    name = argv[0].rsplit("/", 1)[-1]
    special: Callable[[str, tuple[str, ...]], Inner | None] | None = None
    if name in _SHELLS:
        special = _shell
    elif name in {"su", "runuser"}:
        special = _su
    if special and (found := special(name, argv)):
        return found
    wrapper = _WRAPPERS.get(name)
    if wrapper is None:
        return None
    read = _read(argv[1:], wrapper)
    if read.options.keys() & wrapper.inert:
        return None
    rest = read.rest[wrapper.skip :]
    split = read.options.get("-S") or read.options.get("--split-string")
    if name == "env" and split:
        rest = (*_split(split), *rest)
    if not rest:
        return None
    user = next((read.options[key] for key in read.options if key in wrapper.user), None)
    return Inner(
        argv=rest,
        assignments=tuple(read.assignments),
        wrappers=(name,),
        run_as=user or wrapper.default,
        script=" ".join(rest) if wrapper.joined else None,
    )


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _read(words: tuple[str, ...], wrapper: _Wrapper) -> _Read:
    read = _Read()
    position = 0
    while position < len(words):
        each = words[position]
        assignment = _ASSIGNMENT.fullmatch(each) if wrapper.assigns else None
        if each == "--":
            position += 1
            break
        if assignment:
            read.assignments.append((assignment.group(1), assignment.group(2)))
        elif each.startswith("-") and len(each) > 1:
            position += _option(read, words, position, wrapper)
        else:
            break
        position += 1
    read.rest = words[position:]
    return read


def _option(read: _Read, words: tuple[str, ...], position: int, wrapper: _Wrapper) -> int:
    """Read the option at ``position``; return how many words its value takes."""
    each = words[position]
    following = words[position + 1] if position + 1 < len(words) else None
    if each.startswith("--"):
        name, equals, value = each.partition("=")
        taken = not equals and name in wrapper.valued
        read.options[name] = following if taken else (value if equals else None)
        return int(taken)
    for index, letter in enumerate(each[1:], start=1):
        name = f"-{letter}"
        if name in wrapper.valued:
            attached = each[index + 1 :]
            read.options[name] = attached or following
            return int(not attached)
        read.options[name] = None
    return 0


def _shell(name: str, argv: tuple[str, ...]) -> Inner | None:
    """Read ``bash -c SCRIPT``; None for a shell that is opened or runs a file."""
    position = 1
    command = False
    while position < len(argv) and argv[position].startswith(("-", "+")):
        each = argv[position]
        if each in {"-o", "+o", "-O", "+O", "--rcfile", "--init-file"}:
            position += 1
        elif not each.startswith("--") and "c" in each:
            command = True
        position += 1
    if not command or position >= len(argv):
        return None
    return Inner(argv=argv, wrappers=(name,), script=argv[position])


def _su(name: str, argv: tuple[str, ...]) -> Inner | None:
    """Read ``su [-] [USER] -c SCRIPT``; None where it opens a shell."""
    user: str | None = None
    script: str | None = None
    words = iter(argv[1:])
    for each in words:
        if each in {"-c", "--command", "--session-command"}:
            script = next(words, None)
        elif each.startswith("--command="):
            script = each.partition("=")[2]
        elif each.startswith("-") and not each.startswith("--") and each.endswith("c"):
            script = next(words, None)
        elif each in {"-s", "--shell", "-g", "-G", "-w"}:
            next(words, None)
        elif not each.startswith("-") and user is None:
            user = each
    if script is None:
        return None
    return Inner(argv=argv, wrappers=(name,), run_as=user or ROOT, script=script)
