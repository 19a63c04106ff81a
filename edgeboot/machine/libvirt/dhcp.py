"""The DHCP of a libvirt network: what it gives, taken out and put back, element by element.

A network has two descriptions, of what runs and of what it is started from next. libvirt's
update changes either, one <range> or <host> at a time, and keeps their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Self
from xml.etree import ElementTree as ET

from edgeboot.machine.libvirt.connection import connect


class NetworkState(Enum):
    """Which of a network's two descriptions."""

    LIVE = "live"
    PERSISTENT = "persistent"
    """Its definition, from which it is started."""


@dataclass(frozen=True, slots=True)
class RemovedDhcp:
    """The content of one <dhcp>, of one of the two descriptions, as a leftover: undone, it is put back."""

    kind: ClassVar[str] = "libvirt DHCP"
    uri: str
    network: str
    uuid: str | None
    """Tells another network of the same name; None in journals of before it was written down."""
    state: NetworkState
    ip: int
    """Which of the network's <ip> elements."""
    elements: tuple[str, ...]

    def __str__(self) -> str:
        return f"DHCP switched off of libvirt network {self.network} ({self.state.value}, {self.uri})"

    def to_json(self) -> dict[str, Any]:
        """The network, its description and address, and the XML of each element."""
        return {
            "uri": self.uri,
            "network": self.network,
            "uuid": self.uuid,
            "state": self.state.value,
            "ip": self.ip,
            "elements": list(self.elements),
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """Of ``to_json``."""
        return cls(
            uri=str(fields["uri"]),
            network=str(fields["network"]),
            uuid=fields["uuid"],
            state=NetworkState(fields["state"]),
            ip=int(fields["ip"]),
            elements=tuple(map(str, fields["elements"])),
        )

    def take_out(self, network: Any) -> None:
        """Delete every element, the last first: what is left at any moment is how it began.

        Raises:
            libvirt.libvirtError: libvirt refuses.
        """
        for element in reversed(self.elements):
            update_dhcp(network, "DELETE", self, element)

    def undo(self) -> bool:
        """Add what is missing, in its order; False where nothing is, or nobody is there to get it.

        A network that has ended gets its definition back, one that is another's nothing.

        Raises:
            OSError: libvirt refuses, or what was added is not there.
            LabError: libvirt does not answer.
        """
        import libvirt  # noqa: PLC0415

        connection = connect(self.uri)
        try:
            network = connection.networkLookupByName(self.network)
            try:
                return self._is_its(network) and self._put_back(network)
            except libvirt.libvirtError:
                if self._is_its(network):
                    raise
                return False  # It has ended meanwhile.
        except libvirt.libvirtError as error:
            if error.get_error_code() == libvirt.VIR_ERR_NO_NETWORK:
                return False
            raise OSError(" ".join(str(error).split())) from error
        finally:
            connection.close()

    def _is_its(self, network: Any) -> bool:
        """Whether it is the network that it was taken out of, and has that description now."""
        if self.uuid not in {None, network.UUIDString()}:
            return False
        return bool(network.isActive() if self.state is NetworkState.LIVE else network.isPersistent())

    def _put_back(self, network: Any) -> bool:
        missing = self._missing(network)
        # Somebody may have put back a later one by hand: what was before it goes there again.
        first = next((each for each in self.elements if each not in missing), None)
        before = missing[: self.elements.index(first)] if first is not None else []
        for element in reversed(before):
            update_dhcp(network, "ADD_FIRST", self, element)
        for element in missing[len(before) :]:
            update_dhcp(network, "ADD_LAST", self, element)
        left = self._missing(network)
        if left:
            raise OSError(f"libvirt accepted {left[0]}, but its description does not contain it")
        return bool(missing)

    def _missing(self, network: Any) -> list[str]:
        addresses = ET.fromstring(network_xml(network, self.state)).findall("ip")  # noqa: S314
        if self.ip >= len(addresses):
            raise OSError(f"the network has no address number {self.ip + 1} any more")
        there = [key for each in addresses[self.ip].iterfind("dhcp/*") for key in _keys(each)]
        return [each for each in self.elements if not any(key in there for key in _keys(ET.fromstring(each)))]  # noqa: S314


def network_xml(network: Any, state: NetworkState) -> str:
    """One of the network's two descriptions, in libvirt's words."""
    import libvirt  # noqa: PLC0415

    return str(network.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE if state is NetworkState.PERSISTENT else 0))


def update_dhcp(network: Any, command: str, of: RemovedDhcp, element: str) -> None:
    """Add or delete one <range> or <host>.

    Args:
        network: libvirt's.
        command: DELETE, ADD_FIRST or ADD_LAST.
        of: tells which description, and which of its addresses.
        element: the XML.

    Raises:
        libvirt.libvirtError: libvirt refuses.
    """
    import libvirt  # noqa: PLC0415

    name = "LIVE" if of.state is NetworkState.LIVE else "CONFIG"
    network.update(
        getattr(libvirt, f"VIR_NETWORK_UPDATE_COMMAND_{command}"),
        getattr(libvirt, f"VIR_NETWORK_SECTION_IP_DHCP_{ET.fromstring(element).tag.upper()}"),  # noqa: S314
        of.ip,
        element,
        getattr(libvirt, f"VIR_NETWORK_UPDATE_AFFECT_{name}"),
    )


def _keys(element: ET.Element) -> list[tuple[str, ...]]:
    """By which libvirt tells elements apart: two with one of them in common it does not take."""
    if element.tag == "range":
        return [("range", element.get("start", ""), element.get("end", ""))]
    return [(element.tag, name, element.get(name, "")) for name in ("mac", "name", "ip") if element.get(name)]
