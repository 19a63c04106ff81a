"""What serves the boot files, whichever machine it is: the server under test itself, or one beside it."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from edgeboot.base.mac import MacAddress
from edgeboot.server.log import ServerLog
from edgeboot.server.protocol import DhcpServer


class BootFileServer(ABC):
    """Serves files whose content is known."""

    @property
    @abstractmethod
    def address(self) -> IPv4Address:
        """Where it serves."""

    @property
    @abstractmethod
    def mac(self) -> MacAddress:
        """The Ethernet address that its answers come from."""

    @property
    @abstractmethod
    def log(self) -> ServerLog:
        """What it has written."""

    @abstractmethod
    def content(self, file: str) -> bytes:
        """Of a file it serves; raises FileNotFoundError."""

    @abstractmethod
    def put(self, file: str, content: bytes) -> None:
        """Make it serve a file."""

    @property
    def sender(self) -> str:
        """Address and MAC, as error messages name a server."""
        return f"{self.address} ({self.mac})"

    def sha256(self, file: str) -> str:
        """Of a file it serves, in hexadecimal; raises FileNotFoundError."""
        return hashlib.sha256(self.content(file)).hexdigest()

    def url(self, scheme: str, file: str) -> str:
        """Where it serves a file."""
        return f"{scheme}://{self.address}/{file.lstrip('/')}"


@dataclass
class OwnBootFiles(BootFileServer):
    """The server under test, where it serves the boot files itself."""

    server: DhcpServer
    put_on_node: Callable[[str, bytes], None]
    """Puts a file of this name where its TFTP finds it: ``Lab.put_boot_file``."""
    files: Mapping[str, bytes]
    """What the lab has put there."""
    _added: dict[str, bytes] = field(default_factory=dict)

    @property
    def address(self) -> IPv4Address:
        """The server's."""
        return self.server.address

    @property
    def mac(self) -> MacAddress:
        """The server's."""
        return self.server.mac

    @property
    def log(self) -> ServerLog:
        """The server's, with its DHCP."""
        return self.server.log

    def content(self, file: str) -> bytes:
        """Of a file that the lab has put there; raises FileNotFoundError for any other."""
        for there in (self._added, self.files):
            if file in there:
                return there[file]
        raise FileNotFoundError(file)

    def put(self, file: str, content: bytes) -> None:
        """Put a file on the server's node."""
        self.put_on_node(file, content)
        self._added[file] = content
