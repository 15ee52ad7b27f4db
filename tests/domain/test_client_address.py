"""Where a request comes from: an IPv4 address, the network of an IPv6 address."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.client_address import UNKNOWN, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:0DB8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", UNKNOWN),
        (None, UNKNOWN),
        ("192.0.2.7, 203.0.113.1", UNKNOWN),
        ("nonsense", UNKNOWN),
    ],
)
def test_an_address_counts_as_its_network(address, network):
    assert network_of(address) == network


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_whoever_changes_the_lower_half_of_an_ipv6_address_is_still_the_same(address, lower):
    other = ipaddress.IPv6Address(int(address) >> 64 << 64 | lower)
    mapped = address.ipv4_mapped or other.ipv4_mapped
    assert mapped or network_of(str(address)) == network_of(str(other))
    assert len(network_of(str(address))) <= 45
