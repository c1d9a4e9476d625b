"""Programs that carry a command along and stay themselves: ssh, docker exec, find -exec.

Part of `analyzer.shell`, like `analyzer.wrappers`; but what stands in front counts as a command of
its own here, and the command may run on another host or in a container. Nothing is judged.
"""

from __future__ import annotations

from dataclasses import dataclass

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_SSH_VALUED = frozenset("bcDEeFIiJLlmOopQRSWwB")
_EXECS = frozenset({"-exec", "-execdir", "-ok", "-okdir"})
_MOST_EXECS = 8
_CONTAINERS = frozenset({"docker", "podman", "nerdctl", "docker-compose", "kubectl", "lxc", "oc"})
_VERBS = frozenset({"exec", "run", "shell"})
_TREES = frozenset({"-D", "--directory"})
_TREE_VALUED = _TREES | {"-M", "--machine", "-u", "--user"}
_VALUED = frozenset(
    [
        "-e",
        "--env",
        "--env-file",
        "-u",
        "--user",
        "-w",
        "--workdir",
        "--detach-keys",
        "--index",
        "-c",
        "--container",
        "-n",
        "--namespace",
        "-H",
        "--host",
        "--context",
        "--config",
        "-v",
        "--volume",
        "-p",
        "--publish",
        "--name",
        "--network",
        "--net",
        "-h",
        "--hostname",
        "--entrypoint",
        "-m",
        "--memory",
        "--restart",
        "--mount",
        "-l",
        "--label",
        "--cpus",
        "--link",
        "--add-host",
        "--dns",
        "--volumes-from",
        "--platform",
        "--pull",
        "--log-driver",
        "--log-opt",
        "--shm-size",
        "--ulimit",
        "--device",
        "--cap-add",
        "--cap-drop",
        "--security-opt",
        "--tmpfs",
        "--expose",
        "--cwd",
        "--group",
        "-f",
        "--file",
        "--project-name",
        "--kubeconfig",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A command that another one runs: words, or a script in the shell's language.

    ``elsewhere`` names the host or container, None where it is this machine.
    """

    argv: tuple[str, ...] = ()
    script: str | None = None
    elsewhere: str | None = None
    run_as: str | None = None


def carried(argv: tuple[str, ...]) -> list[Carried]:
    """Return the commands that the words of a command name for another to run."""
    name = argv[0].rsplit("/", 1)[-1]
    if name == "ssh":
        return _over_ssh(argv)
    if name == "find":
        return _for_files(argv)
    if name in _CONTAINERS:
        return _in_container(argv)
    if name in {"chroot", "systemd-nspawn"}:
        return _in_tree(argv)
    return []


def _over_ssh(argv: tuple[str, ...]) -> list[Carried]:
    host = user = None
    position = 1
    while position < len(argv):
        word = argv[position]
        if word == "--":
            pass
        elif word.startswith("-") and len(word) > 1:
            taken = next((n for n, each in enumerate(word[1:], 1) if each in _SSH_VALUED), None)
            if taken is not None:
                attached = word[taken + 1 :]
                following = argv[position + 1 : position + 2]
                if word[taken] == "l":
                    user = attached or "".join(following) or None
                position += not attached
        elif host is None:
            host = word
        else:
            break
        position += 1
    if host is None or position >= len(argv):
        return []
    named, _, bare = host.removeprefix("ssh://").rpartition("@")
    return [
        Carried(
            script=" ".join(argv[position:]),
            elsewhere=None if bare in _HERE else bare,
            run_as=named or user,
        )
    ]


def _for_files(argv: tuple[str, ...]) -> list[Carried]:
    found: list[Carried] = []
    position = 1
    while position < len(argv) and len(found) < _MOST_EXECS:
        if argv[position] not in _EXECS:
            position += 1
            continue
        end = position + 1
        while end < len(argv) and argv[end] not in {";", "+"}:
            end += 1
        if end > position + 1:
            found.append(Carried(argv=argv[position + 1 : end]))
        position = end
    return found


def _in_container(argv: tuple[str, ...]) -> list[Carried]:
    verb = next((n for n, word in enumerate(argv) if n and word in _VERBS), None)
    if verb is None:
        return []
    to_dashes = argv[0].endswith(("kubectl", "oc"))
    given, where, rest = _target(argv[verb + 1 :], _VALUED, to_dashes=to_dashes)
    user = given.get("-u") or given.get("--user")
    return [Carried(argv=rest, elsewhere=where, run_as=user)] if where and rest else []


def _in_tree(argv: tuple[str, ...]) -> list[Carried]:
    _, where, rest = _target(argv[1:], _TREE_VALUED, places=_TREES)
    return [Carried(argv=rest, elsewhere=where)] if where and rest else []


def _target(
    words: tuple[str, ...],
    valued: frozenset[str],
    *,
    places: frozenset[str] = frozenset(),
    to_dashes: bool = False,
) -> tuple[dict[str, str], str | None, tuple[str, ...]]:
    """Return the options that take a value, where it runs, and what.

    Where is the first word that is no option, or the value of one of ``places``; with
    ``to_dashes`` what runs stands behind ``--`` if there is one.
    """
    given: dict[str, str] = {}
    where: str | None = None
    position = 0
    while position < len(words):
        word = words[position]
        if word == "--" and where is not None:
            position += 1
            break
        if word.startswith("-") and len(word) > 1:
            if word in valued and words[position + 1 :]:
                position += 1
                given[word] = words[position]
                where = words[position] if word in places else where
        elif where is None:
            where = word
        elif not (to_dashes and "--" in words[position:]):
            break
        position += 1
    return given, where, words[position:]
