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
    TFTP_RESTRICTED = "restricting maximum simultaneous TFTP transfers to"
    """At its start, where tftp-port-range has fewer ports than tftp-max."""
    NO_TFTP_PORT = "unable to get free port for TFTP"
    """For a request for a file, where every port of tftp-port-range is in use."""
    TFTP_FAILED = "failed sending"
    """For a transfer that it has given up."""
    STARTED = "started, version"


_WORDS: Final = re.compile("|".join(re.escape(each) for each in Telling))


def telling_lines(lines: Iterable[LogLine]) -> Counter[Telling]:
    """How many lines of a server's log have each of these words."""
    found = (_WORDS.search(line.text) for line in lines)
    return Counter(Telling(match.group()) for match in found if match is not None)
