"""The log line by which dnsmasq reports that it serves DHCP."""

from __future__ import annotations

from typing import Final

DNSMASQ_READY: Final = r"DHCP, sockets bound exclusively to interface|DHCP, IP range.*"
"""A regular expression: dnsmasq writes one of these lines once its sockets are bound."""
