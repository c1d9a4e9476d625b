"""The file system of the lab's target: Debian 11 by debootstrap, and what the exercise has.

It is made once and kept in a cache, under a name that changes with the packages and with this file.
Nothing in it knows Jumpseat. How it is booted is not the concern of this module.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import textwrap
from pathlib import Path

PACKAGES = (
    "systemd", "systemd-sysv", "dbus", "libpam-systemd",
    "openssh-server", "sudo", "apache2", "curl",
    "procps", "iproute2", "iptables", "vim-tiny", "less", "tmux", "passwd",
)  # fmt: skip

SUITE = "bullseye"
"""Out of support, as the exercise wants its server."""

USER = "candidate"
PASSWORD = "CHANGE_ME!"

UPGRADABLE = "marketing-fonts"
"""A package installed as 1.0, of which the target's own apt repository has 2.0."""

_KEEP_UP = "<!-- I must stay up. Ask Marketing before you touch me. -->"


def cache_directory() -> Path:
    """Return where trees are kept: ``$XDG_CACHE_HOME/jumpseat-tests``, else below /var/cache."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return Path(base if base.startswith("/") else "/var/cache") / "jumpseat-tests"


def prepared_tree() -> Path:
    """Return the tree, made on the first call on a machine: about a minute, and a mirror is needed.

    Raises:
        subprocess.CalledProcessError: debootstrap or a step after it failed.

    """
    recipe = Path(__file__).read_bytes() + repr(PACKAGES).encode()
    tree = cache_directory() / f"{SUITE}-{hashlib.sha256(recipe).hexdigest()[:16]}"
    tree.parent.mkdir(parents=True, exist_ok=True)
    with (tree.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not tree.exists():
            draft = tree.with_suffix(".part")
            shutil.rmtree(draft, ignore_errors=True)
            _debootstrap(draft)
            _furnish(draft)
            draft.rename(tree)
    return tree


def mirror() -> list[str]:
    """Return the Debian mirror that this machine's own package sources name, as an argument.

    Without one debootstrap takes its own.
    """
    places = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    for place in places:
        text = place.read_text() if place.is_file() else ""
        found = re.search(
            r"^(?:deb (?:\[.*\] )?|URIs:\s*)(\S+/debian/?)(?:\s|$)", text, re.MULTILINE
        )
        if found:
            return [found[1]]
    return []


def _debootstrap(tree: Path) -> None:
    _run(
        "debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, str(tree),
        *mirror(),
    )  # fmt: skip


def _furnish(tree: Path) -> None:
    (tree / "etc/hostname").write_text("web01\n")
    (tree / "etc/hosts").write_text("127.0.0.1 localhost\n127.0.1.1 web01\n")
    (tree / "etc/default/locale").write_text("LANG=C.UTF-8\n")
    (tree / "var/www/html/index.html").write_text(
        f"<html><body><h1>Our autumn campaign</h1>{_KEEP_UP}</body></html>\n"
    )
    _run("chroot", str(tree), "useradd", "-m", "-s", "/bin/bash", "-G", "sudo", USER)
    _run("chroot", str(tree), "chpasswd", words=f"{USER}:{PASSWORD}\n")
    for timer in ("apt-daily.timer", "apt-daily-upgrade.timer"):
        # They would hold apt's lock at some moment of their own choosing.
        (tree / "etc/systemd/system" / timer).symlink_to("/dev/null")
    _add_repository(tree)


def _add_repository(tree: Path) -> None:
    """Give the target an apt repository of its own, so that an upgrade needs no network."""
    repository = tree / "srv/repository"
    repository.mkdir()
    _build_package(repository, "1.0")
    newer = _build_package(repository, "2.0")
    _run("chroot", str(tree), "dpkg", "-i", f"/srv/repository/{UPGRADABLE}_1.0_all.deb")
    data = newer.read_bytes()
    fields = subprocess.run(
        ["dpkg-deb", "--field", str(newer)], check=True, capture_output=True, text=True
    ).stdout
    (repository / "Packages").write_text(
        f"{fields}Filename: ./{newer.name}\nSize: {len(data)}\n"
        f"SHA256: {hashlib.sha256(data).hexdigest()}\n"
    )
    (tree / "etc/apt/sources.list").write_text("deb [trusted=yes] file:/srv/repository ./\n")
    _run("chroot", str(tree), "apt-get", "-qq", "update")


def _build_package(place: Path, version: str) -> Path:
    work = place / "work"
    control = work / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    control.write_text(
        textwrap.dedent(f"""\
            Package: {UPGRADABLE}
            Version: {version}
            Architecture: all
            Maintainer: Nobody <nobody@localhost>
            Description: stands in for a package that has an upgrade
            """)
    )
    content = work / "usr/share/doc" / UPGRADABLE / "README"
    content.parent.mkdir(parents=True)
    content.write_text(f"Version {version}.\n")
    package = place / f"{UPGRADABLE}_{version}_all.deb"
    _run("dpkg-deb", "--root-owner-group", "--build", str(work), str(package))
    shutil.rmtree(work)
    return package


def _run(*command: str, words: str | None = None) -> None:
    environment = {name: value for name, value in os.environ.items() if name.endswith("_proxy")}
    environment |= {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
    environment |= {"DEBIAN_FRONTEND": "noninteractive", "HOME": "/root"}
    subprocess.run(
        command, input=words, check=True, capture_output=True, text=True, env=environment,
    )  # fmt: skip
