"""The boot file by HTTP, as UEFI HTTP Boot fetches it: HEAD for its size, then GET, on one connection.

Needs a kernel's stack: run it on a host of the segment (``Host.do``). What makes the answer
a boot file is EDK2's rule (NetworkPkg/HttpBootDxe): its Content-Type, else the name's ending.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from edgeboot.base.deadline import Wait
from edgeboot.base.mac import MacAddress
from edgeboot.node.boot.fetched import Fetched, NotFetched, Refused, address_in

EFI: Final = "application/efi"
"""The media type of an EFI image, in UEFI HTTP Boot."""
_UNTYPED: Final = "application/octet-stream"
_OK: Final = 200
_NEIGHBOURS: Final = Path("/proc/thread-self/net/arp")
"""Of the network namespace the caller's thread is in (proc(5))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedByHttp(Fetched):
    """A file and what its server called it."""

    content_type: str


def fetch_by_http(url: str) -> FetchedByHttp:
    """Read a file of an HTTP server on the segment into memory; no proxy, no redirection.

    Raises:
        Refused: any status but 200.
        NotFetched: no connection, an answer cut short, of another length than told, or no boot file.
    """
    parts, started = urlsplit(url), time.monotonic()
    if parts.scheme != "http" or parts.hostname is None:
        raise NotFetched(f"{url}: is not fetched by HTTP")
    server, port = address_in(url), parts.port or 80
    connection = HTTPConnection(str(server), port, timeout=Wait.HTTP_ANSWER.total_seconds())
    try:
        connection.connect()
        mac = _mac_of(server, url)
        with _answer(connection, "HEAD", url, mac) as response:
            told = _length(response, url)
            response.read()  # Nothing, and the connection is free for the next request.
        with _answer(connection, "GET", url, mac) as response:
            content = response.read()
    except (OSError, HTTPException) as error:
        raise NotFetched(f"{url}: {server} {_reason(error)}") from error
    finally:
        connection.close()
    took = timedelta(seconds=time.monotonic() - started)
    if not told == _length(response, url) == len(content):
        raise NotFetched(
            f"{url}: {server} ({mac}) told {told} octets to HEAD, {response.headers['Content-Length']} to "
            f"GET, and sent {len(content)}"
        )
    return FetchedByHttp(
        url=url,
        content=content,
        server=server,
        mac=mac,
        server_port=port,
        took=took,
        content_type=_boot_file_type(response, url, f"{server} ({mac})"),
    )


def _answer(connection: HTTPConnection, method: str, url: str, mac: MacAddress) -> HTTPResponse:
    connection.request(method, urlsplit(url).path, headers={"User-Agent": "UefiHttpBoot/1.0"})
    response = connection.getresponse()
    if response.status == _OK:
        return response
    response.close()
    said = f"{response.status} {response.reason}"
    raise Refused(url, f"{connection.host} ({mac})", response.status, said)


def _length(response: HTTPResponse, url: str) -> int:
    """Content-Length; firmware allocates memory by it."""
    text = response.headers["Content-Length"]
    if text is None or not text.isdecimal():
        raise NotFetched(f"{url}: the answer tells no Content-Length (found {text!r})")
    return int(text)


def _boot_file_type(response: HTTPResponse, url: str, sender: str) -> str:
    content_type = response.headers["Content-Type"] or ""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == EFI or (kind == _UNTYPED and urlsplit(url).path.lower().endswith(".efi")):
        return kind
    raise NotFetched(f"{url}: {sender} sent {content_type or 'no Content-Type'}, no boot file ({EFI})")


def _mac_of(server: IPv4Address, url: str) -> MacAddress:
    """Who has the address, by the kernel that has just spoken to it."""
    for line in _NEIGHBOURS.read_text(encoding="ascii").splitlines()[1:]:
        address, _, _, mac, *_ = line.split()
        if address == str(server):
            return MacAddress.parse(mac)
    raise NotFetched(f"{url}: {server} is not on this segment")


def _reason(error: Exception) -> str:
    match error:
        case ConnectionRefusedError():
            return "refused the connection: no HTTP server there"
        case TimeoutError():
            return f"did not answer within {Wait.HTTP_ANSWER.total_seconds():g} s"
        case ConnectionResetError():
            # Of which kind depends on what the kernel had read by then: RemoteDisconnected is one, too.
            return f"broke off (connection closed without an answer: {error})"
        case _:
            return f"broke off ({type(error).__name__}: {error})"
