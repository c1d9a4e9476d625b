"""The file system on which sessions are played: the lab's, with what people use on a server.

The lab's tree is copied, gets more programs, and a log of what bash and zsh really ran that no
screen shows. Packages that a session installs lie in the target's own repository, so that no played
session needs a network. How it is booted and what is played on it is not known here.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from pathlib import Path

from tests.end_to_end.lab.image import SUITE, cache_directory, mirror, prepared_tree

LOG = "/var/log/played.tsv"
"""Where shells log inside the target; the shape is that of the folder's bash.tsv."""

INSTALLED = (
    "vim", "nano", "mc", "screen", "zsh", "man-db", "bash-completion", "lsb-release", "htop",
    "locales", "openssh-client", "python3-minimal", "git", "lsof", "file", "psmisc", "rsync",
    "net-tools", "iputils-ping", "ncurses-term", "debconf-utils", "wget", "ca-certificates", "tree",
    "jq",
)  # fmt: skip
"""On the server before anybody logs in."""

OFFERED = (
    "nodejs", "npm", "mariadb-server", "sqlite3", "nginx-light", "apache2-utils", "ufw", "python3",
    "tig", "ncdu",
)  # fmt: skip
"""To be had by apt on the server."""

_BASH = r"""
# What ran, for who compares; the screen does not show it.
__played() {
  local status=$? entry
  entry=$(HISTTIMEFORMAT= builtin history 1)
  if [[ -n ${__played_last+x} && $entry != "$__played_last" ]]; then
    local text=${entry#"${entry%%[![:space:]]*}"}
    text=${text#"${text%%[!0-9*]*}"}
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$EPOCHREALTIME" "$BASHPID" "${USER:-$(id -un)}" "$status" \
      "$PWD" "$(printf %s "${text#  }" | base64 -w0)" >>LOG
  fi
  __played_last=$entry
}
PROMPT_COMMAND=__played
""".replace("LOG", LOG)

_ZSH = r"""
# What ran, for who compares; the screen does not show it.
zmodload zsh/datetime
__played_begin() { __played_text=$1 }
__played_end() {
  local ended=$?
  if [[ -n $__played_text ]]; then
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$EPOCHREALTIME" "$$" "$USERNAME" "$ended" \
      "$PWD" "$(print -rn -- "$__played_text" | base64 -w0)" >>LOG
  fi
  unset __played_text
}
preexec_functions+=(__played_begin)
precmd_functions=(__played_end $precmd_functions)
""".replace("LOG", LOG)


def played_tree() -> Path:
    """Return the tree, made on the first call on a machine: some minutes, and a mirror is needed.

    Raises:
        subprocess.CalledProcessError: A step failed.

    """
    base = prepared_tree()
    recipe = Path(__file__).read_bytes() + base.name.encode()
    tree = cache_directory() / f"played-{hashlib.sha256(recipe).hexdigest()[:16]}"
    with (tree.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not tree.exists():
            draft = tree.with_suffix(".part")
            _run("rm", "-rf", str(draft))
            _run("cp", "-a", "--reflink=auto", str(base), str(draft))
            _install(draft)
            _offer(draft)
            _furnish(draft)
            draft.rename(tree)
    return tree


def _install(tree: Path) -> None:
    """Install from this machine's mirror, whose name is gone from the tree afterwards."""
    sources = tree / "etc/apt/sources.list"
    own = sources.read_text()
    place = next(iter(mirror()), "http://deb.debian.org/debian")
    sources.write_text(f"deb {place} {SUITE} main\n{own}")
    late = tree / "etc/apt/apt.conf.d/99played"
    late.write_text('Acquire::Check-Valid-Until "false";\n')
    _run("chroot", str(tree), "apt-get", "-qq", "update")
    quiet = ("-qq", "-y", "--no-install-recommends")
    _run("chroot", str(tree), "apt-get", "install", *quiet, *INSTALLED, "dpkg-dev")
    _run("chroot", str(tree), "apt-get", "install", *quiet, "--download-only", *OFFERED)
    sources.write_text(own)
    late.unlink()


def _offer(tree: Path) -> None:
    """Put what was fetched and not installed into the target's own repository."""
    script = (
        "mv /var/cache/apt/archives/*.deb /srv/repository/ && cd /srv/repository && "
        "rm -f marketing-fonts_1.0_all.deb && dpkg-scanpackages -m . >Packages 2>/dev/null && "
        "rm -rf /var/lib/apt/lists/* && apt-get -qq update"
    )
    _run("chroot", str(tree), "sh", "-c", script)


def _furnish(tree: Path) -> None:
    with (tree / "etc/bash.bashrc").open("a") as file:
        file.write(_BASH)
    with (tree / "etc/zsh/zshrc").open("a") as file:
        file.write(_ZSH)
    log = tree / LOG.lstrip("/")
    log.touch()
    log.chmod(0o666)
    (tree / "etc/locale.gen").write_text("de_DE.UTF-8 UTF-8\nen_US.UTF-8 UTF-8\n")
    _run("chroot", str(tree), "locale-gen")


def _run(*command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name.endswith("_proxy")}
    environment |= {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
    environment |= {"DEBIAN_FRONTEND": "noninteractive", "HOME": "/root"}
    subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
