"""A file that a machine has asked for, by whatever protocol: how that ended, and the content that came."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv4Address

from edgeboot.base.mac import MacAddress
from edgeboot.report.machine_boot.content import Content


class Ending(Enum):
    """How a download ended, as far as the capture goes."""

    WHOLE = "whole"
    """Its last block was acknowledged, or every octet of the answer came."""
    SIZE_ONLY = "size only"
    """The client wanted the size, and ended it by TFTP's error 8, or asked by HEAD."""
    ELSEWHERE = "elsewhere"
    """The server named another place where the file is."""
    NO_FILE = "no file"
    """The server's answer was no refusal, and brought no whole file."""
    REFUSED = "refused"
    SILENT = "not answered"
    UNSEEN = "answered elsewhere"
    """The client went on as one does that is answered; the capture has none of the answers."""
    CUT = "cut off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download(ABC):
    """One request and what followed; times are in seconds since the epoch."""

    at: float
    server: IPv4Address
    ending: Ending
    ended: float
    """When its last packet passed."""
    progressed: float = 0.0
    """When the last octets of it came that were new; zero where that is not known, or none came."""
    content: Content = field(default_factory=Content)
    """As far as it came without a gap, but for what the client has and the capture lacks."""
    server_mac: MacAddress | None = None
    """Where the answers came from; None without any."""

    @property
    @abstractmethod
    def url(self) -> str:
        """What was asked for."""

    @property
    @abstractmethod
    def told(self) -> str:
        """How it ended, in words."""

    @property
    def sha256(self) -> str:
        """Of the content, in hexadecimal, or that it is not known."""
        return self.content.sha256
