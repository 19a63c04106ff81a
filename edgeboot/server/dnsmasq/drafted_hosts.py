"""The reserved machines of a dnsmasq.conf, for a drafted contract."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.tags import Tagged, addresses, applied_boot, client_tags
from edgeboot.server.dnsmasq.values import lease_seconds
from edgeboot.spec.contract.draft import Term, place
from edgeboot.spec.contract.reservations import Reservation

_MAC: Final = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", re.IGNORECASE)
_NAME: Final = re.compile(r"[a-z][a-z0-9-]*", re.IGNORECASE)
_KEYWORDS: Final = frozenset({"ignore", "infinite"})


@dataclass(frozen=True, slots=True)
class Host:
    """A dhcp-host line that gives one machine one address."""

    line: Directive
    reservation: Reservation

    @property
    def mac(self) -> MacAddress | None:
        """What it is known by; None for a client identifier."""
        return self.reservation.mac


def reservations(lines: Sequence[Directive]) -> tuple[tuple[Host, ...], tuple[str, ...]]:
    """The machines, and for each line that a contract cannot state why it is left out."""
    hosts, left_out, taken = list[Host](), list[str](), set[object]()
    for each in (Tagged.of(line) for line in lines if line.name == "dhcp-host"):
        if "ignore" in each.words:
            continue
        host = _host(each, lines)
        if host is not None and not {host.reservation.address, str(host.reservation)} & taken:
            taken |= {host.reservation.address, str(host.reservation)}
            hosts.append(host)
        else:
            left_out.append(f"not one machine with one address, so no reservation: {place(each.line)}")
    return tuple(hosts), tuple(left_out)


def reservation_terms(
    hosts: Sequence[Host], lines: Sequence[Directive], *, known_only: bool
) -> Iterator[Term]:
    """The machines, and whether no other is served."""
    if hosts:
        tables = ", ".join(_table(each.reservation) for each in hosts)
        yield Term("reservations", f"[{tables}]", ", ".join(place(each.line) for each in hosts))
    if known_only:
        ignoring = [line for line in lines if line.name in {"dhcp-ignore", "dhcp-range"}]
        yield Term("known_clients_only", "true", ", ".join(map(place, ignoring)))


def _host(host: Tagged, lines: Sequence[Directive]) -> Host | None:
    macs = [word.lower() for word in host.words if _MAC.fullmatch(word)]
    identifiers = [word.removeprefix("id:") for word in host.words if word.startswith("id:")]
    given = addresses(host.words)
    if len(given) != 1 or len(macs) + len(identifiers) != 1 or "*" in identifiers:
        return None
    words = [word for word in host.words if word not in _KEYWORDS and lease_seconds([word]) is None]
    names = [word for word in words if _NAME.fullmatch(word)]
    mac = MacAddress.parse(macs[0]) if macs else None
    return Host(
        host.line,
        Reservation(
            mac=mac,
            client_id=None if macs else identifiers[0],
            address=given[0],
            name=names[0] if len(names) == 1 else None,
            bootfile=_own_file(host, mac, lines),
        ),
    )


def _own_file(host: Tagged, mac: MacAddress | None, lines: Sequence[Directive]) -> str | None:
    """The boot file by a dhcp-boot line that asks for a tag of the host's."""
    if not host.given:
        return None
    identity = EdgeNodeIdentity.numbered(1) if mac is None else EdgeNodeIdentity.of(mac)
    tags = client_tags(identity.discover(1), lines)
    tags = tags if mac is not None else type(tags)((*tags.own, *host.given, "known"))
    boot = applied_boot(lines, tags)
    own = boot is not None and any(tag in host.given for tag in boot.needed)
    return (boot.words[0].strip('"') or None) if boot is not None and own and boot.words else None


def _table(machine: Reservation) -> str:
    stated = {
        "mac": machine.mac,
        "client_id": machine.client_id,
        "address": machine.address,
        "name": machine.name,
        "bootfile": machine.bootfile,
    }
    return (
        "{ " + ", ".join(f"{name} = {json.dumps(str(each))}" for name, each in stated.items() if each) + " }"
    )
