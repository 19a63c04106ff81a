"""The tables of a failed test's report: exchanges, findings, log lines."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.dhcp.message import option
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.tables import exchange_table, finding_table
from tests.unit.samples import NODE, OFFER, SERVER, SERVER_MAC, exchange, message, reply

SENDER: Final = Sender(SERVER, SERVER_MAC)


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
    text = exchange_table(exchange(reply(message(option(code, data)))))
    rows = [[cell.strip() for cell in line.split("│")] for line in text.splitlines()]
    [row] = [row for row in rows if len(row) > 3 and row[1].endswith(f" ({code.value})") and row[3] == shown]
    assert row


def test_exchange_table_has_both_sides() -> None:
    """Every option that either of them sent, a repeated one with all its values."""
    file = option(Code.BOOTFILE_NAME, b"a.efi\0")
    answer = reply(message(OFFER, file, option(Code.BOOTFILE_NAME, b"b.efi"), file=b"c.efi"))
    text = exchange_table(exchange(answer))
    for words in ("DHCPDISCOVER", "a.efi\\0", "b.efi", "c.efi", str(NODE.mac), "0x8000", "192.168.99.40"):
        assert words in text


def test_exchange_table_leads_to_the_log_and_the_capture() -> None:
    """The xid in both notations, and when each message passed."""
    text = exchange_table(exchange(reply(message(OFFER), after=0.25)))
    for words in ("0x0a0b0c0d", "(168496141)", "00:16:40.000", "00:16:40.250"):
        assert words in text


def test_malformed_reply_has_its_fault_in_the_table() -> None:
    """A row of its own, which well-formed exchanges lack."""
    overloaded = message(OFFER, option(Code.OPTION_OVERLOAD, 1), file=b"x" * 128)
    assert "malformed" in exchange_table(exchange(reply(overloaded)))
    assert "malformed" not in exchange_table(exchange(reply(message(OFFER))))


def test_finding_table_has_a_row_each() -> None:
    """Plain text, as wide as a report."""
    findings = [Finding(field, 1, None, SENDER) for field in ("netmask", "routers")]
    text = finding_table(findings)
    assert text.count(str(SENDER)) == 2
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 110


@pytest.mark.parametrize("name", ["[/x]", "[bold]x.efi", "a:ab:b", "02:eb:ab:cd"])
def test_text_of_a_server_is_shown_as_it_is(name: str) -> None:
    """Rich would take brackets for markup, and the middle of a MAC for an emoji."""
    assert name in exchange_table(exchange(reply(message(OFFER, file=name.encode()))))
    assert name in finding_table([Finding("bootfile", "a.efi", name, SENDER)])


@pytest.mark.parametrize("width", [60, 80])
def test_tables_fit_the_terminal(width: int) -> None:
    """What is long goes on in the next line."""
    answered = exchange_table(exchange(reply(message(OFFER))), width)
    differs = finding_table([Finding("next_server", SERVER, "192.168.99.41", SENDER)], width)
    assert max(map(len, (answered + "\n" + differs).splitlines())) <= width
