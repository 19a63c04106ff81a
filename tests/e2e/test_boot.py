"""What firmware boots, and from where, for every parameter request list."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.dhcp import firmware
from edgeboot.dhcp.clients import EDK2_PARAMETERS, WITHOUT_BOOT_OPTIONS
from edgeboot.dhcp.vocabulary import OptionCode, option_name
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Reply
from edgeboot.report.check import Check
from edgeboot.spec.contract.contract import Contract

pytestmark = [pytest.mark.e2e, pytest.mark.address_server]

ASKING: Final = {
    "asking for 66 and 67": EDK2_PARAMETERS,
    "not asking for them": WITHOUT_BOOT_OPTIONS,
    "asking for nothing": None,
}


@pytest.fixture(params=ASKING)
def boot_offer(request: pytest.FixtureRequest, booted_node: EdgeNode) -> Reply:
    """The offer to a node with each kind of parameter request list (option 55)."""
    return booted_node.asking_for(ASKING[request.param]).discover().offer


@pytest.mark.triage(boots="none")
@pytest.mark.covers("RFC2131-table3-siaddr", "RFC951-7.3-siaddr", "EDK2-next-server", "EDK2-first-offer")
def test_reply_names_the_next_server(reply: Reply, check: Check) -> None:
    """The boot server is named in a new node's first offer and in the ACK: firmware reads either."""
    check(reply, "next_server")


@pytest.mark.triage(boots="none")
@pytest.mark.covers("RFC951-7.3-siaddr", "EDK2-bootfile", "EDK2-first-offer")
def test_reply_names_the_boot_file(reply: Reply, check: Check) -> None:
    """The boot file is named in a new node's first offer and in the ACK: firmware reads either."""
    check(reply, "bootfile")


@pytest.mark.covers("EDK2-next-server", "RFC2131-3.5-parameter-list")
def test_next_server_does_not_depend_on_the_parameter_list(boot_offer: Reply, check: Check) -> None:
    """The boot server is named with and without options 66 and 67 in the list, and without a list."""
    check(boot_offer, "next_server")


@pytest.mark.covers(
    "RFC2131-table3-sname-file", "RFC2132-9.5-boot-file", "EDK2-bootfile", "RFC2131-3.5-parameter-list"
)
def test_boot_file_does_not_depend_on_the_parameter_list(boot_offer: Reply, check: Check) -> None:
    """The boot file is named with and without options 66 and 67 in the list, and without a list."""
    check(boot_offer, "bootfile")


@pytest.mark.covers("RFC2131-table3-sname-file", "RFC2132-9.4-server-name")
def test_server_name_does_not_depend_on_the_parameter_list(boot_offer: Reply, check: Check) -> None:
    """Option 66 and the header's sname name one server, whichever a node reads."""
    check(boot_offer, "server_name")


@pytest.mark.boot_file
@pytest.mark.covers("EDK2-bootfile-one-nul")
def test_boot_file_name_ends_where_firmware_ends_it(
    boot_offer: Reply, contract: Contract, check: Check
) -> None:
    """One NUL ends the name: without one old firmware asks for the name plus what follows it."""
    bootfile = firmware.bootfile(boot_offer.message)
    if bootfile is None:
        told = f"no boot file from {boot_offer.sender}"
        check.value(boot_offer, "bootfile", None, contract.bootfile or None, told)
        return
    optional = OptionCode.BOOTFILE_NAME in boot_offer.message.options
    expected = contract.server.bootfile_terminators if optional else 1
    ends = f"{bootfile.source} {bootfile.text!r} from {boot_offer.sender}"
    told = f"{ends} ends with {bootfile.terminators} NUL, expected {expected}"
    check.value(boot_offer, "terminators", bootfile.terminators, expected, told)


@pytest.mark.covers("RFC2131-4.3.1-each-once", "RFC3396-joined")
def test_reply_repeats_no_option(boot_offer: Reply, check: Check) -> None:
    """No option code occurs twice: clients differ in which of two values they use."""
    repeated = boot_offer.message.options.repeated
    values = "; ".join(f"{option_name(code)}: {b', '.join(data)!r}" for code, data in repeated.items())
    told = f"repeated by {boot_offer.sender}: {values}"
    check.value(boot_offer, "options", frozenset(repeated), frozenset(), told)


@pytest.mark.covers("RFC2132-9.3-none", "EDK2-no-overload")
def test_reply_does_not_overload_the_header(boot_offer: Reply, check: Check) -> None:
    """No option 52: firmware that ignores it would read options as a file name."""
    check.lacks(boot_offer, {OptionCode.OPTION_OVERLOAD})
