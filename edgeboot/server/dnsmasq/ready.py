"""The line of dnsmasq's log by which it is known to serve DHCP."""

from __future__ import annotations

from typing import Final

DNSMASQ_READY: Final = r"DHCP, sockets bound exclusively to interface|DHCP, IP range.*"
"""A regular expression: dnsmasq writes one of these lines once its sockets are bound."""
