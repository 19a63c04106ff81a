"""A contract drafted from the dnsmasq.conf of a ProxyDHCP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from edgeboot.dhcp import firmware
from edgeboot.dhcp.clients import EDK2_PXE_X86_64, BootRules
from edgeboot.dhcp.firmware import Boot
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.server.dnsmasq.config import Directive
from edgeboot.server.dnsmasq.drafted_boots import Predicted, boots_terms, predictions, unsure
from edgeboot.server.dnsmasq.offers import Configured
from edgeboot.server.dnsmasq.resolver_lines import serves_names
from edgeboot.spec.contract.client_terms import ProxyOffer
from edgeboot.spec.contract.draft import Draft, Term, place, text

_EVERY_PORT: Final = (1024, 65535)
_OF_THE_SITE: Final = "proxy.address_server, the site's own server, and what it gives with an address"


def drafted_proxy(configured: Configured) -> Draft:
    """The terms that it decides; those of the address are the site's own server's."""
    found = predictions(configured, EdgeNodeIdentity.numbered(1))
    booting = [each for each in found if isinstance(each.outcome, Boot)]
    default = next((each for each in booting if each.client == EDK2_PXE_X86_64), next(iter(booting), None))
    own = configured.interface.ip
    terms = (
        Term("server_identifier", text(own), "the address of the interface"),
        *_boot_data(default),
        *_tftp_ports(configured.lines),
        *_offers(found),
        *boots_terms([each for each in found if each.client.rules is not BootRules.NOTHING]),
    )
    removed = ("boots", "proxy.offers", *_open_ports(configured.lines))
    return Draft(terms, "proxydhcp", removed, (_OF_THE_SITE, *unsure(found), *_in_vain(found)))


def _boot_data(default: Predicted | None) -> Iterator[Term]:
    """What the message has from which the default client takes its file."""
    if default is None or default.read is None:
        return
    message, name = default.read, default.client.name
    bootfile = firmware.bootfile(message)
    yield Term("next_server", text(message.siaddr), f"siaddr for {name}")
    yield Term("server_name", text(message.sname.decode()), f"for {name}")
    yield Term("bootfile", text("" if bootfile is None else bootfile.text), f"for {name}")
    yield Term("options", "[43, 53, 54, 60, 97]", "what dnsmasq sends as a ProxyDHCP")


def _tftp_ports(lines: Sequence[Directive]) -> Iterator[Term]:
    line = next((each for each in lines if each.name == "tftp-port-range"), None)
    if line is None:
        yield Term("proxy.tftp_ports", json.dumps(_EVERY_PORT), "no tftp-port-range: any port")
    else:
        yield Term("proxy.tftp_ports", json.dumps([int(each) for each in line.value.split(",")]), place(line))


def _offers(found: Sequence[Predicted]) -> Iterator[Term]:
    """Offers that lead to nothing; what ``boots`` says implies the others."""
    for each in found:
        idle = each.offer is not None and not isinstance(each.outcome, Boot)
        if idle and each.named is None and not each.depends_on_the_site:
            yield Term(f"proxy.offers.{each.client.name}", text(ProxyOffer.NO_FILE.value), str(each.outcome))


def _in_vain(found: Sequence[Predicted]) -> Iterator[str]:
    """Clients that are sent a file and do not boot it: the contract states only that they boot nothing."""
    for each in found:
        if each.named is not None and not isinstance(each.outcome, Boot):
            yield f"whether this is meant: {each.client.name} is sent {each.named}, and boots {each.outcome}"


def _open_ports(lines: Sequence[Directive]) -> Iterator[str]:
    if serves_names(lines):
        yield "deployment.closed_ports.53"
