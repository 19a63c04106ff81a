"""The words for a failed check: what differs, from whom, and which line is the cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.message import option
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.report import explain
from edgeboot.server.log import LogLine
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.deployment import load_deployment
from tests.unit.samples import (
    ADDRESSES,
    BOOT_SERVER,
    CONTRACT,
    NODE,
    OFFER,
    SERVER,
    exchange,
    message,
    promised,
    reply,
)

CONFIG: Final = load_deployment("poc").config
NAME: Final = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=60)
LINES: Final = [
    LogLine(0, "dnsmasq-dhcp: 168496141 DHCPDISCOVER(ens3) 02:eb:00:00:00:01"),
    LogLine(1, "dnsmasq-dhcp: 168496141 no address available"),
    LogLine(2, "dnsmasq-dhcp: 168496141 requested options: 1:netmask"),
    LogLine(3, "dnsmasq-dhcp: 168496141 sent size:  4 option:  1 netmask"),
]


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    """Any contract a server could keep."""
    first, last = sorted((draw(ADDRESSES), draw(ADDRESSES)))
    times = sorted(draw(st.sets(st.integers(0, 2**32 - 1), min_size=3, max_size=3)))
    names = ("renewal_time", "rebinding_time", "lease_time")
    terms: dict[str, Any] = {name: timedelta(seconds=time) for name, time in zip(names, times, strict=True)}
    terms |= {name: draw(ADDRESSES) for name in ("netmask", "broadcast_address", "server_identifier")}
    terms["minimum_lease_time"] = timedelta(seconds=times[0])
    terms |= {"next_server": draw(ADDRESSES.filter(int)), "routers": draw(st.lists(ADDRESSES, max_size=3))}
    terms |= {"pool": {"first": first, "last": last}, "server_name": draw(NAME), "bootfile": draw(NAME)}
    return Contract.model_validate(CONTRACT.model_dump() | terms)


@given(contracts())
def test_reply_that_keeps_the_contract_deviates_in_nothing(contract: Contract) -> None:
    """Whatever the terms are, a server that gives them is not blamed."""
    assert explain.deviations(reply(promised(contract)), contract, CONFIG) == ()


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
    kept = promised(CONTRACT)
    changed = [option(code, data) if each.code == code else each for each in kept.options]
    sent = replace(kept, options=Options(tuple(changed)))
    [found] = explain.deviations(reply(sent), CONTRACT, CONFIG)
    assert (found.field, found.received) == (field, received)
    assert found.expected == getattr(CONTRACT, field)


def test_address_outside_the_pool_is_a_deviation_with_its_cause() -> None:
    """The one line has field, both values, the sender and the line to look at."""
    stray = replace(promised(CONTRACT), yiaddr=IPv4Address("192.168.99.201"))
    [found] = explain.deviations(reply(stray), CONTRACT, CONFIG)
    assert found.summary.startswith(
        "address: expected 192.168.99.100-192.168.99.200, received 192.168.99.201 "
        "from 192.168.99.10 (52:54:00:12:34:56); likely cause: "
    )
    assert ":4 dhcp-range=192.168.99.100," in found.summary


def test_option_the_contract_does_not_know_is_a_deviation() -> None:
    """It is named, and only it."""
    kept = promised(CONTRACT)
    more = replace(kept, options=Options((*kept.options, DhcpOption(43, b"x"), DhcpOption(252, b"y"))))
    [found] = explain.deviations(reply(more), CONTRACT, CONFIG)
    assert "received vendor-specific (43), unknown (252) from" in found.summary


def test_comparison_is_explained_only_by_the_deviation_it_is_about() -> None:
    """A test that compares two values hears of these two, and once."""
    one = explain.Deviation("netmask", 1, 2, "a", "b")
    other = explain.Deviation("routers", 1, 3, "a", "b")
    assert explain.compared(2, 1, [one, other, one]) == [one.summary]
    assert explain.compared(1, 2, [one, other]) == []


def test_client_that_boots_something_else_is_explained_in_one_line() -> None:
    """Who, what, against what, answered by whom, and the line to look at."""
    client = CLIENTS["edk2-pxe-x86-64"]
    answer = exchange(reply(promised(CONTRACT)))
    words = explain.misboot(client, Boot("tftp://192.168.99.40/a.efi"), answer, CONTRACT, CONFIG)
    assert words.startswith(
        "edk2-pxe-x86-64 would boot tftp://192.168.99.40/a.efi; "
        "the contract says tftp://192.168.99.40/signed_ipxe.efi; "
        "answered by 192.168.99.10 (52:54:00:12:34:56); likely cause: "
    )
    assert "dnsmasq.conf:9 dhcp-boot=" in words


def test_client_that_boots_nothing_is_explained_with_its_reason() -> None:
    """The rule it did not find kept, whom it would ask, and what the contract says for such a client."""
    outcome = NoBoot("it waits", IPv4Address("192.168.99.40"))
    words = explain.misboot(CLIENTS["dhclient"], outcome, exchange(), CONTRACT, CONFIG)
    assert words.startswith(
        "dhclient would boot nothing: it waits, after asking port 4011 of 192.168.99.40; "
        "the contract says nothing; answered by nobody; likely cause: "
    )


@pytest.mark.parametrize(
    "log,said",
    [
        ([], "the server never saw DHCPDISCOVER xid "),
        (LINES[:1], "and said 'dnsmasq-dhcp: 168496141 DHCPDISCOVER(ens3) 02:eb:00:00:00:01'; likely"),
        (LINES, "and said 'dnsmasq-dhcp: 168496141 no address available'; likely cause: "),
    ],
    ids=["unseen", "seen", "refused"],
)
def test_silence_is_explained_by_the_log(log: list[LogLine], said: str) -> None:
    """Not seen, seen and unanswered, or refused: three different things to mend."""
    line = 5 if not log else 4
    words = explain.silence(exchange(), log, CONFIG)
    assert said in words
    assert f"dnsmasq.conf:{line} " in words


def test_log_beside_the_table_leaves_out_what_the_table_has() -> None:
    """Option by option is already there."""
    assert explain.telling(LINES) == "\n".join(line.text for line in LINES[:2])
    assert explain.telling(LINES[2:]) == "(nothing)"


@pytest.mark.parametrize(
    "code,data,shown",
    [
        (Code.DHCP_MESSAGE_TYPE, b"\x02", "2 DHCPOFFER"),
        (Code.IP_ADDRESS_LEASE_TIME, b"\0\0\xa8\xc0", "43200 s (12:00:00)"),
        (Code.RENEWAL_TIME, b"\x01\x02", "01 02"),
        (Code.ROUTER, b"\x0a\0\0\x01\x0a\0\0\x02", "10.0.0.1, 10.0.0.2"),
        (Code.ROUTER, b"\x0a\0\0\x01\x0a", "0a 00 00 01 0a"),
        (Code.MAXIMUM_DHCP_MESSAGE_SIZE, b"\x05\xc0", "1472"),
        (Code.PARAMETER_REQUEST_LIST, b"\x42\x43", "66 67"),
        (Code.BOOTFILE_NAME, b"a.efi\0", "a.efi\\0"),
        (Code.HOST_NAME, b"1234", "1234"),
        (Code.VENDOR_SPECIFIC, b"\x06\x01\x08", "06 01 08"),
        (Code.VENDOR_SPECIFIC, b"", ""),
    ],
)
def test_option_is_shown_as_its_kind_is_read(code: Code, data: bytes, shown: str) -> None:
    """What does not fit its kind is shown as octets."""
    text = explain.exchange_table(exchange(reply(message(option(code, data)))))
    rows = [[cell.strip() for cell in line.split("│")] for line in text.splitlines()]
    [row] = [row for row in rows if len(row) > 3 and row[1].endswith(f" ({code.value})") and row[3] == shown]
    assert row


def test_exchange_table_has_both_sides() -> None:
    """Every option that either of them sent, a repeated one with all its values."""
    file = option(Code.BOOTFILE_NAME, b"a.efi\0")
    answer = reply(message(OFFER, file, option(Code.BOOTFILE_NAME, b"b.efi"), file=b"c.efi"))
    text = explain.exchange_table(exchange(answer))
    for words in ("DHCPDISCOVER", "a.efi\\0", "b.efi", "c.efi", str(NODE.mac), "0x8000", "192.168.99.40"):
        assert words in text


def test_malformed_reply_has_its_fault_in_the_table() -> None:
    """A row of its own, which well-formed exchanges lack."""
    overloaded = message(OFFER, option(Code.OPTION_OVERLOAD, 1), file=b"x" * 128)
    assert "malformed" in explain.exchange_table(exchange(reply(overloaded)))
    assert "malformed" not in explain.exchange_table(exchange(reply(message(OFFER))))


def test_deviation_table_has_a_row_each() -> None:
    """Plain text, as wide as a report."""
    found = [explain.Deviation(field, 1, None, "someone", "line") for field in ("netmask", "routers")]
    text = explain.deviation_table(found)
    assert text.count("someone") == 2
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 110


@pytest.mark.parametrize(
    "value,text",
    [
        (None, "nothing"),
        ((), "nothing"),
        (timedelta(hours=12), "12:00:00"),
        (CONTRACT.pool, "192.168.99.100-192.168.99.200"),
        ((IPv4Address("10.0.0.1"), IPv4Address("10.0.0.2")), "10.0.0.1, 10.0.0.2"),
        ({67, 66}, "tftp-server-name (66), bootfile-name (67)"),
        (frozenset(), "none"),
        (frozenset({"68/UDP", "67/UDP"}), "67/UDP, 68/UDP"),
        ("a.efi", "a.efi"),
        (3, "3"),
    ],
)
def test_value_is_shown_as_a_person_would_write_it(value: object, text: str) -> None:
    """No Python in a report."""
    assert explain.shown_value(value) == text


@pytest.mark.parametrize("name", ["[/x]", "[bold]x.efi", "a:ab:b", "02:eb:ab:cd"])
def test_words_of_a_server_are_shown_as_they_are(name: str) -> None:
    """Rich would take brackets for markup, and the middle of a MAC for an emoji."""
    assert name in explain.exchange_table(exchange(reply(message(OFFER, file=name.encode()))))
    assert name in explain.deviation_table([explain.Deviation("bootfile", "a.efi", name, "a", "b")])


@pytest.mark.parametrize(
    "op,left,right,told",
    [
        ("==", SERVER, BOOT_SERVER, f"expected {BOOT_SERVER}, received {SERVER}, from here"),
        ("!=", SERVER, SERVER, f"expected another than {SERVER}, received {SERVER}, from here"),
        ("in", 3, {1, 2}, "expected one of subnet-mask (1), time-offset (2), received 3, from here"),
        ("==", {(SERVER, "b"), (SERVER, "a")}, set(), None),
        ("==", "x" * 400, "", None),
        (">", 1, 2, None),
    ],
    ids=["equal", "different", "in", "sets", "too long", "order"],
)
def test_any_other_comparison_tells_what_was_wanted_what_came_and_from_whom(
    op: str, left: object, right: object, told: str | None
) -> None:
    """What would fill more than a line is left to pytest."""
    found = explain.differing(op, left, right, ["here", "here"])
    assert told is None or found == [told]
