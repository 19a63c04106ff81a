"""The DHCP of a libvirt network: what it gives, taken out and put back, element by element.

A network has two descriptions: the live one, and the definition it is started from. libvirt's
update changes either, one <range> or <host> at a time, and keeps their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Self
from xml.etree import ElementTree as ET

from edgeboot.host.libvirt.connection import connect


class NetworkState(Enum):
    """One of a network's two descriptions."""

    LIVE = "live"
    PERSISTENT = "persistent"
    """Its definition, from which it is started."""


@dataclass(frozen=True, slots=True)
class RemovedDhcp:
    """The content of one <dhcp> in one description, deleted for a run; undoing puts it back."""

    kind: ClassVar[str] = "libvirt DHCP"
    uri: str
    network: str
    uuid: str | None
    """Distinguishes another network of the same name; None in journals of earlier versions."""
    state: NetworkState
    ip: int
    """Index of the network's <ip> element, from 0."""
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
        """From the fields that ``to_json`` wrote."""
        return cls(
            uri=str(fields["uri"]),
            network=str(fields["network"]),
            uuid=fields["uuid"],
            state=NetworkState(fields["state"]),
            ip=int(fields["ip"]),
            elements=tuple(map(str, fields["elements"])),
        )

    def delete_from(self, network: Any) -> None:
        """Delete every element, the last first, so that the rest keeps its order at any moment.

        Raises:
            libvirt.libvirtError: libvirt refuses.
        """
        for element in reversed(self.elements):
            update_dhcp(network, "DELETE", self, element)

    def undo(self) -> bool:
        """Add the missing elements in order; False if none is missing, or the network is not there.

        Of a stopped network only the definition is restored; another network of that name is not
        changed.

        Raises:
            OSError: libvirt refuses, or an added element is missing afterwards.
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
                return False  # It was stopped meanwhile.
        except libvirt.libvirtError as error:
            if error.get_error_code() == libvirt.VIR_ERR_NO_NETWORK:
                return False
            raise OSError(" ".join(str(error).split())) from error
        finally:
            connection.close()

    def _is_its(self, network: Any) -> bool:
        """Whether it is the network the elements were deleted from, and has that description now."""
        if self.uuid not in {None, network.UUIDString()}:
            return False
        return bool(network.isActive() if self.state is NetworkState.LIVE else network.isPersistent())

    def _put_back(self, network: Any) -> bool:
        missing = self._missing(network)
        # A user may have put back a later element by hand: the earlier ones go before it.
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
        present = [key for each in addresses[self.ip].iterfind("dhcp/*") for key in _keys(each)]
        return [
            element
            for element in self.elements
            if not any(key in present for key in _keys(ET.fromstring(element)))  # noqa: S314
        ]


def network_xml(network: Any, state: NetworkState) -> str:
    """One of the network's two descriptions, as libvirt's XML."""
    import libvirt  # noqa: PLC0415

    return str(network.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE if state is NetworkState.PERSISTENT else 0))


def update_dhcp(network: Any, command: str, of: RemovedDhcp, element: str) -> None:
    """Add or delete one <range> or <host>.

    Args:
        network: libvirt's object.
        command: DELETE, ADD_FIRST or ADD_LAST.
        of: states the description and the <ip> element to change.
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
    """The keys by which libvirt distinguishes elements: it refuses two that share one."""
    if element.tag == "range":
        return [("range", element.get("start", ""), element.get("end", ""))]
    return [(element.tag, name, element.get(name, "")) for name in ("mac", "name", "ip") if element.get(name)]
