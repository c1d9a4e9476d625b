"""The sandbox's first process: builds the tree, starts shells, reaps, ends with the host.

Run as ``python -I -S -c ...`` with one end of a SEQPACKET socket pair as its only tie to the host
process; when that end closes, however the host ended, this process ends, and with it, as pid 1, all
that runs in the sandbox. The messages are JSON, their shapes are in ``sandbox.py``. Only the
standard library and ``bounds``, ``kernel``, ``presence``, ``spawning``, ``tree`` may be imported:
it may start as root.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import selectors
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from recorder.practice import bounds, kernel, presence, spawning, tree

CANDIDATE_UID = 1000
HOSTNAME = "web01"
ADDRESS = "10.20.0.11"
SSH_PORT = 22
STAGE = "/tmp"  # noqa: S108 (a mount point in our own namespace, nothing is written to the machine's)
READ_LIMIT = 65536
_ALL_NAMESPACES = (
    kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS | kernel.CLONE_NEWPID | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWUTS | kernel.CLONE_NEWIPC
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run: ``control-fd film-directory confined|unconfined uid-or-prefix``."""
    control = socket.socket(fileno=int(arguments[0]))
    control.set_inheritable(False)
    film = tree.load_film(Path(arguments[1]))
    # A blocked SIGCHLD would never wake the loop; who started the host may have blocked any.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    try:
        if arguments[2] == "confined":
            return _confined(control, film, int(arguments[3]))
        return _unconfined(control, film, Path(arguments[3]))
    except Exception as error:  # noqa: BLE001 (the outermost: the host shows what it was)
        with contextlib.suppress(OSError):
            control.send(json.dumps({"event": "failed", "error": str(error)}).encode())
        return 1


def _confined(control: socket.socket, film: list[tree.FilmFile], drop_to: int) -> int:
    bounds.bound_resources()
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(drop_to, drop_to, drop_to)
        os.setresuid(drop_to, drop_to, drop_to)
    uid, gid = os.getuid(), os.getgid()
    kernel.forbid_new_privileges()
    kernel.allow_own_proc()
    uncounted = bounds.uncounted_tasks(own_namespace=True)
    kernel.unshare(_ALL_NAMESPACES)
    kernel.allow_own_proc()
    kernel.map_one_user(0, uid, gid)
    child = os.fork()
    if child:
        control.close()
        kernel.die_with_parent(signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF
    listener = _build(film)
    bounds.bound_tasks(uncounted)
    kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS)
    kernel.allow_own_proc()
    kernel.map_one_user(CANDIDATE_UID, 0, 0)
    # Last: a change of credentials takes this back. Who died before is seen as a closed socket.
    kernel.die_with_parent(signal.SIGKILL)
    kernel.rename_process("systemd", "/sbin/init")
    Init(control, Path("/"), listener).run()
    os._exit(0)


def _build(film: list[tree.FilmFile]) -> socket.socket:
    """Make the world that is seen inside; returns the socket on which its sshd listens."""
    os.umask(0o022)
    kernel.set_hostname(HOSTNAME)
    kernel.raise_loopback()
    kernel.add_loopback_address(ADDRESS)
    # Bound here: after the next change of namespaces nobody may have a port below 1024.
    listener = socket.create_server(("", SSH_PORT))
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    flags = kernel.MS_NOSUID | kernel.MS_NODEV
    kernel.mount("tmpfs", STAGE, "tmpfs", flags, "size=512m,nr_inodes=200k,mode=755")
    root = Path(STAGE)
    tree.lay_out(root, film)
    tree.borrow_settings(root)
    tree.stamp_logs(root)
    kernel.mount("proc", str(root / "proc"), "proc", flags | kernel.MS_NOEXEC)
    tree.bind_machine(root)
    tree.put_film_on_path(root)
    tree.set_rights(root)
    tree.keep_machine_in_reach(root)
    os.chdir(root)
    kernel.pivot_root_here()
    return listener


def _unconfined(control: socket.socket, film: list[tree.FilmFile], prefix: Path) -> int:
    os.umask(0o022)
    bounds.bound_resources()
    bounds.bound_tasks(bounds.uncounted_tasks(own_namespace=False))
    tree.lay_out(prefix, film)
    tree.stamp_logs(prefix)
    try:
        Init(control, prefix).run()
    finally:
        shutil.rmtree(prefix, ignore_errors=True)
    return 0


class Init:
    """The loop: requests from the host, children that end, who knocks at the SSH port inside."""

    def __init__(
        self, control: socket.socket, root: Path, listener: socket.socket | None = None
    ) -> None:
        self._control = control
        self._root = root
        self._listener = listener
        self._present = presence.Presence(root)
        self._children: set[int] = set()

    def run(self) -> None:
        """Serve until the host is gone; then end what was started."""
        wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        selector = selectors.DefaultSelector()
        selector.register(self._control, selectors.EVENT_READ)
        selector.register(wake_read, selectors.EVENT_READ)
        if self._listener is not None:
            selector.register(self._listener, selectors.EVENT_READ)
        self._send({"event": "ready"})
        while True:
            for key, _ in selector.select():
                if key.fileobj == wake_read:
                    os.read(wake_read, 4096)
                elif key.fileobj == self._listener:
                    self._hand_over()
                elif not self._serve_one():
                    self._end_children()
                    return
            self._reap()

    def _hand_over(self) -> None:
        """Give a connection that was made inside to the host, whose SSH server it is."""
        assert self._listener is not None  # noqa: S101 (only then is it in the selector)
        with contextlib.suppress(OSError), self._listener.accept()[0] as knocking:
            self._send({"event": "knock"}, [knocking.fileno()])

    def _serve_one(self) -> bool:
        try:
            message = self._control.recv(262144)
        except ConnectionError:
            return False
        if not message:
            return False
        request: dict[str, Any] = json.loads(message)
        try:
            reply, descriptors = self._answer(request)
        except OSError as error:
            reply, descriptors = {"error": str(error)}, []
        try:
            self._send({"id": request["id"], **reply}, descriptors)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        return True

    def _answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
        match request["op"]:
            case "spawn":
                pid, descriptors = spawning.spawn(request, self._root)
                self._children.add(pid)
                if request["terminal"] is not None:
                    self._present.came(pid, request["user"], descriptors[0])
                return {"pid": pid}, descriptors
            case "read":
                path = self._root / request["path"].lstrip("/")
                with os.fdopen(tree.open_plain(path, os.O_RDONLY), "rb") as file:
                    content = file.read(READ_LIMIT)
                return {"content": base64.b64encode(content).decode()}, []
            case "append":
                path = self._root / request["path"].lstrip("/")
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
                with os.fdopen(tree.open_plain(path, flags), "a") as file:
                    file.write(request["text"])
                return {}, []
            case "signal":
                os.killpg(request["pid"], request["number"])
                return {}, []
        raise OSError(f"unknown request {request['op']}")

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self._children:
                self._children.discard(pid)
                self._present.went(pid)
                self._send({"event": "exit", "pid": pid, "status": status})

    def _end_children(self) -> None:
        for pid in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    def _send(self, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
        with contextlib.suppress(ConnectionError):
            socket.send_fds(self._control, [json.dumps(message).encode()], descriptors or [])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
