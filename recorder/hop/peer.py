"""Tells which user of this machine holds the other end of a loopback connection.

The practice port trusts only the user who started it; a loopback address alone does not say who
called. Reads ``/proc/net/tcp`` and ``/proc/net/tcp6`` (proc_pid_net(5)); no SSH, no policy in here.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_IPV4_DIGITS = 8
_IPV6_DIGITS = 32
_UID_FIELD = 7
# A socket that no process holds any more is listed as root's, whoever had it (TCP states of
# include/net/tcp_states.h: TIME_WAIT, NEW_SYN_RECV, SYN_RECV).
_OWNERLESS_STATES = frozenset({0x03, 0x06, 0x0C})

Endpoint = tuple[ipaddress.IPv6Address, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketEntry:
    """One line of the table: a socket by its two ends, and the uid that made it."""

    local: Endpoint
    peer: Endpoint
    uid: int


def parse_socket_table(text: str) -> Iterator[SocketEntry]:
    """Read the lines of ``/proc/net/tcp`` or ``tcp6``; what is not an owned socket is passed over.

    Addresses are hexadecimal 32-bit words in the machine's byte order, ports hexadecimal numbers.
    """
    for line in text.splitlines():
        fields = line.split()
        try:
            state, uid = int(fields[3], 16), int(fields[_UID_FIELD])
            local, peer = _endpoint(fields[1]), _endpoint(fields[2])
        except (IndexError, ValueError):
            continue  # the heading, or a line torn by a change while it was read
        if state not in _OWNERLESS_STATES:
            yield SocketEntry(local=local, peer=peer, uid=uid)


def loopback_peer_uid(local: tuple[str, int], peer: tuple[str, int]) -> int | None:
    """Return the uid that owns the client's end of a connection accepted on a loopback address.

    Args:
        local: Our end, as ``getsockname()`` gives its first two items.
        peer: The client's end, as ``getpeername()`` gives its first two items.

    Returns:
        The uid, or None when it cannot be told: not loopback, or no such socket here.

    """
    try:
        ours, theirs = normal_address(local[0]), normal_address(peer[0])
    except ValueError:
        return None
    if not (_is_loopback(ours) and _is_loopback(theirs)):
        return None
    # From the client's side of the table our ends are swapped.
    wanted = ((theirs, peer[1]), (ours, local[1]))
    for table in _TABLES:
        try:
            text = table.read_text()
        except OSError:
            continue  # a kernel without IPv6 has no tcp6
        for entry in parse_socket_table(text):
            if (entry.local, entry.peer) == wanted:
                return entry.uid
    return None


def normal_address(text: str) -> ipaddress.IPv6Address:
    """Return an address as IPv6, an IPv4 one v4-mapped (RFC 4291, 2.5.5.2), without its zone.

    Raises:
        ValueError: It is no address.

    """
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv4Address):
        return ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)
    return address


def _is_loopback(address: ipaddress.IPv6Address) -> bool:
    return (address.ipv4_mapped or address).is_loopback


def _endpoint(field: str) -> Endpoint:
    digits, _, port = field.partition(":")
    if len(digits) not in (_IPV4_DIGITS, _IPV6_DIGITS):
        raise ValueError(field)
    words = bytes.fromhex(digits)
    if sys.byteorder == "little":
        words = b"".join(words[i : i + 4][::-1] for i in range(0, len(words), 4))
    return normal_address(str(ipaddress.ip_address(words))), int(port, 16)
