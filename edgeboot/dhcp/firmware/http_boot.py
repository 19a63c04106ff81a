"""UEFI HTTP Boot as EDK2 does it (NetworkPkg/HttpBootDxe/HttpBootDhcp4.c; UEFI 2.10 section 24.7).

An offer is for it only with option 60 HTTPClient, and then names a URL in option 67 or in
``file``. A host's name needs option 6 from whoever gives the address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.clients import HTTP_CLASS
from edgeboot.dhcp.firmware.answers import Answers, is_for
from edgeboot.dhcp.firmware.names import bootfile
from edgeboot.dhcp.firmware.verdict import Boot, NoBoot, host_of_url
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode

_SCHEMES: Final = ("http", "https")


@dataclass(frozen=True, slots=True)
class _HttpOffer:
    url: str
    by_address: bool
    resolves: bool
    proxied: bool


def boots(answers: Answers) -> Boot | NoBoot:
    """The URL of the first combination of offers, in the order of HttpBootSelectDhcpOffer."""
    meant = [offer for offer in answers.offers if is_for(HTTP_CLASS, offer)]
    offers = list(_usable(meant))
    plain = [offer for offer in answers.addressed if not is_for(HTTP_CLASS, offer)]
    resolving = any(OptionCode.DOMAIN_NAME_SERVER in offer.options for offer in plain)
    for possible in (
        [each for each in offers if not each.proxied and each.by_address],
        [each for each in offers if not each.proxied and each.resolves],
        [each for each in offers if each.proxied and each.by_address and plain],
        [each for each in offers if each.proxied and resolving],
        [each for each in offers if not each.proxied and resolving],
    ):
        if possible:
            return Boot(possible[0].url)
    return NoBoot(_lacking(answers, meant, offers))


def _usable(meant: list[DhcpMessage]) -> Iterator[_HttpOffer]:
    for offer in meant:
        file = bootfile(offer)
        host = None if file is None else host_of_url(file.text, _SCHEMES)
        if file is None or host is None:
            continue
        resolves = OptionCode.DOMAIN_NAME_SERVER in offer.options
        yield _HttpOffer(file.text, _is_address(host), resolves, offer.yiaddr == UNSPECIFIED)


def _lacking(answers: Answers, meant: list[DhcpMessage], offers: list[_HttpOffer]) -> str:
    if not answers.addressed:
        return "no address is offered"
    if not meant:
        return "no offer has option 60 HTTPClient, without which none is for HTTP Boot"
    if not offers:
        file = bootfile(meant[0])
        return f"the boot file {file.text if file else None!r} is no URL with http or https"
    return f"{offers[0].url} has a name for its host, and no offer has a DNS server (option 6)"


def _is_address(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True
