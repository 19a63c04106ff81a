"""Clients that a contract does not name: what would be wrong at any site, judged by their families."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from edgeboot.dhcp.clients import EDK2_PXE_X86_64, ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.vocabulary import same_processor
from edgeboot.spec.contract.contract import Contract

BootsAs = Callable[[ClientProfile], Boot | NoBoot]
"""What a client would boot on this segment, by the offers to it."""

_OTHER_LOADERS: Final = ("bootmgfw", "elilo", "grub", "lpxelinux", "pxelinux", "shim", "syslinux", "wds")
"""How the names of well-known boot files begin that are no iPXE, so that it does not start itself by them."""


@dataclass(frozen=True, slots=True)
class NotStated:
    """A client that the contract does not name, and what it would boot."""

    client: str
    boots: str
    """For people: the URL, or ``nothing`` with the reason."""
    url: str | None = None
    """What it would fetch; None where that is nothing."""

    def __str__(self) -> str:
        return f"{self.client} would boot {self.boots}"


def wrong_at_any_site(client: ClientProfile, url: str, contract: Contract, boots_as: BootsAs) -> str | None:
    """Why no site can mean that this client, which the contract does not name, boots this URL.

    Args:
        client: any client of the contract's ``all_clients``.
        url: what it would boot.
        contract: what it says of the other clients decides what the site knows of.
        boots_as: asks what the firmware that may have started the client would boot.
    """
    if client.is_ipxe:
        return _itself_again(client, url, contract, boots_as)
    return _for_another_processor(client, url, contract) if client.is_firmware else None


def starters(client: ClientProfile, contract: Contract) -> Iterator[ClientProfile]:
    """The firmware of the machines that run this client's programs."""
    for other in contract.all_clients.values():
        if other.is_firmware and same_processor(other.architecture, client.architecture):
            yield other


def starts_itself(client: ClientProfile, url: str, contract: Contract, boots_as: BootsAs) -> str | None:
    """The firmware that has started this iPXE from the very file it is sent to; None if there is none."""
    if urlsplit(url).path.rpartition("/")[2].lower().startswith(_OTHER_LOADERS):
        return None
    is_for_x86_64 = boots_as(EDK2_PXE_X86_64).url == url
    if is_for_x86_64 and not same_processor(client.architecture, EDK2_PXE_X86_64.architecture):
        return None  # One file for all: what it starts elsewhere is no iPXE, if anything.
    return next((str(each) for each in starters(client, contract) if boots_as(each).url == url), None)


def _itself_again(client: ClientProfile, url: str, contract: Contract, boots_as: BootsAs) -> str | None:
    sent_on = next(_sent_on(contract), None)
    starter = starts_itself(client, url, contract, boots_as) if sent_on is not None else None
    if sent_on is None or starter is None:
        return None
    return (
        f"from which {starter} has just started it: it starts itself for ever, where {sent_on} is sent on "
        f"to {contract.url_for(sent_on)}"
    )


def _sent_on(contract: Contract) -> Iterator[ClientProfile]:
    """The stated iPXEs that get something else than the firmware that starts them."""
    for client in contract.all_clients.values():
        url = contract.url_for(client) if client.is_ipxe else None
        started_from = {contract.url_for(firmware) for firmware in starters(client, contract)}
        if url is not None and url not in started_from:
            yield client


def _for_another_processor(client: ClientProfile, url: str, contract: Contract) -> str | None:
    files = [
        (other, urlsplit(stated).path)
        for other in contract.all_clients.values()
        if other.is_firmware and (stated := contract.url_for(other)) is not None
    ]
    own = [each for each in files if same_processor(each[0].architecture, client.architecture)]
    its = [other for other, path in files if path == urlsplit(url).path]
    if not own or not its or any(other in its for other, _ in own):
        return None
    same = own[0][0]
    return f"the file of {its[0]}, which is another processor's; {same} gets {contract.url_for(same)}"
