"""From a ProxyDHCP's offer to the boot file: port 4011, TFTP, the file itself."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

import pytest

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.firmware import BootRequest
from edgeboot.dhcp.vocabulary import BOOT_SERVER_PORT, OptionCode
from edgeboot.host.wire.frame import dissect
from edgeboot.labs.settings import Settings
from edgeboot.node.boot.fetched import expect_refusal
from edgeboot.node.boot.pe_image import Machine, fetched_application
from edgeboot.node.boot.pxe_boot import boot_outcome, boot_request, pxe_boot
from edgeboot.node.boot.tftp_clients import EDK2, IPXE, PLAIN
from edgeboot.node.boot.tftp_fetch import (
    FetchedByTftp,
    attempt_write,
    fetch,
    fetch_boot,
    probe_size,
)
from edgeboot.node.boot.tftp_packets import ErrorCode
from edgeboot.node.edge_node import EdgeNode
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.report.check import Check
from edgeboot.server.protocol import DhcpServer
from edgeboot.spec.contract.client_terms import ProxyOffer
from edgeboot.spec.contract.contract import Contract
from fixtures.edge_node import NewEdgeNode
from fixtures.replies import FirstBoot

pytestmark = [pytest.mark.e2e, pytest.mark.proxy]

OPTIONS: Final = {"RFC 1350": PLAIN, "EDK2": EDK2, "iPXE": IPXE}
NOT_SERVED: Final = {ErrorCode.FILE_NOT_FOUND, ErrorCode.ACCESS_VIOLATION}


@pytest.fixture(scope="module")
def sha256(settings: Settings) -> str:
    """SHA-256 of the file that the lab has put on the node, in hexadecimal."""
    return hashlib.sha256(settings.boot_file.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def fetched(edge_nodes: NewEdgeNode, check: Check) -> FetchedByTftp:
    """The file that a new node's firmware fetches at the end of its boot."""
    node = edge_nodes()
    boot = pxe_boot(node)
    outcome = boot.outcome
    check.that(outcome.url is not None, boot.discovery, "boots", None, "a URL", f"it boots {outcome}")
    return fetch_boot(node, outcome)


@pytest.fixture
def asked(
    client: ClientProfile, booted_node: EdgeNode, sentinel: EdgeNode, contract: Contract
) -> tuple[Exchange, ...]:
    """The boot requests to which its offers lead a client; port 4011 all the same if to none."""
    node = replace(booted_node.as_client(client), proxies=contract.proxies_for(client))
    requests, _ = boot_outcome(node, node.discover().replies)
    message, route = boot_request(node, BootRequest(contract.server_identifier))
    sent = tuple(each.exchange for each in requests if each.exchange is not None)
    return sent or (node.ignored(message, sentinel, route=route),)


@pytest.mark.triage(boots="none")
@pytest.mark.covers("PXE-2.1-4011-answers")
def test_boot_request_is_answered_with_file_and_server(ack: Reply, check: Check) -> None:
    """Port 4011 names the boot file and the machine that serves it."""
    check(ack, "bootfile")
    check(ack, "next_server")


@pytest.mark.covers("PXE-2.1-4011-answers")
def test_boot_request_is_answered_where_it_came_from(ack: Reply, first_boot: FirstBoot, check: Check) -> None:
    """By unicast to the address the site gave, from port 4011 to the port the node asked from."""
    asked, datagram, node = dissect(first_boot.acknowledged.sent), ack.datagram, first_boot.node
    assert asked is not None
    check.sent_to(ack, node.held.address, node.mac)
    ports = (datagram.source_port, datagram.destination_port)
    check.value(ack, "ports", ports, (BOOT_SERVER_PORT, asked.source_port))


@pytest.mark.covers("PXE-2.1-uuid-echoed")
def test_boot_reply_echoes_the_machine(ack: Reply, first_boot: FirstBoot, check: Check) -> None:
    """Option 97 comes back as it was sent, here too."""
    sent = b"\0" + first_boot.node.identity.machine.bytes_le
    received = ack.message.options.get(OptionCode.CLIENT_MACHINE_IDENTIFIER)
    told = f"option 97: expected {sent.hex()}, received {received and received.hex()} from {ack.sender}"
    check.value(ack, "option 97", received, sent, told)


@pytest.mark.covers("PXE-2.1-4011-architecture", "RFC4578-2.1-architecture", "PXE-2.1-boot-item")
def test_boot_file_goes_to_the_architectures_it_is_for(
    client: ClientProfile, asked: tuple[Exchange, ...], contract: Contract, check: Check
) -> None:
    """Each client that asks port 4011 is named its own file; one that is not served gets none."""
    replies = [reply for exchange in asked for reply in exchange.replies]
    own = [reply for reply in replies if reply.datagram.source == contract.server_identifier]
    files = [reply.bootfile for reply in own if reply.bootfile]
    offer = contract.proxy_offer(client)
    served = [contract.bootfile_for(client)] if contract.states(client) else files
    expected = served if offer is ProxyOffer.FILE else [] if offer is not None else files
    told = f"{client} is sent {files}, expected {expected}; received {[each.received for each in asked]}"
    check.value(next(iter(own), None), "bootfile", files, expected, told)


@pytest.mark.tftp_server
@pytest.mark.triage(boots="none")
@pytest.mark.covers("PXE-2.1-4011-answers")
def test_offer_leads_to_the_boot_file_of_the_server(
    fetched: FetchedByTftp, sha256: str, contract: Contract, dhcp_server: DhcpServer, check: Check
) -> None:
    """Firmware fetches the very file that was put on the node, from that node."""
    check.value(fetched, "boot_file", fetched.sha256, sha256, f"{fetched} is another file")
    expected = (contract.next_server, dhcp_server.mac)
    check.value(fetched, "boot_server", (fetched.server, fetched.mac), expected)


@pytest.mark.tftp_server
@pytest.mark.covers("UEFI-2.1.1-efi-application")
def test_boot_file_is_an_efi_application_for_x86_64(fetched: FetchedByTftp, check: Check) -> None:
    """Whole, and for the node's processor: firmware starts nothing else."""
    application = fetched_application(fetched)
    told = f"{fetched.url} from {fetched.sender} is {application}, expected X86_64"
    check.value(fetched, "boot_file", application.machine, Machine.X86_64, told)


@pytest.mark.tftp_server
@pytest.mark.covers("RFC1350-4-transfer-identifier")
@pytest.mark.parametrize("options", OPTIONS)
def test_transfer_comes_from_the_ports_a_firewall_lets_pass(
    options: str, booted_node: EdgeNode, contract: Contract, sha256: str, check: Check
) -> None:
    """With all options a client gets the same file, from a port of the contract's range."""
    assert contract.proxy is not None
    fetched = fetch(booted_node, contract.next_server, contract.bootfile, OPTIONS[options])
    first, last = contract.proxy.tftp_ports
    port = fetched.server_port
    told = f"port {port} of {fetched.sender}, expected {first} to {last}"
    check.that(first <= port <= last, fetched, "tftp_ports", port, (first, last), told)
    check.value(fetched, "boot_file", fetched.sha256, sha256, f"{fetched} is another file")


@pytest.mark.tftp_server
@pytest.mark.covers("RFC2349-tsize")
def test_server_states_the_size_of_the_boot_file(
    booted_node: EdgeNode, contract: Contract, settings: Settings, check: Check
) -> None:
    """EDK2 asks before it allocates memory."""
    size = probe_size(booted_node, contract.next_server, contract.bootfile)
    expected = settings.boot_file.stat().st_size
    told = f"tsize {size.octets} is stated by {size.sender}, the file has {expected} octets"
    check.value(size, "tsize", size.octets, expected, told)


@pytest.mark.tftp_server
@pytest.mark.covers("RFC1350-5-error-1")
@pytest.mark.parametrize("name", ["absent.efi", "../../etc/passwd", "/etc/edgeboot/dnsmasq.conf"])
def test_other_files_are_refused(name: str, booted_node: EdgeNode, contract: Contract, check: Check) -> None:
    """The Pod answers every host of the segment: it serves its boot files and no other file of the node."""
    refused = expect_refusal(lambda: fetch(booted_node, contract.next_server, name))
    check.refused_with(refused, NOT_SERVED)


@pytest.mark.tftp_server
@pytest.mark.own_segment
@pytest.mark.covers("RFC1350-5-write-request")
def test_writing_is_refused(booted_node: EdgeNode, contract: Contract, check: Check) -> None:
    """A client that can write the boot file controls every node that boots."""
    refused = expect_refusal(lambda: attempt_write(booted_node, contract.next_server, contract.bootfile))
    check.refused_with(refused, {ErrorCode.ILLEGAL_OPERATION, ErrorCode.ACCESS_VIOLATION})


@pytest.mark.restart
@pytest.mark.covers("dnsmasq-restart")
def test_killed_proxy_answers_again_after_its_restart(
    booted_node: EdgeNode, dhcp_server: DhcpServer, contract: Contract, check: Check
) -> None:
    """The proxy keeps no state: the next node boots as before."""
    before, client = dhcp_server.instance, booted_node.identity.client
    expected = contract.url_for(client) if contract.states(client) else pxe_boot(booted_node).outcome.url
    dhcp_server.kill()
    dhcp_server.restart()
    boot = pxe_boot(booted_node)
    check.another(dhcp_server, "instance", dhcp_server.instance, before)
    told = f"it boots {boot.outcome}, expected {expected or 'nothing'}"
    check.value(boot.discovery, "boots", boot.outcome.url, expected, told)
