"""Fetches the boot file over HTTP as UEFI HTTP Boot does: HEAD for the size, then GET.

It uses the kernel's TCP, so run it on a host of the segment (``Host.do``). Whether the
response is a boot file is decided by EDK2's rule (NetworkPkg/HttpBootDxe): by its
Content-Type, else by the suffix of the name.
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
from edgeboot.base.waiting import waiting
from edgeboot.node.boot.fetched import Fetched, NotFetched, Refused, address_in

EFI: Final = "application/efi"
"""The media type of an EFI image (UEFI 2.10 section 24.7)."""
_UNTYPED: Final = "application/octet-stream"
_OK: Final = 200
_NEIGHBOURS: Final = Path("/proc/thread-self/net/arp")
"""ARP table of the network namespace of the calling thread (proc(5))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedByHttp(Fetched):
    """A file fetched over HTTP."""

    content_type: str
    """The media type without parameters, in lower case."""


def fetch_by_http(url: str) -> FetchedByHttp:
    """Read a file from an HTTP server on the segment into memory, without proxy or redirection.

    Raises:
        Refused: a status other than 200.
        NotFetched: no connection, a truncated response, a length other than announced, or a
            response that is no boot file.
    """
    url_parts, started = urlsplit(url), time.monotonic()
    if url_parts.scheme != "http" or url_parts.hostname is None:
        raise NotFetched(f"{url}: is not fetched by HTTP")
    server, port = address_in(url), url_parts.port or 80
    connection = HTTPConnection(str(server), port, timeout=Wait.HTTP_ANSWER.total_seconds())
    try:
        with waiting(f"a connection to {server} port {port}", Wait.HTTP_ANSWER):
            connection.connect()
        mac = _mac_of(server, url)
        with _request(connection, "HEAD", url, mac) as response:
            size = _length(response, url)
            response.read()  # Reads nothing, but frees the connection for the next request.
        with _request(connection, "GET", url, mac) as response:
            content = response.read()
    except (OSError, HTTPException) as error:
        raise NotFetched(f"{url}: {server} {_reason(error)}") from error
    finally:
        connection.close()
    duration = timedelta(seconds=time.monotonic() - started)
    if not size == _length(response, url) == len(content):
        raise NotFetched(
            f"{url}: {server} ({mac}) announced {size} octets to HEAD, "
            f"{response.headers['Content-Length']} to GET, and sent {len(content)}"
        )
    return FetchedByHttp(
        url=url,
        content=content,
        server=server,
        mac=mac,
        server_port=port,
        duration=duration,
        content_type=_boot_file_type(response, url, f"{server} ({mac})"),
    )


def _request(connection: HTTPConnection, method: str, url: str, mac: MacAddress) -> HTTPResponse:
    connection.request(method, urlsplit(url).path, headers={"User-Agent": "UefiHttpBoot/1.0"})
    response = connection.getresponse()
    if response.status == _OK:
        return response
    response.close()
    status = f"{response.status} {response.reason}"
    raise Refused(url, address_in(url), mac, response.status, status)


def _length(response: HTTPResponse, url: str) -> int:
    """The Content-Length in octets; firmware allocates its buffer by it."""
    text = response.headers["Content-Length"]
    if text is None or not text.isdecimal():
        raise NotFetched(f"{url}: the response has no Content-Length (found {text!r})")
    return int(text)


def _boot_file_type(response: HTTPResponse, url: str, sender: str) -> str:
    content_type = response.headers["Content-Type"] or ""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == EFI or (media_type == _UNTYPED and urlsplit(url).path.lower().endswith(".efi")):
        return media_type
    raise NotFetched(f"{url}: {sender} sent {content_type or 'no Content-Type'}, no boot file ({EFI})")


def _mac_of(server: IPv4Address, url: str) -> MacAddress:
    """The server's MAC address, from the kernel's ARP table after the connection was made."""
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
            # Depending on what the kernel had read, this is a RemoteDisconnected, which is a subclass.
            return f"broke off (connection closed without an answer: {error})"
        case _:
            return f"broke off ({type(error).__name__}: {error})"
