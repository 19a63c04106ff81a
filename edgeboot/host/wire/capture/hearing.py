"""Which frames of a segment pass an interface, by what the kernel says of bridges and ports.

A packet socket on a bridge that is promiscuous hears all that its forwarding ports receive and all that this
machine sends (net/bridge/br_input.c); one on a port hears what passes that port.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from edgeboot.host.links import LinkEnd, index_of, with_netlink

_FORWARDING: Final = 3
_SILENT_STATES: Final[Mapping[int | None, str]] = {
    0: "it is disabled: down, or without a link",
    1: "spanning tree has it listen only",
    2: "spanning tree has it learn only",
    4: "spanning tree has it blocked",
}
"""States of a bridge port in which its frames are dropped (linux/if_bridge.h)."""
_STACKED: Final = frozenset({"macvlan", "macvtap", "ipvlan", "ipvtap"})


@dataclass(frozen=True, slots=True)
class Unheard:
    """An interface of which frames do not come by."""

    interface: str
    why: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a packet socket on an interface hears of its segment."""

    interface: str
    bridge: str | None
    """The bridge that it is, or that it is a port of; None if it is neither."""
    heard: tuple[str, ...]
    """Interfaces by which every frame is heard: the bridge's ports, or itself alone."""
    unheard: tuple[Unheard, ...]

    @property
    def sentence(self) -> str:
        """What is heard and what is not, in one line."""
        if self.bridge == self.interface:
            begin = f"{self.interface} is a bridge: heard is what its ports receive ({_listed(self.heard)})"
        elif self.bridge is not None:
            begin = f"{self.interface} is a port of {self.bridge}: heard is what passes this port"
        else:
            begin = (
                f"heard is what reaches {self.interface}: of a switch that mirrors no port to it, frames to"
                " everybody and its own"
            )
        return "; ".join((begin, *(f"not all of {each.interface}: {each.why}" for each in self.unheard)))


def hearing(end: LinkEnd) -> Hearing:
    """What a packet socket on this interface hears.

    Raises:
        OSError: there is no such interface.
    """
    return with_netlink(end.namespace, lambda netlink: _hearing(netlink, end.interface))


def _hearing(netlink: Any, interface: str) -> Hearing:
    own = index_of(netlink, interface)
    links = {link["index"]: link for link in netlink.get_links()}
    is_bridge = _information(links[own], "IFLA_INFO_KIND") == "bridge"
    bridge = own if is_bridge else _bridge_of(links[own])
    ports = {
        index: link for index, link in links.items() if bridge is not None and _bridge_of(link) == bridge
    }
    if is_bridge:
        states = {index: _state(link) for index, link in ports.items()}
        heard = [index for index, state in states.items() if state == _FORWARDING]
        unheard = [
            Unheard(
                _name(ports[index]), _SILENT_STATES.get(state, "the bridge does not say that it forwards")
            )
            for index, state in states.items()
            if index not in heard
        ]
        unheard += _switched({index: ports[index] for index in heard})
    else:
        heard = [own]
        why = f"to one machine behind another port of {_name(links[bridge])}" if bridge is not None else ""
        unheard = [
            Unheard(_name(link), f"its frames {why} do not pass {interface}")
            for index, link in ports.items()
            if index != own
        ]
    unheard += _stacked(links, {own, *heard})
    named = _name(links[bridge]) if bridge is not None else None
    return Hearing(interface, named, tuple(_name(links[index]) for index in heard), tuple(unheard))


def _switched(ports: Mapping[int, Any]) -> Iterator[Unheard]:
    """Ports of one switch chip, which forwards between them without the kernel."""
    chips = [link.get_attr("IFLA_PHYS_SWITCH_ID") for link in ports.values()]
    for link in ports.values():
        chip = link.get_attr("IFLA_PHYS_SWITCH_ID")
        if chip and chips.count(chip) > 1:
            yield Unheard(_name(link), "its switch chip may forward to its other ports by itself")


def _stacked(links: Mapping[int, Any], below: set[int]) -> Iterator[Unheard]:
    """Interfaces on top of one, which hand frames to each other above it."""
    for link in links.values():
        # With a namespace it is an index there.
        base = link.get_attr("IFLA_LINK") if link.get_attr("IFLA_LINK_NETNSID") is None else None
        kind = _information(link, "IFLA_INFO_KIND")
        if kind in _STACKED and base in below:
            why = f"{kind} interfaces hand frames to each other without {_name(links[base])}"
            yield Unheard(_name(link), why)


def _state(link: Any) -> int | None:
    data = _information(link, "IFLA_INFO_SLAVE_DATA")
    return None if data is None else data.get_attr("IFLA_BRPORT_STATE")


def _bridge_of(link: Any) -> int | None:
    """The index of the bridge that it is a port of; None also for a port of a bond."""
    is_port = _information(link, "IFLA_INFO_SLAVE_KIND") == "bridge"
    return link.get_attr("IFLA_MASTER") if is_port else None


def _information(link: Any, attribute: str) -> Any:
    information = link.get_attr("IFLA_LINKINFO")
    return None if information is None else information.get_attr(attribute)


def _name(link: Any) -> str:
    return str(link.get_attr("IFLA_IFNAME"))


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "it has none that forwards"
