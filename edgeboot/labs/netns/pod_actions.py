"""Does what a probe or a lifecycle hook of the server's container says, from where the kubelet does it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address

from edgeboot.host.container import Container
from edgeboot.host.namespace import in_namespace
from edgeboot.host.probe import connect, get
from edgeboot.spec.manifests.pod import ContainerManifest
from edgeboot.spec.manifests.probes import ExecAction, Handler, Hook, HttpGetAction, TcpSocketAction


@dataclass(frozen=True, slots=True)
class PodActions:
    """Actions in the server's container, and on the network of its node."""

    manifest: ContainerManifest
    """The server's container: its ports have the names that an action may use."""
    namespace: str
    """The network namespace of the node."""
    address: IPv4Address
    """The node's, which a Pod with hostNetwork has: where an action goes that names no host."""

    def do(self, handler: Handler, container: Container, within: timedelta) -> str | None:
        """Do it; None for a success, else what happened."""
        if isinstance(handler, Hook) and handler.sleep is not None:
            with suppress(subprocess.TimeoutExpired):
                container.wait(timedelta(seconds=handler.sleep.seconds))
            return None
        match handler.action:
            case ExecAction(command=command):
                return container.execute(command, within)
            case TcpSocketAction(host=host, port=port):
                return self._at_port(port, lambda number: connect(host or str(self.address), number, within))
            case HttpGetAction(port=port) as action:
                return self._at_port(port, lambda number: self._get(action, number, within))
        return None

    def _at_port(self, port: int | str, act: Callable[[int], str | None]) -> str | None:
        """Act on the node's network with the number of a port, which may be the name of a container's."""
        named = {each.name: each.container_port for each in self.manifest.ports}
        text = str(port)
        number = named.get(text, int(text) if text.isdecimal() else None)
        if number is None:
            return f"the container has no port of the name {port}"
        return in_namespace(self.namespace, lambda: act(number))

    def _get(self, action: HttpGetAction, port: int, within: timedelta) -> str | None:
        headers = {header.name: header.value for header in action.http_headers}
        host, tls = action.host or str(self.address), action.scheme == "HTTPS"
        return get(host, port, action.path, within, headers=headers, tls=tls)


def words(handler: Handler) -> str:
    """What a hook or probe does, for messages."""
    sleep = handler.sleep if isinstance(handler, Hook) else None
    return str(sleep or handler.action)
