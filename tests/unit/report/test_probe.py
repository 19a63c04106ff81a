"""The probe's verdicts on made-up servers, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.exchange import Reply
from edgeboot.report.probe import ServerVerdict, as_json, as_table, problems, together, verdicts
from edgeboot.report.values import as_text
from tests.unit.offers import FROM, PLAIN, proxy
from tests.unit.samples import CONTRACT, NO_MASK, OFFER, exchange, message, promised, reply

GOOD: Final = promised(CONTRACT)
POOR: Final = message(OFFER, NO_MASK, siaddr=UNSPECIFIED)
NAK: Final = message(option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPNAK), yiaddr=UNSPECIFIED)
TWICE: Final = message(
    OFFER, FROM, option(Code.BOOTFILE_NAME, b"a.efi"), option(Code.BOOTFILE_NAME, b"b.efi")
)
READ: Final = {
    "server": "192.168.99.10",
    "server_mac": "52:54:00:12:34:56",
    "server_identifier": "192.168.99.10",
    "milliseconds": 4.0,
    "message": "DHCPOFFER",
    "address": "192.168.99.100",
    "netmask": "255.255.255.0",
    "broadcast_address": "192.168.99.255",
    "routers": ["192.168.99.10"],
    "domain_name_servers": [],
    "lease_time": 43200.0,
    "renewal_time": 21600.0,
    "rebinding_time": 37800.0,
    "next_server": "192.168.99.40",
    "server_name": "tinkerbell-nginx.cluster.onprem",
    "bootfile": "signed_ipxe.efi",
    "boots": "tftp://192.168.99.40/signed_ipxe.efi",
    "repeated_options": [],
}
SECOND_MAC: Final = MacAddress.parse("52:54:00:00:00:02")


def verdict(sent: DhcpMessage) -> ServerVerdict:
    """The verdict on one server that sends this reply."""
    [answer] = verdicts(exchange(reply(sent)))
    return answer


def read_back(*sent: DhcpMessage) -> Any:
    """The JSON output for servers that send these replies."""
    return json.loads(as_json([verdict(each) for each in sent]))


def test_verdicts_are_in_order_of_arrival_with_their_times() -> None:
    """Milliseconds from the question, by the kernel's clock."""
    answers = verdicts(exchange(reply(GOOD, after=0.0025), reply(GOOD, after=0.75, mac=SECOND_MAC)))
    assert [each.milliseconds for each in answers] == [pytest.approx(2.5), pytest.approx(750)]
    assert answers[1].reply.datagram.source_mac == SECOND_MAC


@pytest.mark.parametrize(
    "sent,boots",
    [
        (GOOD, "tftp://192.168.99.40/signed_ipxe.efi"),
        (POOR, "nothing: it ignores an offer without a server identifier (option 54)"),
        (PLAIN, "nothing: no boot file, and no option 60 PXEClient that says where to ask for one"),
        (NAK, "nothing: a DHCPNAK is no offer"),
        (message(file=b"a.efi"), "tftp://192.168.99.40/a.efi"),
        (TWICE, "tftp://192.168.99.40/a.efi"),
        (replace(GOOD, yiaddr=UNSPECIFIED), "nothing: no address is offered"),
        (message(file=b"a.efi", siaddr=UNSPECIFIED), "nothing: no boot server is named for a.efi"),
    ],
    ids=["good", "poor", "plain", "NAK", "BOOTP", "twice", "no address", "no server"],
)
def test_verdict_says_what_would_boot(sent: DhcpMessage, boots: str) -> None:
    """A URL, or the reason why there is none."""
    assert str(verdict(sent).outcome) == boots


def test_repeated_options_are_a_finding_of_the_verdict() -> None:
    """An offer that leaves the choice to the client is reported."""
    assert (verdict(TWICE).repeated, verdict(GOOD).repeated) == ((67,), ())


def test_program_reads_every_field_of_a_good_server() -> None:
    """Addresses as text, times in seconds, and every option in its order."""
    [read] = read_back(GOOD)
    options = read.pop("options")
    assert read == READ
    assert [each["code"] for each in options] == list(GOOD.options.codes)
    lease_time = {"code": 51, "name": "ip-address-lease-time", "value": "12:00:00", "hex": "0000a8c0"}
    assert lease_time in options


def test_program_reads_null_where_a_server_says_nothing() -> None:
    """Every server has the same keys, so that programs need no check for them."""
    good, poor = read_back(GOOD, POOR)
    assert good.keys() == poor.keys()
    fields = ("server_identifier", "netmask", "lease_time", "next_server", "server_name", "bootfile", "boots")
    assert {poor[field] for field in fields} == {None}


def test_program_reads_a_lease_of_no_time_as_zero() -> None:
    """A lease time of 0 differs from a missing one."""
    sent = message(OFFER, option(Code.IP_ADDRESS_LEASE_TIME, 0, size=4))
    assert read_back(sent)[0]["lease_time"] == 0.0


def test_table_shows_a_boot_file_as_it_is() -> None:
    """What a server sends is no markup of ours."""
    assert "[/x]" in as_text(as_table([verdict(message(OFFER, file=b"[/x]"))]))


def test_program_reads_an_empty_list_where_nobody_answered() -> None:
    """No server is not an error of the format."""
    assert as_json([]) == "[]"


def test_table_has_a_column_a_server() -> None:
    """Two servers side by side, as they are to be compared."""
    answers = verdicts(exchange(reply(GOOD), reply(TWICE, mac=SECOND_MAC)))
    text = as_text(as_table(answers))
    head = text.splitlines()[1]
    assert "192.168.99.10 (52:54:00:12:34:56)" in head
    assert f"192.168.99.10 ({SECOND_MAC})" in head
    for words in ("4 ms", "12:00:00", "bootfile-name (67)", "tftp://192.168.99.40/a.efi"):
        assert words in text


def test_table_says_nothing_where_a_server_did() -> None:
    """An empty cell could be taken for a fault of the table."""
    rows = as_text(as_table([verdict(POOR)])).splitlines()
    cells = {row.split("│")[1].strip(): row.split("│")[2].strip() for row in rows if "│" in row}
    assert (cells["lease time"], cells["next server"], cells["repeated options"]) == (
        "nothing",
        "nothing",
        "none",
    )


def test_name_with_an_absolute_path_stays_below_the_boot_server() -> None:
    """TFTP has no root that differs from the server's directory."""
    sent = replace(PLAIN, file=b"/a.efi", siaddr=CONTRACT.next_server)
    assert str(verdict(sent).outcome).endswith("40/a.efi")


def test_verdict_is_that_of_the_client_that_asked() -> None:
    """The same answer boots one client and not the other."""
    [answer] = verdicts(exchange(reply(GOOD)), CLIENTS["dhclient"])
    assert str(answer.outcome) == "nothing: dhclient does not network-boot; it only requests an address"


def test_answers_are_judged_together_too() -> None:
    """An offer without a file and a ProxyDHCP server's: neither boots alone, and both point to port 4011."""
    answers = verdicts(exchange(reply(PLAIN), reply(proxy(), mac=SECOND_MAC)))
    assert {each.outcome.url for each in answers} == {None}
    assert together(answers).startswith(
        "of all 2 answers edk2-pxe-x86-64 would boot nothing: it waits for port"
    )
    assert together(answers).endswith("but asks port 4011 of 192.168.99.30 first")


VENDOR: Final = (
    option(Code.VENDOR_CLASS_IDENTIFIER, b"PXEClient"),
    option(Code.VENDOR_SPECIFIC, b"\x06\x01\x08"),
)


def cells(text: str) -> dict[str, str]:
    """The first server's value of each row."""
    rows = [row.split("│") for row in text.splitlines() if "│" in row]
    return {row[1].strip(): row[2].strip() for row in rows}


def test_table_always_shows_whom_pxe_firmware_asks() -> None:
    """Options 60 and 43, also where a server sends neither."""
    shown = cells(as_text(as_table([verdict(message(OFFER, *VENDOR))])))
    assert (shown["vendor-class-identifier (60)"], shown["vendor-specific (43)"]) == (
        "PXEClient",
        "hex:06 01 08",
    )
    assert cells(as_text(as_table([verdict(POOR)])))["vendor-specific (43)"] == "nothing"


def test_table_of_all_options_has_each_that_any_server_sends() -> None:
    """Repetitions are shown one after the other."""
    shown = cells(as_text(as_table([verdict(TWICE), verdict(GOOD)], all_options=True)))
    assert shown["bootfile-name (67)"] == "a.efi, b.efi"
    assert shown["router (3)"] == "nothing"
    assert shown["dhcp-message-type (53)"] == "DHCPOFFER"


PROXY: Final = reply(
    proxy(option(Code.BOOTFILE_NAME, b"a.efi"), header=b"a.efi", siaddr=CONTRACT.next_server)
)
BARE: Final = message(OFFER, option(Code.SERVER_IDENTIFIER, CONTRACT.server_identifier))


@pytest.mark.parametrize(
    "replies,client,problem",
    [
        ((reply(GOOD),), "edk2-pxe-x86-64", None),
        ((reply(GOOD), reply(GOOD, mac=SECOND_MAC)), "edk2-pxe-x86-64", "2 servers offer an address: "),
        ((reply(BARE), PROXY), "edk2-pxe-x86-64", None),
        ((reply(GOOD), PROXY, PROXY), "edk2-pxe-x86-64", "2 servers offer boot data without an address"),
        ((reply(BARE),), "edk2-pxe-x86-64", "edk2-pxe-x86-64 would boot nothing: no boot file"),
        ((reply(BARE),), "dhclient", None),
        ((PROXY,), "dhclient", "nobody offers an address"),
        ((reply(NAK),), "edk2-pxe-x86-64", "nobody offers an address"),
        ((), "edk2-pxe-x86-64", "nobody offers an address"),
    ],
)
def test_problem_is_what_keeps_a_node_from_booting_reliably(
    replies: tuple[Reply, ...], client: str, problem: str | None
) -> None:
    """A ProxyDHCP beside the server with addresses is none, and a system needs an address alone."""
    found = problems(verdicts(exchange(*replies), CLIENTS[client]))
    assert [each[: len(problem or "")] for each in found] == ([] if problem is None else [problem])
