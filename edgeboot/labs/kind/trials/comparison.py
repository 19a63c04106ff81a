"""What the cluster keeps and tells of the Pod, compared and read; needs no cluster itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Any

from edgeboot.base.mac import MacAddress

Told = tuple[str, int, IPv4Address | None]
"""A message's name, its xid, and the address in its line."""


def changed(intended: Any, kept: Any, path: str = "spec") -> Iterator[str]:
    """Where what the API server keeps is not what was intended; what it adds is no change."""
    if isinstance(intended, dict) and isinstance(kept, dict):
        for name, value in intended.items():
            yield from changed(value, kept.get(name), f"{path}.{name}")
    elif isinstance(intended, list) and isinstance(kept, list) and len(intended) == len(kept):
        for at, (value, other) in enumerate(zip(intended, kept, strict=True)):
            yield from changed(value, other, f"{path}[{at}]")
    elif intended != kept:
        yield f"{path}: expected {intended!r}, the API server has {kept!r}"


def told_of(mac: MacAddress, log: str) -> list[Told]:
    """dnsmasq's lines about the messages of and to one client, with log-dhcp."""
    line = re.compile(rf"dnsmasq-dhcp: (\d+) (DHCP\w+)\(\S+\) (?:([\d.]+) )?{mac}", re.IGNORECASE)
    return [
        (name, int(xid), IPv4Address(address) if address else None)
        for xid, name, address in line.findall(log)
    ]
