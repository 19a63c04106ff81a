"""Real boot servers on a real segment: a working one, and the error for each kind of broken one."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import LabError
from edgeboot.base.mac import MacAddress
from edgeboot.host import links
from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd
from edgeboot.host.wire.port import Port
from edgeboot.labs.hosts.boot_files import boot_file
from edgeboot.labs.hosts.boot_server import (
    PLACE,
    BootServer,
    BootServerConfig,
    boot_server_on,
    load_boot_server_config,
)
from edgeboot.labs.hosts.host import Host, host_on
from edgeboot.node.boot.fetched import NotFetched, Refused
from edgeboot.node.boot.http_fetch import fetch_by_http
from edgeboot.node.boot.pe_image import fetched_application
from edgeboot.node.boot.tftp_clients import PLAIN
from edgeboot.node.boot.tftp_fetch import fetch
from edgeboot.node.client_state import ClientState, State
from edgeboot.node.edge_node import EdgeNode
from edgeboot.spec.manifests.network import machine_address
from tests.unit.samples import BOOT_SERVER, CONTRACT, NODE, promised, reply

FILE: Final = "signed_ipxe.efi"
URL: Final = f"http://{BOOT_SERVER}/{FILE}"
CONFIG: Final = load_boot_server_config()
NewHost = Callable[[str, IPv4Interface, MacAddress], Host]


@pytest.fixture
def new_host(namespace: str) -> Iterator[NewHost]:
    """Makes hosts on the bridge of a segment."""
    links.add_bridge(LinkEnd(namespace, "virbr1"), None)
    with Journal(f"{namespace}-hosts") as journal, ExitStack() as hosts:

        def plug_in(end: LinkEnd, mac: MacAddress) -> Callable[[], None]:
            links.add_veth(end, LinkEnd(namespace, f"port-{mac.packed[-1]}"), mac=mac, bridge="virbr1")
            return lambda: links.remove(end)

        def new(name: str, address: IPv4Interface, mac: MacAddress) -> Host:
            return hosts.enter_context(host_on(plug_in, name, address, mac, journal))

        yield new


@pytest.fixture
def host(new_host: NewHost) -> Host:
    """The boot server's machine, without its programs."""
    return new_host("boot", *machine_address(PLACE))


@pytest.fixture
def client(new_host: NewHost) -> Host:
    """Another machine."""
    return new_host("http", IPv4Interface("192.168.99.60/24"), MacAddress.parse("02:eb:40:00:00:60"))


@pytest.fixture
def node(host: Host, namespace: str) -> Iterator[EdgeNode]:
    """An edge node with a lease, on the segment of ``host``."""
    assert host.address.ip == BOOT_SERVER
    links.add_veth(LinkEnd(namespace, "node"), LinkEnd(namespace, "port-node"), mac=NODE.mac, bridge="virbr1")
    port = Port("node", NODE.mac, namespace=namespace)
    yield EdgeNode(NODE, port, client_state=ClientState(State.BOUND, reply(promised(CONTRACT))))
    port.close()


def tftp(old: str, new: str) -> BootServerConfig:
    """The manifest's with another line in dnsmasq.conf."""
    assert old in CONFIG.tftp
    return BootServerConfig(CONFIG.tftp.replace(old, new), CONFIG.http)


def test_boot_server_serves_one_file_both_ways(host: Host, client: Host, node: EdgeNode) -> None:
    """The whole file, from the server's own address and MAC."""
    with boot_server_on(host, {FILE: boot_file()}) as server:
        by_tftp, by_http = fetch(node, BOOT_SERVER, FILE), client.do(lambda: fetch_by_http(URL))
        assert {server.sha256(FILE)} == {by_tftp.sha256, by_http.sha256}
        assert {server.sender} == {by_tftp.sender, by_http.sender, host.sender}


def test_server_without_block_sizes_serves_all_the_same(host: Host, node: EdgeNode) -> None:
    """tftp-no-blocksize: blocks of 512 bytes, whichever size is requested."""
    config = tftp("enable-tftp", "enable-tftp\ntftp-no-blocksize")
    with boot_server_on(host, {FILE: boot_file()}, config) as server:
        fetched = fetch(node, BOOT_SERVER, FILE)
        assert (fetched.blksize, fetched.sha256) == (512, server.sha256(FILE))


def test_range_of_transfer_ports_is_kept(host: Host, node: EdgeNode) -> None:
    """tftp-port-range, for a firewall that allows it; the client records the port used."""
    config = tftp("enable-tftp", "enable-tftp\ntftp-port-range=40000,40049")
    with boot_server_on(host, {FILE: boot_file()}, config):
        assert 40000 <= fetch(node, BOOT_SERVER, FILE).server_port <= 40049


def test_truncated_file_is_no_efi_application(host: Host, node: EdgeNode, tmp_path: Path) -> None:
    """The transfer is complete, but the file's headers state a larger size."""
    (tmp_path / FILE).write_bytes(boot_file().read_bytes()[:100_000])
    with (
        boot_server_on(host, {FILE: tmp_path / FILE}),
        pytest.raises(
            NotFetched,
            match=r"is no EFI application: its section \S+ ends at octet \d+, the file at 100000: cut",
        ),
    ):
        fetched_application(fetch(node, BOOT_SERVER, FILE))


@pytest.mark.parametrize(
    "files,config",
    [({}, CONFIG), ({FILE: boot_file}, tftp("tftp-root=/srv/boot", "tftp-root=/srv"))],
    ids=["file missing", "another root"],
)
def test_file_the_server_has_not_is_told(
    files: dict[str, Callable[[], Path]], config: BootServerConfig, host: Host, node: EdgeNode
) -> None:
    """The server's own error 1 with the path it tried."""
    with (
        boot_server_on(host, {name: path() for name, path in files.items()}, config),
        pytest.raises(Refused, match=rf"error 1 \(file not found\) 'file /srv/(boot/)?{FILE} not found"),
    ):
        fetch(node, BOOT_SERVER, FILE, PLAIN)


def test_host_without_a_boot_server_says_so(host: Host, client: Host, node: EdgeNode) -> None:
    """Both ports are closed, which is reported differently from an unused address."""
    with pytest.raises(NotFetched, match=rf"UDP port 69 of {host.address.ip} \({host.mac}\) is closed"):
        fetch(node, BOOT_SERVER, FILE)
    with pytest.raises(NotFetched, match="refused the connection: no HTTP server there"):
        client.do(lambda: fetch_by_http(URL))


@pytest.mark.parametrize(
    "config,says",
    [
        (tftp("tftp-root=/srv/boot", "tftp-root=/absent"), r"dnsmasq ended with status \d, .*/absent"),
        (BootServerConfig(CONFIG.tftp, "nonsense;"), r"nginx ended with status 1, .*directive .nonsense"),
    ],
    ids=["dnsmasq", "nginx"],
)
def test_program_that_does_not_start_is_a_broken_lab(config: BootServerConfig, says: str, host: Host) -> None:
    """The error names the program and its last log line."""
    with pytest.raises(LabError, match=says), boot_server_on(host, {}, config):
        pass


def test_missing_files_are_told_with_their_mend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One line that names the command."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(LabError, match=r"ipxe\.efi is missing; run tools/boot-files"):
        boot_file()


@contextmanager
def answering(host: Host, *answers: bytes) -> Iterator[None]:
    """An HTTP server that gives these answers, one a connection or all on one."""
    listener = host.do(lambda: socket.create_server(("", 80)))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            for answer in answers:
                if not connection.recv(4096):
                    break
                connection.sendall(answer)

    with listener, ThreadPoolExecutor(1) as threads:
        served = threads.submit(serve)
        yield
        served.result()


def answer(status: str, *headers: str, body: bytes = b"") -> bytes:
    """An HTTP/1.1 answer."""
    return "\r\n".join((f"HTTP/1.1 {status}", *headers, "", "")).encode() + body


EFI_TYPE: Final = "application/efi"
EFI: Final = f"Content-Type: {EFI_TYPE}"
HEAD: Final = answer("200 OK", EFI, "Content-Length: 4")


@pytest.mark.covers("EDK2-http-boot-size", "UEFI-HTTP-boot-media-type")
@pytest.mark.parametrize(
    "answers,says",
    [
        ((answer("404 Not Found", "Content-Length: 0"),), "says 404 Not Found"),
        ((answer("302 Found", "Location: /x", "Content-Length: 0"),), "says 302 Found"),
        ((answer("200 OK", EFI, "Transfer-Encoding: chunked"),), r"has no Content-Length \(found None\)"),
        (
            (HEAD, answer("200 OK", EFI, "Content-Length: 2", body=b"MZ")),
            "announced 4 octets to HEAD, 2 to GET",
        ),
        ((HEAD, answer("200 OK", EFI, "Content-Length: 4", body=b"MZ")), r"broke off \(IncompleteRead"),
        ((HEAD,), r"broke off \(connection closed without an answer"),
        ((b"220 ready\r\n",), r"broke off \(BadStatusLine"),
        (
            (HEAD, answer("200 OK", "Content-Type: text/html", "Content-Length: 4", body=b"<p/>")),
            r"sent text/html, no boot file \(application/efi\)",
        ),
    ],
    ids=["missing", "elsewhere", "no length", "two lengths", "cut short", "no GET", "no HTTP", "a page"],
)
def test_http_answer_that_is_no_boot_file_says_why(
    answers: tuple[bytes, ...], says: str, host: Host, client: Host
) -> None:
    """It fails as in firmware, but with the reason."""
    with answering(host, *answers), pytest.raises(NotFetched, match=says):
        client.do(lambda: fetch_by_http(URL))


@pytest.mark.parametrize(
    "content_type", ["application/efi", "application/octet-stream", "Application/EFI; a=b"]
)
def test_name_decides_where_the_type_does_not(content_type: str, host: Host, client: Host) -> None:
    """EDK2's rule: application/efi, else a name that ends in .efi."""
    headers = (f"Content-Type: {content_type}", "Content-Length: 4")
    with answering(host, HEAD, answer("200 OK", *headers, body=b"MZ..")):
        assert client.do(lambda: fetch_by_http(URL)).content == b"MZ.."


def test_boot_server_holds_what_it_is_given(host: Host) -> None:
    """In subdirectories, too, readable for all users."""
    server = BootServer(host, host.directory / "boot")
    server.put("efi/a.efi", b"MZ")
    assert (server.content("efi/a.efi"), (server.directory / "efi" / "a.efi").stat().st_mode & 0o777) == (
        b"MZ",
        0o644,
    )
