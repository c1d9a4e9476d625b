"""The system calls that make a sandbox, and that Python 3.11 does not offer.

Thin: one function a call, OSError with its name when it fails. Only the standard library may be
imported here, and nothing here may know what the sandbox is for.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import socket
import struct
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_NOATIME = 1024
MS_NODIRATIME = 2048
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
MS_RELATIME = 1 << 21
MNT_DETACH = 2

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NAME = 15
_PR_SET_NO_NEW_PRIVS = 38
_SIOCSIFFLAGS = 0x8914
_SIOCSIFADDR = 0x8916
_IFF_UP_RUNNING = 0x41

_OCTAL = re.compile(r"\\([0-7]{3})")

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Move this process into new namespaces (unshare(2))."""
    _call("unshare", ctypes.c_int(flags))


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """Mount, bind or remount (mount(2))."""
    try:
        _call(
            "mount",
            source.encode(),
            target.encode(),
            kind.encode() if kind else None,
            ctypes.c_ulong(flags),
            data.encode() if data else None,
        )
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror} ({source} on {target})") from None


def pivot_root_here() -> None:
    """Make the working directory the root and let go of the old one (pivot_root(2), its notes)."""
    _call("pivot_root", b".", b".")
    _call("umount2", b".", ctypes.c_int(MNT_DETACH))
    os.chdir("/")


def set_hostname(name: str) -> None:
    """Name this UTS namespace."""
    _call("sethostname", name.encode(), ctypes.c_size_t(len(name)))


def prctl(option: int, value: int | bytes) -> None:
    """Set one property of this process, as ``man 2 prctl`` lists them."""
    argument = value if isinstance(value, bytes) else ctypes.c_ulong(value)
    _call("prctl", ctypes.c_int(option), argument, *(ctypes.c_ulong(0) for _ in range(3)))


def forbid_new_privileges() -> None:
    """Set-uid programs and file capabilities count for nothing from here on."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def allow_own_proc() -> None:
    """Make /proc/self ours again after the uid changed: the maps are written there."""
    prctl(_PR_SET_DUMPABLE, 1)


def die_with_parent(signal_number: int) -> None:
    """Be sent this signal when the parent ends, however it ends."""
    prctl(_PR_SET_PDEATHSIG, signal_number)


def map_one_user(inside: int, outside_uid: int, outside_gid: int) -> None:
    """Write the maps of a fresh user namespace: one user, one group (user_namespaces(7))."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{inside} {outside_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{inside} {outside_gid} 1")


def raise_loopback() -> None:
    """Bring up ``lo``, the only interface of a fresh network namespace."""
    request = struct.pack("16sH14x", b"lo", _IFF_UP_RUNNING)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        fcntl.ioctl(probe, _SIOCSIFFLAGS, request)


def add_loopback_address(address: str) -> None:
    """Give ``lo`` a second IPv4 address, as the alias ``lo:0`` (netdevice(7))."""
    request = struct.pack("16sHH4s8x", b"lo:0", socket.AF_INET, 0, socket.inet_aton(address))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        fcntl.ioctl(probe, _SIOCSIFADDR, request)


def bind_read_only(source: str, target: str) -> None:
    """Show a directory of the machine, with all that is mounted below it, read-only."""
    mount(source, target, None, MS_BIND | MS_REC)
    for below in mounts_below(target):
        mount("none", below, None, MS_REMOUNT | MS_BIND | MS_RDONLY | _locked_flags(below))


def mounts_below(target: str) -> list[str]:
    """Return the mount points at and below a directory, outermost first (proc_pid_mountinfo(5))."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    # No codec here: its module would be looked up in a library that may be out of reach by now.
    points = {_OCTAL.sub(lambda m: chr(int(m[1], 8)), line.split()[4]) for line in lines}
    return sorted(p for p in points if p == target or p.startswith(target + "/"))


def _locked_flags(target: str) -> int:
    """Return the flags that a remount from a user namespace must repeat (mount_namespaces(7))."""
    present = os.statvfs(target).f_flag
    flags = MS_NOSUID | MS_NODEV
    flags |= present & (MS_NOEXEC | MS_NOATIME | MS_NODIRATIME)
    relatime = 4096  # ST_RELATIME of statvfs(3), another number than mount's
    return flags | (MS_RELATIME if present & relatime else 0)


def rename_process(name: str, command_line: str) -> None:
    """Show another name in ``ps``: the candidate's server has an init, not a Python.

    Overwrites the argument area whose place /proc/self/stat gives (fields 48 and 49, proc(5)).
    """
    prctl(_PR_SET_NAME, name.encode()[:15])
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = int(fields[45]), int(fields[46])
    if start and end > start:
        size = end - start
        ctypes.memmove(start, command_line.encode()[: size - 1].ljust(size, b"\0"), size)
