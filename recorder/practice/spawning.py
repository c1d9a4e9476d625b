"""Starts one process of the candidate's in the sandbox: session, terminal, environment, rights.

Called by the sandbox's first process only; the standard library and ``bounds`` may be imported.
"""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import sys
import termios
from pathlib import Path
from typing import Any

from recorder.practice import bounds

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games"
UNMAPPED_OWNER = 65534

# Opcodes of RFC 4254, section 8, and RFC 8160, as (index in the termios list, bit or character).
_CHARACTERS = {
    1: termios.VINTR, 2: termios.VQUIT, 3: termios.VERASE, 4: termios.VKILL, 5: termios.VEOF,
    6: termios.VEOL, 7: termios.VEOL2, 8: termios.VSTART, 9: termios.VSTOP, 10: termios.VSUSP,
    12: termios.VREPRINT, 13: termios.VWERASE, 14: termios.VLNEXT, 18: termios.VDISCARD,
}  # fmt: skip
_FLAGS = {
    30: (0, termios.IGNPAR), 31: (0, termios.PARMRK), 32: (0, termios.INPCK),
    33: (0, termios.ISTRIP), 34: (0, termios.INLCR), 35: (0, termios.IGNCR), 36: (0, termios.ICRNL),
    38: (0, termios.IXON), 39: (0, termios.IXANY), 40: (0, termios.IXOFF), 41: (0, termios.IMAXBEL),
    42: (0, 0o40000), 50: (3, termios.ISIG), 51: (3, termios.ICANON), 53: (3, termios.ECHO),
    54: (3, termios.ECHOE), 55: (3, termios.ECHOK), 56: (3, termios.ECHONL),
    57: (3, termios.NOFLSH), 58: (3, termios.TOSTOP), 59: (3, termios.IEXTEN),
    60: (3, termios.ECHOCTL), 61: (3, termios.ECHOKE), 70: (1, termios.OPOST),
    72: (1, termios.ONLCR), 73: (1, termios.OCRNL), 74: (1, termios.ONOCR),
    75: (1, termios.ONLRET),
}  # fmt: skip


def spawn(request: dict[str, Any], root: Path) -> tuple[int, list[int]]:
    """Start a process.

    Returns:
        Its pid, and the host's descriptors: the terminal's master, or the ends of stdin, stdout
        and stderr.

    Raises:
        OSError: No terminal, no pipe or no process is to be had.

    """
    if request["terminal"] is not None:
        return _on_terminal(request, root)
    return _on_pipes(request, root)


def _on_terminal(request: dict[str, Any], root: Path) -> tuple[int, list[int]]:
    master, slave = os.openpty()
    try:
        apply_modes(slave, {int(k): v for k, v in request["terminal"]["modes"].items()})
        columns, lines, width, height = request["terminal"]["size"]
        size = struct.pack(
            "HHHH", lines & 0xFFFF, columns & 0xFFFF, width & 0xFFFF, height & 0xFFFF
        )
        fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
        pid = os.fork()
    except OSError:
        os.close(master)
        raise
    finally:
        if sys.exc_info()[0] is not None:
            os.close(slave)
    if pid == 0:
        _become(request, root, (slave, slave, slave), terminal=slave)
    os.close(slave)
    return pid, [master]


def _on_pipes(request: dict[str, Any], root: Path) -> tuple[int, list[int]]:
    pairs = [os.pipe2(os.O_CLOEXEC) for _ in range(3)]
    theirs = (pairs[0][0], pairs[1][1], pairs[2][1])
    ours = [pairs[0][1], pairs[1][0], pairs[2][0]]
    try:
        pid = os.fork()
        if pid == 0:
            _become(request, root, theirs, terminal=None)
    except OSError:
        for descriptor in ours:
            os.close(descriptor)
        raise
    finally:
        for descriptor in theirs:
            os.close(descriptor)
    return pid, ours


def apply_modes(terminal: int, modes: dict[int, int]) -> None:
    """Set what the client asked for of its terminal; unknown opcodes are passed over."""
    attributes = termios.tcgetattr(terminal)
    for opcode, value in modes.items():
        if opcode in _CHARACTERS:
            disabled = b"\0" if value == 255 else bytes([value & 0xFF])  # noqa: PLR2004 (RFC 4254)
            attributes[6][_CHARACTERS[opcode]] = disabled
        elif opcode in _FLAGS:
            index, bit = _FLAGS[opcode]
            attributes[index] = attributes[index] | bit if value else attributes[index] & ~bit
    termios.tcsetattr(terminal, termios.TCSANOW, attributes)


def _become(
    request: dict[str, Any], root: Path, stdio: tuple[int, int, int], terminal: int | None
) -> None:
    """Turn the fresh child into the program; never returns."""
    try:
        _forget_signals()
        bounds.leave_reserve()
        os.setsid()
        if terminal is not None:
            fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        for goal, descriptor in enumerate(stdio):
            os.dup2(descriptor, goal)
        os.closerange(3, 256)
        environment = _environment(request, root)
        os.umask(0o022)
        os.chdir(environment["HOME"])
        if request["greeting"]:
            os.write(1, request["greeting"].encode())
        argv = request["argv"]
        os.execve(request["program"], argv, environment)  # noqa: S606 (our own argument list)
    except BaseException as error:  # noqa: BLE001 (a forked child must not return into the loop)
        os.write(2, f"practice: {error}\n".encode())
    finally:
        os._exit(255)


def _forget_signals() -> None:
    """Give every signal its default: who started the host may have ignored or blocked any."""
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _environment(request: dict[str, Any], root: Path) -> dict[str, str]:
    user = request["user"]
    home = "/root" if user == "root" else f"/home/{user}"
    base = {"USER": user, "LOGNAME": user, "SHELL": "/bin/bash", "PATH": PATH, "HOME": home}
    if root != Path("/"):
        film = root / "var/lib/film"
        base["FILM_ROOT"] = str(root)
        base["HOME"] = str(root / "home/candidate")
        base["PATH"] = f"{film}/bin:{film}/sbin:{PATH}"
    else:
        base["MAIL"] = f"/var/mail/{user}"
    return {**request["environment"], **base}
