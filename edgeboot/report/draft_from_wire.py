"""A contract drafted from what a server offered, for a person to correct."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

from edgeboot.dhcp import firmware
from edgeboot.dhcp.vocabulary import option_name
from edgeboot.node.exchange import Reply
from edgeboot.spec.contract.draft import Term, duration, text

_TIMES = ("lease_time", "renewal_time", "rebinding_time")


def drafted_from(offer: Reply) -> Iterator[Term]:
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
    yield Term("next_server", text(offer.next_server), "siaddr of the offer")
    yield Term("server_name", text(offer.server_name or ""), "offered, or no name is")
    bootfile = firmware.bootfile(offer.message)
    yield Term("bootfile", text("" if bootfile is None else bootfile.text), "offered, or no file is")
    codes = sorted({int(code) for code in offer.message.options.codes})
    yield Term("options", str(codes), ", ".join(map(option_name, codes)))
