"""dnsmasq's words that explain what many nodes suffer at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from edgeboot.server.log import LogLine


class Telling(StrEnum):
    """What dnsmasq 2.90 logs; the value is its own text."""

    NO_ADDRESS = "no address available"
    """For a DHCPDISCOVER without an offer."""
    NO_LEASE = "no leases left"
    """For a DHCPNAK: the lease database is full."""
    IN_USE = "address in use"
    """For a DHCPNAK: another client has got the address since it was offered."""
    IGNORED = "ignored"
    """For a DHCPDISCOVER of a machine that a dhcp-ignore or dhcp-host line leaves out."""
    ARP_REFUSED = "ARP-cache injection failed"
    """For a reply by unicast to a node that has no address yet: the kernel took no entry for it."""
    TFTP_RESTRICTED = "restricting maximum simultaneous TFTP transfers to"
    """At its start, where tftp-port-range has fewer ports than tftp-max."""
    NO_TFTP_PORT = "unable to get free port for TFTP"
    """For a request for a file, where every port of tftp-port-range is in use."""
    WRONG_ADDRESS = "wrong address"
    WRONG_NETWORK = "wrong network"
    NO_LEASE_FOUND = "lease not found"
    STATIC_LEASE = "static lease available"
    """Four more reasons of a DHCPNAK."""
    STARTED = "started, version"
    DISCOVER = "DHCPDISCOVER("
    OFFER = "DHCPOFFER("
    REQUEST = "DHCPREQUEST("
    ACK = "DHCPACK("
    NAK = "DHCPNAK("
    """The five messages of a lease, once each, but with quiet-dhcp."""


_WORDS: Final = re.compile("|".join(re.escape(each) for each in Telling))
_ABOUT_NO_CLIENT: Final = frozenset(
    {Telling.STARTED, Telling.TFTP_RESTRICTED, Telling.NO_TFTP_PORT, Telling.ARP_REFUSED}
)
"""Every other line has a client's MAC address."""


def telling_lines(lines: Iterable[LogLine], about: str = "") -> Counter[Telling]:
    """How many lines of a server's log have each of these words; a line may have several.

    Args:
        lines: of the log.
        about: what a line about a client has to contain, too, such as the beginning of a MAC address.
    """
    return Counter(
        Telling(words)
        for line in lines
        for words in _WORDS.findall(line.text)
        if words in _ABOUT_NO_CLIENT or about in line.text
    )
