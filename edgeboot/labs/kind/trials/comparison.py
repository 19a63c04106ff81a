"""Differences between the rendered and the stored Pod, and messages in its log; needs no cluster."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Any

from edgeboot.base.mac import MacAddress

LoggedMessage = tuple[str, int, IPv4Address | None]
"""A message's name, its xid, and the address in its line."""


def differences(intended: Any, kept: Any, path: str = "spec") -> Iterator[str]:
    """Where the stored object differs from the intended one; fields the API server adds are no difference."""
    if isinstance(intended, dict) and isinstance(kept, dict):
        for name, value in intended.items():
            yield from differences(value, kept.get(name), f"{path}.{name}")
    elif isinstance(intended, list) and isinstance(kept, list) and len(intended) == len(kept):
        for at, (value, other) in enumerate(zip(intended, kept, strict=True)):
            yield from differences(value, other, f"{path}[{at}]")
    elif intended != kept:
        yield f"{path}: expected {intended!r}, the API server has {kept!r}"


def logged_messages(mac: MacAddress, log: str) -> list[LoggedMessage]:
    """dnsmasq's lines about the messages of and to one client, with log-dhcp."""
    line = re.compile(rf"dnsmasq-dhcp: (\d+) (DHCP\w+)\(\S+\) (?:([\d.]+) )?{mac}", re.IGNORECASE)
    return [
        (name, int(xid), IPv4Address(address) if address else None)
        for xid, name, address in line.findall(log)
    ]
