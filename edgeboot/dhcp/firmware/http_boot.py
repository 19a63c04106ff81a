"""UEFI HTTP Boot as EDK2 does it (NetworkPkg/HttpBootDxe/HttpBootDhcp4.c; UEFI 2.10 section 24.7).

An offer counts only with option 60 HTTPClient and a URL in option 67 or in ``file``. A URL
with a host name needs a DNS server (option 6) in one of the offers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.clients import HTTP_CLASS
from edgeboot.dhcp.firmware import edk2_lease
from edgeboot.dhcp.firmware.answers import Answers, has_vendor_class
from edgeboot.dhcp.firmware.names import bootfile
from edgeboot.dhcp.firmware.verdict import Boot, Lack, NoBoot, host_of_url
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode

_SCHEMES: Final = ("http", "https")


@dataclass(frozen=True, slots=True)
class _HttpOffer:
    url: str
    host_is_address: bool
    names_dns_server: bool
    proxied: bool
    message: DhcpMessage


def boots(answers: Answers) -> Boot | NoBoot:
    """The URL from the first usable combination of offers, in the order of HttpBootSelectDhcpOffer."""
    heard = edk2_lease.heard(answers)
    return _boots(heard) if heard.addressed else edk2_lease.unheard(answers)


def _boots(answers: Answers) -> Boot | NoBoot:
    http_offers = [offer for offer in answers.offers if has_vendor_class(HTTP_CLASS, offer)]
    usable = list(_usable(http_offers))
    plain_dhcp = [offer for offer in answers.addressed if not has_vendor_class(HTTP_CLASS, offer)]
    has_dns_server = any(OptionCode.DOMAIN_NAME_SERVER in offer.options for offer in plain_dhcp)
    for candidates in (
        [offer for offer in usable if not offer.proxied and offer.host_is_address],
        [offer for offer in usable if not offer.proxied and offer.names_dns_server],
        [offer for offer in usable if offer.proxied and offer.host_is_address and plain_dhcp],
        [offer for offer in usable if offer.proxied and has_dns_server],
        [offer for offer in usable if not offer.proxied and has_dns_server],
    ):
        if candidates:
            chosen = candidates[0]
            given_up = edk2_lease.gives_up(plain_dhcp[0] if chosen.proxied else chosen.message)
            return given_up or Boot(chosen.url)
    return _why_not(http_offers, usable)


def _usable(http_offers: list[DhcpMessage]) -> Iterator[_HttpOffer]:
    for offer in http_offers:
        file = bootfile(offer)
        host = None if file is None else host_of_url(file.text, _SCHEMES)
        if file is None or host is None:
            continue
        names_dns_server = OptionCode.DOMAIN_NAME_SERVER in offer.options
        yield _HttpOffer(file.text, _is_address(host), names_dns_server, offer.yiaddr == UNSPECIFIED, offer)


def _why_not(http_offers: list[DhcpMessage], usable: list[_HttpOffer]) -> NoBoot:
    if not http_offers:
        reason = "no offer has option 60 HTTPClient, without which none is for HTTP Boot"
        return NoBoot(reason, lacks=Lack.HTTP_CLASS)
    if not usable:
        file = bootfile(http_offers[0])
        reason = f"the boot file {file.text if file else None!r} is no URL with http or https"
        return NoBoot(reason, lacks=Lack.URL)
    reason = f"{usable[0].url} has a name for its host, and no offer has a DNS server (option 6)"
    return NoBoot(reason, lacks=Lack.NAME_SERVER)


def _is_address(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True
