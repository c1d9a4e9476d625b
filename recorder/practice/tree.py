"""The file tree of the sandbox: what is bound from the machine, what is made, who may write it.

Used inside the sandbox's first process, before and after it leaves the machine's tree. Only the
standard library may be imported; nothing here starts processes.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recorder.practice import kernel

FILM = "var/lib/film"
PASSWORD = "CHANGE_ME!"  # noqa: S105 (the exercise's published password, not a secret of anybody's)
SYSTEM_DIRECTORIES = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32")
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
# Settings of real programs that the sandbox borrows: linker, alternatives, editors, manuals.
BORROWED = (
    "alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "vim", "nanorc", "inputrc",
    "terminfo", "manpath.config", "bash_completion", "bash_completion.d", "mime.types", "magic",
    "services", "protocols", "rpc", "shells", "login.defs", "skel", "ethertypes",
)  # fmt: skip
OWN_BY_CANDIDATE = ("home/candidate",)
OPEN_TO_ALL = ("tmp", "var/tmp", "dev/shm")
EMPTY = (
    "proc", "sys", "tmp", "run", "run/lock", "root", "home", "var/tmp", "var/cache", "var/log",
    "var/spool", "var/lib", "var/mail", "srv", "opt", "mnt", "media", "boot", "dev/shm", "dev/pts",
    "home/candidate", "var/lib/film/packages", "var/lib/film/machine/bin",
    "var/lib/film/machine/sbin", "run/film", "run/sshd", "var/cache/apt/archives",
    "etc/ssh/sshd_config.d", "etc/apt/sources.list.d", "etc/cron.d", "etc/systemd/system",
    "var/log/apache2", "usr",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FilmFile:
    """One file of the film set: its place below the root, its bytes, whether it is a program."""

    place: str
    content: bytes
    program: bool


def load_film(directory: Path) -> list[FilmFile]:
    """Read the film set into memory, while its directory can still be seen."""
    return [
        FilmFile(
            place=path.relative_to(directory).as_posix(),
            content=path.read_bytes(),
            program=path.relative_to(directory).parts[0] in ("bin", "sbin"),
        )
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.name.endswith("~")
    ]


def open_plain(path: Path, flags: int) -> int:
    """Open a file of the sandbox's, and nothing else: a pipe in its place would hold up its opener.

    Raises:
        OSError: There is none, or it is no file.

    """
    extra = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    descriptor = os.open(path, flags | extra, 0o644)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, f"{path} is no file")
    return descriptor


def bind_machine(root: Path) -> None:
    """Show the machine's programs and libraries, read-only, and a minimal /dev."""
    for name in SYSTEM_DIRECTORIES:
        origin = Path("/", name)
        if origin.is_symlink():
            (root / name).symlink_to(origin.readlink())
        elif origin.is_dir():
            (root / name).mkdir(exist_ok=True)
            kernel.bind_read_only(str(origin), str(root / name))
    if Path("/usr/local").is_dir():
        kernel.mount("tmpfs", str(root / "usr/local"), "tmpfs", kernel.MS_NODEV, "size=256m")
        for name in ("bin", "sbin", "lib", "share", "etc"):
            (root / "usr/local" / name).mkdir()
    for name in DEVICES:
        (root / "dev" / name).touch()
        kernel.mount(f"/dev/{name}", str(root / "dev" / name), None, kernel.MS_BIND)
    kernel.mount("devpts", str(root / "dev/pts"), "devpts", 0, "newinstance,ptmxmode=0666,mode=620")
    for name, goal in {
        "ptmx": "pts/ptmx", "fd": "/proc/self/fd", "stdin": "/proc/self/fd/0",
        "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2",
    }.items():  # fmt: skip
        (root / "dev" / name).symlink_to(goal)


def borrow_settings(root: Path) -> None:
    """Copy the settings that the machine's programs need; what cannot be read is left out."""
    for name in BORROWED:
        origin, copy = Path("/etc", name), root / "etc" / name
        if copy.exists():
            continue
        with contextlib.suppress(OSError, shutil.Error):
            if origin.is_dir():
                shutil.copytree(origin, copy, symlinks=True)
            elif origin.is_file():
                shutil.copyfile(origin, copy)


def lay_out(root: Path, film: list[FilmFile]) -> None:
    """Make the empty directories and put the film set in its places."""
    for name in EMPTY:
        (root / name).mkdir(parents=True, exist_ok=True)
    for file in film:
        place = root / (f"{FILM}/{file.place}" if file.program else file.place)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content)
        if file.program:
            place.chmod(0o755)
    salt = secrets.token_hex(8)
    digest = hashlib.sha256((salt + PASSWORD).encode()).hexdigest()
    shadow = root / "etc/shadow"
    shadow.write_text(
        f"root:!:18375:0:99999:7:::\ncandidate:$film${salt}${digest}:18375:0:99999:7:::\n"
    )
    run_directory = root / "var/run"
    if not run_directory.exists():
        run_directory.symlink_to("../run")


def stamp_logs(root: Path) -> None:
    """Date the first lines of the logs: the server came up when the machine did."""
    stat_lines = Path("/proc/stat").read_text().splitlines()
    up = next((int(line.split()[1]) for line in stat_lines if line.startswith("btime ")), 0)
    marks = {"@BOOT@": "%b %e %H:%M:%S", "@BOOTLONG@": "%a %b %d %H:%M:%S.102938 %Y"}
    for path in (p for p in (root / "var/log").rglob("*") if p.is_file()):
        text = path.read_text()
        for mark, form in marks.items():
            text = text.replace(mark, time.strftime(form, time.gmtime(up)))
        path.write_text(text)
    for name in ("run/utmp", "var/log/wtmp", "var/log/btmp"):
        (root / name).touch()


def keep_machine_in_reach(root: Path) -> None:
    """Show the machine's programs a second time: a stand-in may add to the one that it hides.

    To be called last: what is mounted here has rights of its own.
    """
    for kind in ("bin", "sbin"):
        kernel.bind_read_only(f"/usr/{kind}", str(root / FILM / "machine" / kind))


def set_rights(root: Path) -> None:
    """Take the write bits from all that takes sudo to change.

    One kernel user owns every file, the candidate and their sudo alike; only root's
    CAP_DAC_OVERRIDE tells them apart, and it needs modes that forbid the owner. The group's write
    bit gives nobody anything, but without any vi takes a file for read-only, for root as well.
    """
    for name in ("etc", "home", "root", "var", "run", "srv", "opt", "mnt", "media", "boot"):
        for path in _all_in(root / name):
            program = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o555 if program else 0o464)
    for name in OWN_BY_CANDIDATE:
        for path in _all_in(root / name):
            path.chmod(0o755 if path.is_dir() else 0o644)
    for directory in (root, root / "dev", *_all_in(root / "usr/local")):
        directory.chmod(0o555)
    for name in OPEN_TO_ALL:
        (root / name).chmod(0o1777)
    (root / "root").chmod(0)
    (root / "etc/shadow").chmod(0)


def _all_in(top: Path) -> Iterator[Path]:
    yield from (p for p in (top, *sorted(top.rglob("*"))) if p.exists() and not p.is_symlink())


def put_film_on_path(root: Path) -> None:
    """Lay the film set over the machine's programs; without overlayfs, before them on PATH."""
    for kind in ("bin", "sbin"):
        upper, lower = root / FILM / kind, root / "usr" / kind
        try:
            kernel.mount(
                "overlay",
                str(lower),
                "overlay",
                kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV,
                f"lowerdir={upper}:{lower}",
            )
        except OSError:
            for program in upper.iterdir():
                shutil.copy(program, root / "usr/local" / kind / program.name)
