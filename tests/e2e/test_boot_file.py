"""The boot file itself: that the offer leads to it, whole, by TFTP and by HTTP, and to nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from edgeboot.dhcp.firmware import boots_from
from edgeboot.labs.hosts.boot_file_server import BootFileServer
from edgeboot.labs.hosts.host import Host
from edgeboot.node.boot.fetched import expect_refusal
from edgeboot.node.boot.http_fetch import EFI, FetchedByHttp, fetch_by_http
from edgeboot.node.boot.pe_image import Machine, fetched_application
from edgeboot.node.boot.tftp_clients import EDK2, PLAIN
from edgeboot.node.boot.tftp_fetch import (
    FetchedByTftp,
    attempt_write,
    fetch,
    fetch_boot,
    open_transfer,
    probe_size,
)
from edgeboot.node.boot.tftp_packets import Acknowledgement, Data, Error, ErrorCode, ReadRequest, TftpOptions
from edgeboot.node.boot.tftp_transfer import TftpTransfer
from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check
from edgeboot.spec.contract.contract import Contract
from fixtures.edge_node import with_lease
from fixtures.replies import FirstBoot

pytestmark = [pytest.mark.e2e, pytest.mark.neighbours, pytest.mark.address_server]

OUTSIDE: Final = [
    "../../etc/passwd",
    "/../../etc/passwd",
    "/etc/passwd",
    "x/../../../etc/passwd",
    r"..\..\etc\passwd",
]
NOT_SERVED: Final = {ErrorCode.FILE_NOT_FOUND, ErrorCode.ACCESS_VIOLATION}


@pytest.fixture(scope="module")
def fetched(
    first_boot: FirstBoot,
    contract: Contract,
    boot_server: BootFileServer,  # noqa: ARG001 - it must be up
    check: Check,
) -> FetchedByTftp:
    """The file that firmware fetches after its first offer, with EDK2's TFTP options."""
    outcome = boots_from(contract.default_client, [first_boot.offer.message])
    told = f"{outcome}, by the offer from {first_boot.offer.sender}"
    check.that(outcome.url is not None, first_boot.offer, "boots", None, "a URL", told)
    return fetch_boot(with_lease(first_boot.node), outcome)


@pytest.fixture(scope="module")
def fetched_by_http(http_client: Host, web_server: BootFileServer, contract: Contract) -> FetchedByHttp:
    """The same file as HTTP boot gets it."""
    return http_client.do(lambda: fetch_by_http(web_server.url("http", contract.boot_path)))


@pytest.fixture
def transfer(
    booted_node: EdgeNode, boot_server: BootFileServer, contract: Contract
) -> Iterator[TftpTransfer]:
    """A transfer by RFC 1350 alone, of which the first block has come and was not acknowledged yet."""
    transfer = open_transfer(booted_node, boot_server.address, contract.bootfile)
    transfer.send(ReadRequest(contract.bootfile))
    transfer.await_packet()
    yield transfer
    transfer.send(Error(ErrorCode.NOT_DEFINED, "enough"))


@pytest.mark.triage(boots="none")
@pytest.mark.tftp_server
@pytest.mark.covers("RFC1350-2-blocks", "RFC1350-4-transfer-identifier")
def test_offer_leads_to_the_file_of_the_boot_server(
    fetched: FetchedByTftp, boot_server: BootFileServer, contract: Contract, check: Check
) -> None:
    """The offer's address and name lead to the boot server's file, served by the boot server itself."""
    check.is_file_of(boot_server, contract.bootfile, fetched)


@pytest.mark.triage(boots="none")
@pytest.mark.tftp_server
@pytest.mark.default_client("edk2-pxe-x86-64")
@pytest.mark.covers("UEFI-2.1.1-efi-application")
def test_boot_file_is_an_efi_application_for_x86_64(fetched: FetchedByTftp, check: Check) -> None:
    """Whole, and for the node's processor: firmware starts nothing else."""
    application = fetched_application(fetched)
    told = f"{fetched.url} from {fetched.sender} is {application}, expected X86_64"
    check.value(fetched, "boot_file", application.machine, Machine.X86_64, told)


@pytest.mark.tftp_server
@pytest.mark.covers("RFC2347-only-what-was-asked", "RFC2348-blksize")
@pytest.mark.parametrize("blksize", [None, 1432, 1468], ids=["RFC 1350's 512", "iPXE's 1432", "EDK2's 1468"])
def test_boot_file_comes_in_blocks_of_the_size_asked_for(
    blksize: int | None, booted_node: EdgeNode, boot_server: BootFileServer, contract: Contract, check: Check
) -> None:
    """A client without options gets none, and its first block at once; all clients get the same file."""
    requested = TftpOptions(blksize=blksize)
    fetched = fetch(booted_node, boot_server.address, contract.bootfile, requested)
    size = fetched.granted.blksize or 512
    # The server under test may have reasons to grant less (RFC 2348); the machine beside it has none.
    as_asked = fetched.granted == requested or (contract.serves_boot_files and size < (blksize or 512))
    told = f"{fetched.sender} granted {fetched.granted} to {requested}"
    check.that(as_asked, fetched, "tftp_options", fetched.granted, requested, told)
    check.value(fetched, "blocks", fetched.blocks, fetched.size // size + 1)
    check.is_file_of(boot_server, contract.bootfile, fetched)


@pytest.mark.tftp_server
@pytest.mark.covers("RFC7440-windowsize")
def test_boot_file_comes_whole_with_the_window_that_is_granted(
    booted_node: EdgeNode, boot_server: BootFileServer, contract: Contract, check: Check
) -> None:
    """A server may grant a smaller window, or none as dnsmasq 2.90; no block is lost or doubled by it."""
    requested = TftpOptions(blksize=1468, windowsize=16)
    fetched = fetch(booted_node, boot_server.address, contract.bootfile, requested)
    granted = fetched.windowsize
    told = f"windowsize {granted} is granted by {fetched.sender}, requested 16"
    check.that(granted in range(1, 17), fetched, "tftp_options", granted, "1 to 16", told)
    check.is_file_of(boot_server, contract.bootfile, fetched)


@pytest.mark.triage("boot_file")
@pytest.mark.tftp_server
@pytest.mark.covers("RFC2349-tsize", "EDK2-tftp-size-probe")
def test_server_states_the_size_of_the_boot_file(
    booted_node: EdgeNode, boot_server: BootFileServer, contract: Contract, check: Check
) -> None:
    """EDK2 asks before it allocates memory, and breaks off by error 8; the file still comes after that."""
    size = probe_size(booted_node, boot_server.address, contract.bootfile)
    check.value(size, "tsize", size.octets, len(boot_server.content(contract.bootfile)))
    check.value(size, "boot_server", size.sender, boot_server.sender)
    fetched = fetch(booted_node, boot_server.address, contract.bootfile)
    check.value(fetched, "boot_file", fetched.size, size.octets)


@pytest.mark.tftp_server
@pytest.mark.covers("RFC1350-2-last-block")
@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 1024])
def test_file_ends_with_a_block_that_is_not_full(
    size: int, booted_node: EdgeNode, boot_server: BootFileServer, check: Check
) -> None:
    """Where the size is a multiple of the block's, an empty block follows: without it firmware waits."""
    # One file name per size: dnsmasq shares an open file, and its size, among its transfers.
    name = f"edge-{size}.efi"
    boot_server.put(name, bytes(range(256)) * (size // 256) + bytes(size % 256))
    fetched = fetch(booted_node, boot_server.address, name, PLAIN)
    check.value(fetched, "blocks", fetched.blocks, size // 512 + 1)
    check.is_file_of(boot_server, name, fetched)


@pytest.mark.tftp_server
@pytest.mark.covers("RFC1350-2-retransmission")
def test_block_that_is_not_acknowledged_comes_again(transfer: TftpTransfer, check: Check) -> None:
    """One lost packet does not end a boot: the server tries again by itself."""
    again = transfer.await_packet()
    block = again.block if isinstance(again, Data) else again
    check.value(transfer.host, "block", block, 1)


@pytest.mark.tftp_server
@pytest.mark.covers("RFC1123-4.2.3.1-duplicate-acknowledgement")
def test_block_acknowledged_twice_is_followed_once(transfer: TftpTransfer, check: Check) -> None:
    """Else every block from there on is sent twice: the sorcerer's apprentice."""
    transfer.send(Acknowledgement(1))
    transfer.send(Acknowledgement(1))
    second = transfer.await_packet()
    transfer.send(Acknowledgement(2))
    numbers = [getattr(packet, "block", packet) for packet in (second, transfer.await_packet())]
    check.value(transfer.host, "block", numbers, [2, 3])


@pytest.mark.tftp_server
@pytest.mark.covers("RFC1350-5-error-1")
@pytest.mark.parametrize("options", [PLAIN, EDK2], ids=["plain", "EDK2"])
def test_missing_file_is_refused_as_file_not_found(
    options: TftpOptions, booted_node: EdgeNode, boot_server: BootFileServer, check: Check
) -> None:
    """Error 1 at once, with the file's name: without it firmware waits a minute and shows no reason."""
    refused = expect_refusal(lambda: fetch(booted_node, boot_server.address, "absent.efi", options))
    check.refused_with(refused, {ErrorCode.FILE_NOT_FOUND})
    check.value(refused, "boot_server", refused.sender, boot_server.sender)
    check.that("absent.efi" in str(refused), refused, "error", str(refused), "the name of the file")


@pytest.mark.tftp_server
@pytest.mark.parametrize("name", OUTSIDE)
def test_file_outside_the_boot_directory_is_refused(
    name: str, booted_node: EdgeNode, boot_server: BootFileServer, check: Check
) -> None:
    """A boot server answers every host of the segment: it must not serve its system's files."""
    refused = expect_refusal(lambda: fetch(booted_node, boot_server.address, name))
    check.refused_with(refused, NOT_SERVED)
    check.value(refused, "boot_server", refused.sender, boot_server.sender)


@pytest.mark.tftp_server
@pytest.mark.covers("RFC1350-5-write-request")
def test_writing_is_refused(
    booted_node: EdgeNode, boot_server: BootFileServer, contract: Contract, check: Check
) -> None:
    """The server is read-only: a client that can write the boot file controls every node that boots."""
    before = boot_server.sha256(contract.bootfile)
    refused = expect_refusal(lambda: attempt_write(booted_node, boot_server.address, contract.bootfile))
    check.refused_with(refused, {ErrorCode.ILLEGAL_OPERATION, ErrorCode.ACCESS_VIOLATION})
    check.value(refused, "boot_server", refused.sender, boot_server.sender)
    check.value(boot_server, "boot_file", boot_server.sha256(contract.bootfile), before)


@pytest.mark.web_server
@pytest.mark.covers("UEFI-HTTP-boot-media-type", "EDK2-http-boot-size")
def test_http_boot_serves_the_boot_file(
    fetched_by_http: FetchedByHttp, web_server: BootFileServer, contract: Contract, check: Check
) -> None:
    """HEAD states the size, GET returns the file, and its media type is that of an EFI application."""
    check.value(fetched_by_http, "content_type", fetched_by_http.content_type, EFI)
    check.is_file_of(web_server, contract.boot_path, fetched_by_http)


@pytest.mark.tftp_server
@pytest.mark.web_server
def test_tftp_and_http_serve_the_same_boot_file(
    fetched: FetchedByTftp, fetched_by_http: FetchedByHttp, check: Check
) -> None:
    """A copy that an upgrade left in one of the two boots nodes into a stale iPXE."""
    told = f"two files: {fetched}, and {fetched_by_http}"
    check.value(fetched_by_http, "boot_file", fetched_by_http.sha256, fetched.sha256, told)


@pytest.mark.web_server
@pytest.mark.parametrize("path,status", [("absent.efi", 404), ("../../etc/passwd", 400)])
def test_http_serves_nothing_else(
    path: str, status: int, http_client: Host, web_server: BootFileServer, check: Check
) -> None:
    """A missing file is 404, not a page that firmware would run; a path outside is refused."""
    refused = expect_refusal(lambda: http_client.do(lambda: fetch_by_http(web_server.url("http", path))))
    check.refused_with(refused, {status})
    check.value(refused, "boot_server", refused.sender, web_server.sender)
