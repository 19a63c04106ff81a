"""Comparing a reply with the contract: field, both values, sender and the likely cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.firmware import Boot, BootRequest, NoBoot
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.exchange import Reply
from edgeboot.report.check import Check, deviations
from edgeboot.report.client_check import wrong_boot
from edgeboot.report.findings import Finding, Sender
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.deployment import load_deployment
from tests.unit.samples import (
    ADDRESSES,
    CONTRACT,
    SERVER,
    exchange,
    message,
    promised,
    reply,
)

CONFIG: Final = load_deployment("poc").config
CHECK: Final = Check(CONTRACT, CONFIG)
NAME: Final = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=60)


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    """Any contract a server could keep."""
    first, last = sorted((draw(ADDRESSES), draw(ADDRESSES)))
    times = sorted(draw(st.sets(st.integers(0, 2**32 - 1), min_size=3, max_size=3)))
    names = ("renewal_time", "rebinding_time", "lease_time")
    terms: dict[str, Any] = {name: timedelta(seconds=time) for name, time in zip(names, times, strict=True)}
    terms |= {name: draw(ADDRESSES) for name in ("broadcast_address", "server_identifier")}
    terms["netmask"] = draw(st.integers(1, 32).map(lambda length: IPv4Network((0, length)).netmask))
    terms["minimum_lease_time"] = timedelta(seconds=times[0])
    terms |= {"next_server": draw(ADDRESSES.filter(int)), "routers": draw(st.lists(ADDRESSES, max_size=3))}
    terms |= {"pool": {"first": first, "last": last}, "server_name": draw(NAME), "bootfile": draw(NAME)}
    return Contract.model_validate(CONTRACT.model_dump() | terms)


def changed(sent: DhcpMessage, *options: tuple[Code, bytes]) -> DhcpMessage:
    """The message with other data in these options."""
    data: dict[int, bytes] = dict(options)
    kept = [DhcpOption(each.code, data[each.code]) if each.code in data else each for each in sent.options]
    return replace(sent, options=Options(tuple(kept)))


@given(contracts())
def test_reply_that_keeps_the_contract_deviates_in_nothing(contract: Contract) -> None:
    """A server that fulfils the contract, with any terms, has no deviation."""
    assert deviations(reply(promised(contract)), contract, CONFIG) == ()


@pytest.mark.parametrize(
    "code,data,field,received",
    [
        (Code.SUBNET_MASK, b"\xff\xff\0\0", "netmask", IPv4Address("255.255.0.0")),
        (Code.BROADCAST_ADDRESS, b"\x0a\0\0\xff", "broadcast_address", IPv4Address("10.0.0.255")),
        (Code.ROUTER, b"\x0a\0\0\x01", "routers", (IPv4Address("10.0.0.1"),)),
        (Code.IP_ADDRESS_LEASE_TIME, b"\0\0\x0e\x10", "lease_time", timedelta(hours=1)),
        (Code.RENEWAL_TIME, b"\0\0\x0e\x10", "renewal_time", timedelta(hours=1)),
        (Code.REBINDING_TIME, b"", "rebinding_time", None),
        (Code.SERVER_IDENTIFIER, b"\x0a\0\0\x01", "server_identifier", IPv4Address("10.0.0.1")),
        (Code.TFTP_SERVER_NAME, b"elsewhere", "server_name", "elsewhere"),
        (Code.BOOTFILE_NAME, b"other.efi\0", "bootfile", "other.efi"),
    ],
)
def test_option_that_differs_is_the_only_deviation(
    code: Code, data: bytes, field: str, received: object
) -> None:
    """One wrong option is one deviation, with both values."""
    [finding] = deviations(reply(changed(promised(CONTRACT), (code, data))), CONTRACT, CONFIG)
    assert (finding.field, finding.received) == (field, received)
    assert finding.expected == getattr(CONTRACT, field)


def test_address_outside_the_pool_is_a_deviation() -> None:
    """The one line has field, both values and the sender; a range that has no such address is no cause."""
    stray = replace(promised(CONTRACT), yiaddr=IPv4Address("192.168.99.201"))
    [finding] = deviations(reply(stray), CONTRACT, CONFIG)
    assert str(finding) == (
        "address: expected 192.168.99.100-192.168.99.200, received 192.168.99.201 "
        "from 192.168.99.10 (52:54:00:12:34:56)"
    )


def test_option_the_contract_does_not_know_is_a_deviation() -> None:
    """Only the additional options are named."""
    kept = promised(CONTRACT)
    more = replace(kept, options=Options((*kept.options, DhcpOption(43, b"x"), DhcpOption(224, b"y"))))
    [finding] = deviations(reply(more), CONTRACT, CONFIG)
    assert "not in the contract: vendor-specific (43), unknown (224) from" in str(finding)


def test_refusal_is_not_compared_with_a_lease() -> None:
    """A DHCPNAK carries neither address nor netmask (RFC 2131 table 3)."""
    server = option(Code.SERVER_IDENTIFIER, CONTRACT.server_identifier)
    nak = message(option(Code.DHCP_MESSAGE_TYPE, b"\x06"), server, yiaddr=UNSPECIFIED)
    assert deviations(reply(nak), CONTRACT, CONFIG) == ()


def test_answer_to_an_inform_is_not_compared_with_a_lease() -> None:
    """It has options, and no address and no time (RFC 2131 section 4.3.5)."""
    times = {Code.IP_ADDRESS_LEASE_TIME, Code.RENEWAL_TIME, Code.REBINDING_TIME}
    sent = promised(CONTRACT)
    kept = Options(tuple(each for each in sent.options if each.code not in times))
    answer = reply(replace(sent, yiaddr=UNSPECIFIED, options=kept))
    inform = message(option(Code.DHCP_MESSAGE_TYPE, b"\x08"))
    assert deviations(replace(answer, request=inform), CONTRACT, CONFIG) == ()


def test_client_that_boots_something_else_is_explained_in_one_line() -> None:
    """Who, what, against what, and answered by whom; the line that names another file is no cause."""
    client = CLIENTS["edk2-pxe-x86-64"]
    answer = exchange(reply(promised(CONTRACT)))
    finding = wrong_boot(client, Boot("tftp://192.168.99.40/a.efi"), answer, CONTRACT, CONFIG)
    assert str(finding).startswith(
        "edk2-pxe-x86-64 would boot tftp://192.168.99.40/a.efi; "
        "the contract says tftp://192.168.99.40/signed_ipxe.efi; "
        "answered by 192.168.99.10 (52:54:00:12:34:56)"
    )
    assert finding.causes == ()


def test_client_that_boots_nothing_is_explained_with_its_reason() -> None:
    """The rule it did not find kept, whom it would ask, and what the contract says for such a client."""
    outcome = NoBoot("it waits", (BootRequest(IPv4Address("192.168.99.40")),))
    finding = wrong_boot(CLIENTS["dhclient"], outcome, exchange(), CONTRACT, CONFIG)
    assert str(finding).startswith(
        "dhclient would boot nothing: it waits, after asking port 4011 of 192.168.99.40; "
        "the contract says nothing; answered by nobody"
    )


def failed(reply: Reply, field: str, *expected: object) -> Finding | None:
    """The finding by which the comparison fails; None where it does not."""
    try:
        CHECK(reply, field, *expected)
    except AssertionError as error:
        [finding] = error.args
        assert isinstance(finding, Finding)
        return finding
    return None


def test_check_of_a_field_fails_by_its_finding() -> None:
    """Of two fields with the same wrong value it is the one that was asked for."""
    same = IPv4Address("10.0.0.1")
    sent = changed(promised(CONTRACT), (Code.SUBNET_MASK, same.packed), (Code.BROADCAST_ADDRESS, same.packed))
    for field in ("netmask", "broadcast_address"):
        finding = failed(reply(sent), field)
        assert finding is not None
        assert (finding.field, finding.received) == (field, same)
    assert failed(reply(sent), "routers") is None


def test_finding_names_the_sender_of_the_reply_that_was_compared() -> None:
    """Also if another server has answered meanwhile."""
    other = MacAddress.parse("52:54:00:00:00:66")
    sent = replace(promised(CONTRACT), siaddr=IPv4Address("192.168.99.41"))
    finding = failed(reply(sent, mac=other), "next_server")
    assert finding is not None
    assert finding.sender == Sender(SERVER, other)


def test_other_expected_value_has_no_line_for_its_cause() -> None:
    """What another reply said is no line of dnsmasq.conf."""
    finding = failed(reply(promised(CONTRACT)), "address", SERVER)
    assert str(finding) == (
        f"address: expected {SERVER}, received 192.168.99.100 from {SERVER} (52:54:00:12:34:56)"
    )
    assert failed(reply(promised(CONTRACT)), "address", CONTRACT.pool.first) is None


def test_field_without_a_term_is_no_comparison() -> None:
    """A misspelt test ends as an error, not green."""
    with pytest.raises(ValueError, match="no term for domain_name_servers"):
        CHECK(reply(promised(CONTRACT)), "domain_name_servers")
    with pytest.raises(KeyError):
        CHECK(reply(promised(CONTRACT)), "next_sever")
