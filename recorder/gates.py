"""Who may knock at a session: everybody, named addresses, or the user of this machine alone.

Decides from addresses alone, before a packet of SSH is read. Nothing is recorded or sent here.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from typing import Literal, Protocol

from recorder.errors import AddressError, UsageError
from recorder.hop.peer import loopback_peer_uid
from recorder.recording.journal import AddressKind

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Endpoint = tuple[str, int]
GateKind = Literal["everybody", "named", "own-user"]
Refusal = Literal["address", "user", "startups"]

_WIDEST = {4: 8, 6: 16}
"""Bits of a network below which it is no candidate's, by version."""

_KINDS: tuple[tuple[AddressKind, str], ...] = (
    ("unspecified", "0.0.0.0/32"),
    ("unspecified", "::/128"),
    ("loopback", "127.0.0.0/8"),
    ("loopback", "::1/128"),
    ("private", "10.0.0.0/8"),
    ("private", "172.16.0.0/12"),
    ("private", "192.168.0.0/16"),
    ("private", "fc00::/7"),
    ("link-local", "169.254.0.0/16"),
    ("link-local", "fe80::/10"),
    ("shared", "100.64.0.0/10"),
    ("documentation", "192.0.2.0/24"),
    ("documentation", "198.51.100.0/24"),
    ("documentation", "203.0.113.0/24"),
    ("documentation", "2001:db8::/32"),
    ("multicast", "224.0.0.0/4"),
    ("multicast", "ff00::/8"),
    ("reserved", "0.0.0.0/8"),
    ("reserved", "240.0.0.0/4"),
)
"""IANA's special-purpose address registries (RFC 6890), the more special first."""

_NETWORKS = tuple((kind, ipaddress.ip_network(text)) for kind, text in _KINDS)

_WHY: dict[AddressKind, str] = {
    "loopback": "is a machine's name for itself: nobody else can call from it",
    "private": "is private: it counts inside the candidate's own network alone, and what calls here"
    " across the internet is another address",
    "link-local": "counts on one cable or wireless network alone",
    "shared": "is one that a provider uses between itself and its customers, and many have it",
    "unspecified": "is no machine's address",
    "multicast": "is no single machine's address",
    "documentation": "is set aside for examples: no machine has it",
    "reserved": "is reserved: no machine on the internet has it",
    "everybody": "lets in far more than one candidate",
}
_REMEDY = "ask for the address that a page such as an IP look-up shows them, or insist with --force"


def parse_network(text: str) -> Network:
    """Read an address, or a network as ADDR/BITS; one of IPv6 that carries IPv4 becomes that.

    Raises:
        UsageError: It is neither.

    """
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise UsageError(
            f"not an address: {text!r}", "write one such as 198.51.100.7, or a network with /BITS"
        ) from error
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    prefix = network.prefixlen - 96
    if mapped is not None and prefix >= 0:
        return ipaddress.IPv4Network((mapped, prefix), strict=False)
    return network


def kind_of(network: Network) -> AddressKind:
    """Return what a network is, by what all of its addresses are."""
    if network.prefixlen < _WIDEST[network.version]:
        return "everybody"
    for kind, special in _NETWORKS:
        if special.version == network.version and network.subnet_of(special):  # type: ignore[arg-type]  # the versions are the same
            return kind
    return "public"


def refuse_implausible(network: Network, kind: AddressKind) -> None:
    """Refuse an address that cannot be a candidate's.

    Raises:
        AddressError: It cannot; the message explains why.

    """
    if kind != "public":
        shown = show_network(network)
        raise AddressError(f"{shown} was not admitted: it {_WHY[kind]}", _REMEDY)


def show_network(network: Network) -> str:
    """Write a network, one of a single address without its bits."""
    single = network.prefixlen == network.max_prefixlen
    return str(network.network_address if single else network)


class Gate(Protocol):
    """Decides about a TCP connection, from both of its ends."""

    @property
    def kind(self) -> GateKind:
        """Who may knock."""

    def refusal(self, local: Endpoint, peer: Endpoint) -> Refusal | None:
        """Return why whoever is at ``peer`` may not knock, None where they may."""

    def admit(self, network: Network) -> None:
        """Let a network in.

        Raises:
            AddressError: This gate does not go by addresses.

        """


@dataclass(slots=True)
class AddressGate:
    """Lets in the networks that were named; ``open`` lets everybody in until the first is."""

    open: bool = False
    networks: list[Network] = field(default_factory=list)

    @property
    def kind(self) -> GateKind:
        """Everybody, or those named."""
        return "everybody" if self.open else "named"

    def refusal(self, local: Endpoint, peer: Endpoint) -> Refusal | None:  # noqa: ARG002 - of the protocol
        """Compare the peer's address; see `Gate.refusal`."""
        if self.open:
            return None
        try:
            address = _address(peer[0])
        except ValueError:
            return "address"
        return None if any(address in network for network in self.networks) else "address"

    def admit(self, network: Network) -> None:
        """Let a network in; from now on only those that were named."""
        self.open = False
        if network not in self.networks:
            self.networks.append(network)


class OwnUserGate:
    """Lets in the user of this machine whose process this is, over loopback."""

    kind: GateKind = "own-user"

    def refusal(self, local: Endpoint, peer: Endpoint) -> Refusal | None:
        """Ask the kernel whose socket the other end is; see `Gate.refusal`."""
        return None if loopback_peer_uid(local, peer) == os.getuid() else "user"

    def admit(self, network: Network) -> None:
        """Refuse to let anybody else in."""
        raise AddressError(
            f"{show_network(network)} was not admitted: the practice server is for the user of this"
            " machine who started it",
            "log in from this machine",
        )


def _address(text: str) -> Address:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
