"""Contract terms about boot files: the one that replies name, and the machines that serve them."""

from __future__ import annotations

from ipaddress import IPv4Address
from urllib.parse import urlsplit

from edgeboot.spec.contract.client_terms import ClientTerms
from edgeboot.spec.contract.terms import Address, web_host


class BootFileTerms(ClientTerms):
    """What replies say of the boot file, beside what each client boots."""

    server_identifier: Address
    next_server: Address
    server_name: str
    bootfile: str

    @property
    def serves_boot_files(self) -> bool:
        """Whether nodes fetch their boot file from the server under test itself."""
        return self.next_server == self.server_identifier and bool(self.own_boot_files)

    @property
    def boots_by_tftp(self) -> bool:
        """Whether ``bootfile`` is fetched by TFTP: not where there is none, or it is a URL."""
        return bool(self.bootfile) and "://" not in self.bootfile

    @property
    def boot_path(self) -> str:
        """Where the boot file is below its server's directory: its name, or of a URL the path."""
        return self.bootfile if self.boots_by_tftp else urlsplit(self.bootfile).path.removeprefix("/")

    @property
    def own_boot_files(self) -> tuple[str, ...]:
        """The names of the files that the contract has nodes fetch from the server under test by TFTP."""
        own = f"tftp://{self.server_identifier}/"
        urls = (url for url in self.boots.values() if isinstance(url, str) and url.startswith(own))
        names = (self.bootfile, *(url.removeprefix(own) for url in urls))
        return tuple(dict.fromkeys(name for name in names if name and "://" not in name))

    @property
    def web_server(self) -> IPv4Address | None:
        """The machine beside the server that serves the boot file by HTTP, too; None where there is none.

        It is ``next_server``; where that is the server itself, or ``bootfile`` is a URL, the first that
        that URL, or one of ``boots``, names.
        """
        if self.next_server != self.server_identifier and "://" not in self.bootfile:
            return self.next_server
        urls = (url for url in self.boots.values() if isinstance(url, str))
        hosts = (web_host(url) for url in (self.bootfile, *urls))
        return next((host for host in hosts if host not in {None, self.server_identifier}), None)
