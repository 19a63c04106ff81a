"""Comparison of a boot file, and of refusals of others, with what a boot server should send."""

from __future__ import annotations

from collections.abc import Collection

from edgeboot.labs.hosts.boot_file_server import BootFileServer
from edgeboot.node.boot.fetched import Fetched, Refused
from edgeboot.report.value_check import ValueCheck


class BootFileCheck(ValueCheck):
    """Comparisons of files; each raises AssertionError, whose only argument is the ``Finding``."""

    __slots__ = ()

    def is_file_of(self, server: BootFileServer, name: str, fetched: Fetched) -> None:
        """The server's file of this name was fetched, and from that server."""
        __tracebackhide__ = True
        self.value(fetched, "boot_server", fetched.sender, server.sender)
        expected = server.sha256(name)
        told = f"{fetched}, expected that of {name}: {expected}"
        self.value(fetched, "boot_file", fetched.sha256, expected, told)

    def refused_with(self, refused: Refused, codes: Collection[int]) -> None:
        """The refusal has one of these TFTP error codes or HTTP statuses."""
        __tracebackhide__ = True
        names = " or ".join(getattr(code, "name", str(code)) for code in sorted(codes))
        told = f"{refused}; expected {names}"
        self.that(refused.code in codes, refused, "error", refused.code, frozenset(codes), told)
