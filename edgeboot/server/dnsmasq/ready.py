"""By what dnsmasq says in its log that it serves DHCP."""

from __future__ import annotations

from typing import Final

DNSMASQ_READY: Final = r"DHCP, sockets bound exclusively to interface|DHCP, IP range.*"
"""A regular expression: dnsmasq writes one of these lines once its sockets are bound."""
