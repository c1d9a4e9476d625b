"""Tells whose "connection refused" it was: the server's, or a firewall's before it.

The kernel keeps the ICMP message behind a failed connect for whoever asks in time (ip(7),
IP_RECVERR; for TCP since Linux 5.8). Where it does not, nothing is claimed.
"""

from __future__ import annotations

import contextlib
import socket
import struct

# linux/in.h, linux/in6.h, linux/errqueue.h: the ICMP message behind a failed connect.
_IP_RECVERR = 11
_IPV6_RECVERR = 25
_ERROR_QUEUE = 0x2000  # MSG_ERRQUEUE
_ROOM = 512
_EXTENDED_ERROR = struct.Struct("=IBBBBII")
_ORIGIN_ICMP, _ORIGIN_ICMP6 = 2, 3
# RFC 792 and RFC 1812, codes of "destination unreachable"; RFC 4443 for ICMPv6. A stopped server
# answers by a reset of TCP: that a port is "unreachable" is what firewalls say in its place.
_FIREWALL_CODES = {_ORIGIN_ICMP: {3, 9, 10, 13}, _ORIGIN_ICMP6: {1, 4, 5, 6}}


class FirewallError(OSError):
    """A firewall refused the connection in the server's place."""


def watch_for_firewall(sock: socket.socket) -> None:
    """Have the kernel keep the ICMP message behind a connect that fails (ip(7), IP_RECVERR)."""
    _set_watch(sock, 1)


def stop_watching(sock: socket.socket) -> None:
    """Stop that: on a connection that stands, passing errors would be taken for its end."""
    _set_watch(sock, 0)


def _set_watch(sock: socket.socket, value: int) -> None:
    with contextlib.suppress(OSError):
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, value)
        else:
            sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, value)


def refused_by_firewall(sock: socket.socket) -> bool:
    """Tell whether a connect failed because a firewall refused it, and not the server."""
    try:
        _, ancillary, _, _ = sock.recvmsg(0, _ROOM, _ERROR_QUEUE | socket.MSG_DONTWAIT)
    except OSError:
        return False
    for _, _, data in ancillary:
        if len(data) >= _EXTENDED_ERROR.size:
            _, origin, _, code, *_ = _EXTENDED_ERROR.unpack_from(data)
            if code in _FIREWALL_CODES.get(origin, ()):
                return True
    return False
