"""Who may knock: what an address is, and what each gate says to whoever comes from it."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import AddressError, UsageError
from recorder.gates import (
    AddressGate,
    OwnUserGate,
    kind_of,
    parse_network,
    refuse_implausible,
    show_network,
)

HERE = ("192.0.2.1", 2222)
addresses = st.ip_addresses()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("8.8.8.8", "public"),
        ("2a01:4f8::1", "public"),
        ("127.0.0.1", "loopback"),
        ("127.8.8.8", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("10.0.0.7", "private"),
        ("172.16.0.1", "private"),
        ("172.32.0.1", "public"),
        ("192.168.178.20", "private"),
        ("192.168.0.0/16", "private"),
        ("192.168.0.0/15", "public"),
        ("fd12:3456::1", "private"),
        ("169.254.1.1", "link-local"),
        ("fe80::1", "link-local"),
        ("100.64.0.9", "shared"),
        ("203.0.113.9", "documentation"),
        ("2001:db8::7", "documentation"),
        ("0.0.0.0/32", "unspecified"),
        ("::", "unspecified"),
        ("0.0.0.0/0", "everybody"),
        ("::/0", "everybody"),
        ("128.0.0.0/1", "everybody"),
        ("224.0.0.1", "multicast"),
        ("255.255.255.255", "reserved"),
    ],
)
def test_what_an_address_is(text: str, kind: str) -> None:
    network = parse_network(text)
    assert kind_of(network) == kind
    if kind == "public":
        refuse_implausible(network, kind)
        return
    with pytest.raises(AddressError, match=r"was not admitted: it ") as caught:
        refuse_implausible(network, kind)
    assert show_network(network) in caught.value.cause
    assert "--force" in caught.value.remedy


@given(text=st.text(max_size=40) | addresses.map(str) | st.from_regex(r"[0-9a-f.:/]{0,30}"))
def test_any_text_is_a_network_or_wrong_usage(text: str) -> None:
    with suppress(UsageError):
        kind_of(parse_network(text))


@given(address=addresses)
def test_an_address_is_written_as_it_was_given(address: ipaddress.IPv4Address) -> None:
    network = parse_network(str(address))
    assert network.num_addresses == 1
    mapped = getattr(address, "ipv4_mapped", None)
    assert show_network(network) == str(mapped or address)


@given(named=addresses, caller=addresses)
def test_only_named_addresses_get_in(named: ipaddress.IPv4Address, caller: object) -> None:
    gate = AddressGate()
    assert gate.kind == "named"
    assert gate.refusal(HERE, (str(caller), 50000)) == "address"
    gate.admit(parse_network(str(named)))
    assert gate.refusal(HERE, (str(named), 50000)) is None
    if caller != named and getattr(caller, "ipv4_mapped", caller) != named:
        assert gate.refusal(HERE, (str(caller), 50000)) == "address"


@pytest.mark.parametrize("peer", ["::ffff:198.51.100.7", "198.51.100.7"])
def test_an_ipv4_address_counts_also_where_it_comes_over_ipv6(peer: str) -> None:
    gate = AddressGate()
    gate.admit(parse_network("198.51.100.0/29"))
    assert gate.refusal(HERE, (peer, 1)) is None
    assert gate.refusal(HERE, ("198.51.100.8", 1)) == "address"
    assert gate.refusal(HERE, ("?", 0)) == "address"


def test_a_link_local_caller_counts_without_its_zone() -> None:
    gate = AddressGate()
    gate.admit(parse_network("fe80::7"))
    assert gate.refusal(HERE, ("fe80::7%eth0", 1)) is None


def test_an_open_gate_closes_to_others_with_the_first_name() -> None:
    gate = AddressGate(open=True)
    assert gate.kind == "everybody"
    assert gate.refusal(HERE, ("9.9.9.9", 1)) is None
    gate.admit(parse_network("8.8.8.8"))
    assert gate.kind == "named"
    assert gate.refusal(HERE, ("9.9.9.9", 1)) == "address"


def test_the_practice_gate_goes_by_user_and_takes_no_names() -> None:
    gate = OwnUserGate()
    assert gate.refusal(("127.0.0.1", 1), ("203.0.113.9", 1)) == "user"
    with pytest.raises(AddressError, match="user of this machine"):
        gate.admit(parse_network("8.8.8.8"))
