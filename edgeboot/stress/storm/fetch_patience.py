"""How long clients wait for a boot server, and what they ask it for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.dhcp.clients import BootRules, ClientProfile
from edgeboot.node.boot.tftp_clients import READ_REQUESTS
from edgeboot.node.boot.tftp_packets import TftpOptions

ARP_WAITS: Final = (1.0, 1.0, 1.0)
"""Seconds after each ARP request: of no client in particular, since a neighbour answers at once or never."""


@dataclass(frozen=True, slots=True)
class FetchPatience:
    """A client's patience with boot servers, in seconds."""

    boot_server: tuple[float, ...]
    """After each request to port 4011."""
    tftp: tuple[float, ...]
    """After each packet to a TFTP server without an answer, before it is sent again."""
    source: str
    """Project and file that define this, and what was seen of it on the wire."""


_IPXE: Final = FetchPatience(
    (0.25, 0.5, 1.0, 2.0),
    (0.25, 0.5, 1.0, 2.0, 4.0, 8.0),
    "iPXE net/retry.c (DEFAULT_MIN_TIMEOUT, DEFAULT_MAX_TIMEOUT), net/udp/tftp.c, src/config/dhcp.h "
    "(DHCP_PROXY_START_TIMEOUT_SEC, DHCP_REQ_PROXY_TIMEOUT_SEC)",
)
_PATIENCE: Final[Mapping[BootRules, FetchPatience]] = MappingProxyType(
    {
        BootRules.EDK2_PXE: FetchPatience(
            (1.0, 2.0, 3.0, 4.0),
            (4.0,) * 6,
            "EDK2 NetworkPkg/UefiPxeBcDxe: PxeBcImpl.h (PXEBC_MTFTP_TIMEOUT, PXEBC_MTFTP_RETRIES), "
            "PxeBcDhcp4.c PxeBcDhcp4Discover; on the wire of OVMF 2022.11 it asked port 4011 after "
            "0, 1, 3 and 6 s",
        ),
        BootRules.IPXE: _IPXE,
        BootRules.IPXE_BIOS: _IPXE,
    }
)


def fetch_patience(client: ClientProfile) -> FetchPatience:
    """A client's.

    Raises:
        UsageError: it is not known.
    """
    known = _PATIENCE.get(client.rules)
    if known is None:
        problem = f"fetches a boot file, and how long {client.name} waits for one is not known"
        raise UsageError("--fetch", problem, "choose a client of EDK2's PXE or iPXE, or leave it out")
    return known


def read_requests(client: ClientProfile) -> tuple[TftpOptions, ...]:
    """The options of its read requests for one file; those before the last ask for its size alone."""
    return READ_REQUESTS[client.rules]
