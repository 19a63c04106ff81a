"""[options] of a contract: a list of codes, or a table of values, by number or name."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any, Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.routes import StaticRoute
from edgeboot.spec.contract.option_terms import OptionTerms
from tests.unit.spec.test_contract import contract

ROUTES: Final = ["10.99.0.0/24 via 192.168.99.10", "0.0.0.0/0 via 192.168.99.1"]
ADDRESSES: Final = ["192.168.99.1", "192.168.99.2"]


def terms(**options: Any) -> OptionTerms:
    """A table of options."""
    return OptionTerms.model_validate(options)


def test_list_of_codes_is_short_for_what_is_allowed() -> None:
    """As before there were values."""
    assert contract(options=[1, 3]).options == terms(allowed=[1, 3])


@pytest.mark.parametrize("name", ["6", "dns-server", "domain-name-server"])
def test_option_is_stated_by_number_or_name(name: str) -> None:
    """RFC's names and dnsmasq's are the same option."""
    [stated] = terms(**{name: ADDRESSES}).stated_for("windows")
    assert (stated.code, stated.value) == (6, (IPv4Address("192.168.99.1"), IPv4Address("192.168.99.2")))
    assert str(stated) == "option domain-name-server (6)"


@pytest.mark.parametrize(
    "received,same",
    [
        ("01 04 00 00 00 02 02 04 00 00 00 01", True),
        ("02 04 00 00 00 01 01 04 00 00 00 02 ff", True),
        ("02 04 00 00 00 01 00 01 04 00 00 00 02 00", True),
        ("02 04 00 00 00 01 ff 01 04 00 00 00 02 ff", True),
        ("02 04 00 00 00 01", False),
        ("01 04 00 00 00 02 02 09 00", False),
    ],
)
def test_sub_options_have_no_order(received: str, same: bool) -> None:
    """RFC 2132 section 8.4: an end marker and padding say nothing either; a length beyond the end does."""
    [stated] = terms(**{"43": "hex:01 04 00 00 00 02 02 04 00 00 00 01"}).stated_for("windows")
    options = Options((DhcpOption(43, bytes.fromhex(received)),))
    assert (stated.received(options) == stated.value) == same


@pytest.mark.parametrize(
    "name,stated,data",
    [
        ("dns-server", ADDRESSES, bytes([192, 168, 99, 1, 192, 168, 99, 2])),
        ("ntp-server", "192.168.99.1", bytes([192, 168, 99, 1])),
        ("domain-name", "edge.example.org", b"edge.example.org"),
        ("domain-name", "edge.example.org", b"edge.example.org\0"),
        ("mtu", 1450, b"\x05\xaa"),
        ("netbios-nodetype", 8, b"\x08"),
        ("domain-search", ["edge.example.org", "example.org"], b"\4edge\7example\3org\0\xc0\5"),
        ("classless-static-route", ROUTES, bytes([24, 10, 99, 0, 192, 168, 99, 10, 0, 192, 168, 99, 1])),
        ("249", ROUTES, bytes([0, 192, 168, 99, 1, 24, 10, 99, 0, 192, 168, 99, 10])),
        ("static-route", ["10.99.0.7 via 192.168.99.10"], bytes([10, 99, 0, 7, 192, 168, 99, 10])),
        ("43", "hex:06 01 08", b"\6\1\x08"),
        ("6", "hex:c0:a8:63:01", bytes([192, 168, 99, 1])),
        ("252", "http://192.168.99.40/wpad.dat", b"http://192.168.99.40/wpad.dat"),
        ("224", "a text", b"a text"),
        ("224", 7, b"\0\7"),
        ("224", ["10.0.0.1"], b"\x0a\0\0\1"),
    ],
    ids=str,
)
def test_value_is_compared_as_its_kind(name: str, stated: Any, data: bytes) -> None:
    """However the octets say it: compressed names, routes in another order, a NUL at the end."""
    [option] = terms(**{name: stated}).stated_for("windows")
    assert option.received(Options((DhcpOption(option.code, data),))) == option.value


def test_long_value_is_joined_from_its_options() -> None:
    """RFC 3396: a search list or a list of routes may be split anywhere."""
    [option] = terms(**{"121": ROUTES}).stated_for("windows")
    data = bytes([24, 10, 99, 0, 192, 168, 99, 10, 0, 192, 168, 99, 1])
    split = Options((DhcpOption(121, data[:5]), DhcpOption(121, data[5:])))
    assert option.received(split) == option.value
    assert StaticRoute.parse(ROUTES[1]).is_default


@pytest.mark.parametrize("data", [b"\1\2\3", b""])
def test_data_of_another_kind_is_received_as_octets(data: bytes) -> None:
    """Three octets are no address."""
    [option] = terms(**{"6": ADDRESSES}).stated_for("windows")
    assert option.received(Options((DhcpOption(6, data),))) == data
    assert option.received(Options()) is None


def test_option_for_one_client_is_withheld_from_others() -> None:
    """A value for one client goes before that for all."""
    stated = terms(allowed=[1], mtu=1450, **{"for": {"windows": {"wpad": "http://a/b", "26": 1400}}})
    assert [each.value for each in stated.stated_for("windows")] == [1400, "http://a/b"]
    assert [each.value for each in stated.stated_for("dhclient")] == [1450]
    assert stated.withheld_from("dhclient") == {252}
    assert not stated.withheld_from("windows")
    assert stated.codes == {1, 26, 252}
    assert stated.codes_for("dhclient") == {1, 26}


@pytest.mark.parametrize(
    "options,problem",
    [
        ({"dns": "1.2.3.4"}, "no option is called 'dns'; write its number, or a name such as dns-server"),
        ({"255": "x"}, "no option is called '255'"),
        ({"6": ["name"]}, r"domain-name-server \(6\) has addresses, as in .*, found \['name'\]"),
        ({"mtu": 65536}, r"interface-mtu \(26\) has a number below 2\^16, or hex:…, found 65536"),
        ({"121": ["10.0.0.0/8"]}, r"classless-static-route \(121\) has routes, as in"),
        ({"121": ["10.0.0.1/8 via 10.0.0.2"]}, r"classless-static-route \(121\) has routes, as in"),
        ({"6": "1.2.3.4", "dns-server": "1.2.3.4"}, r"domain-name-server \(6\) is stated twice"),
        ({"router": ["1.2.3.4"]}, r"router \(3\) is stated by the term routers"),
        ({"53": 2}, r"dhcp-message-type \(53\) belongs to the protocol"),
        ({"for": {"nobody": {"6": "1.2.3.4"}}}, "for: no client is called 'nobody'"),
        ("1", "is no list of codes and no table, found '1'"),
    ],
    ids=str,
)
def test_value_that_no_reply_could_carry_is_refused(options: Any, problem: str) -> None:
    """The error names field, option, form and what was found."""
    with pytest.raises(UsageError, match=f"field options: {problem}"):
        contract(options=options)
