"""A contract drafted from what a server offered, for a person to correct."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from edgeboot.dhcp import firmware
from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.vocabulary import option_name
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.spec.contract.draft import Draft, Term, client_of_nodes, duration, text
from edgeboot.spec.contract.terms import URL

_TIMES = ("lease_time", "renewal_time", "rebinding_time")


def drafted_from(offer: Reply, seen: Mapping[ClientProfile, Exchange]) -> Draft:
    """What the first offer shows, what each client would boot by its offers, and what more is to be asked."""
    replies = [reply for exchange in seen.values() for reply in exchange.replies]
    servers = sorted({reply.sender for reply in (offer, *replies)})
    boots = tuple(_boots(seen))
    booting = _offer_to(client_of_nodes(boots), seen, offer)
    counted = Term("servers", str(len(servers)), ", ".join(servers))
    terms = (*_of_offer(offer), *_boot_data(booting), counted, *boots)
    return Draft(terms, "poc-fixed", notes=tuple(_notes(offer, seen, replies)))


def _boots(seen: Mapping[ClientProfile, Exchange]) -> Iterator[Term]:
    for client, exchange in seen.items():
        outcome = _outcome(client, exchange)
        where = ", ".join(sorted({reply.sender for reply in exchange.replies}))
        if isinstance(outcome, Boot) and URL.fullmatch(outcome.url):
            yield Term(f"boots.{client.name}", text(outcome.url), f"by its rules, offered by {where}")
        elif not exchange.replies:
            yield Term(f"boots.{client.name}", '{ no_offer = "nobody answered it" }', "no offer was seen")
        elif isinstance(outcome, NoBoot) and not outcome.requests:
            reason = text(f"{client.name}: {outcome.reason}")
            yield Term(f"boots.{client.name}", f"{{ nothing = {reason} }}", f"offered by {where}")


def _notes(offer: Reply, seen: Mapping[ClientProfile, Exchange], replies: Sequence[Reply]) -> Iterator[str]:
    others = sorted({reply.sender for reply in replies if not reply.is_proxy_offer} - {offer.sender})
    if others:
        yield f"{', '.join(others)} offered an address, too: this is the offer of {offer.sender}"
    proxies = sorted({reply.sender for reply in replies if reply.is_proxy_offer})
    if proxies:
        yield f'{", ".join(proxies)} is a ProxyDHCP: for a contract of it role = "proxy" and a table [proxy]'
    for client, exchange in seen.items():
        outcome = _outcome(client, exchange)
        if outcome.requests:
            yield f"what {client.name} boots: with an address it asks {outcome.requests[-1]}"
        elif isinstance(outcome, Boot) and not URL.fullmatch(outcome.url):
            yield f"what {client.name} boots: {outcome}"


def _outcome(client: ClientProfile, exchange: Exchange) -> Boot | NoBoot:
    return firmware.boots_from(client, [reply.message for reply in exchange.replies])


def _of_offer(offer: Reply) -> Iterator[Term]:
    """The terms that one offer shows; the pool is the offered address alone."""
    address = offer.address
    yield Term(
        "pool",
        f'{{ first = "{address}", last = "{address}" }}',
        f"one offered address: its first and last are not seen from {offer.sender}",
    )
    for name in ("netmask", "broadcast_address", "server_identifier"):
        value = getattr(offer, name)
        if value is not None:
            yield Term(name, text(value), "offered")
    yield Term("routers", json.dumps([str(each) for each in offer.routers]), "offered")
    times: dict[str, timedelta | None] = {name: getattr(offer, name) for name in _TIMES}
    for name, time in times.items():
        if time is not None:
            yield Term(name, duration(time), "offered")
    codes = sorted({int(code) for code in offer.message.options.codes})
    yield Term("options", str(codes), ", ".join(map(option_name, codes)))


def _offer_to(client: ClientProfile, seen: Mapping[ClientProfile, Exchange], first: Reply) -> Reply:
    """That of the same server; the first one where this client was not asked as."""
    replies = seen[client].replies if client in seen else ()
    return next((each for each in replies if each.sender == first.sender), first)


def _boot_data(offer: Reply) -> Iterator[Term]:
    """The terms of the boot file, from an offer to the client that boots by them."""
    yield Term("next_server", text(offer.next_server), "siaddr of the offer")
    yield Term("server_name", text(offer.server_name or ""), "offered, or no name is")
    bootfile = firmware.bootfile(offer.message)
    yield Term("bootfile", text("" if bootfile is None else bootfile.text), "offered, or no file is")
