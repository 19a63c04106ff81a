"""Routes beside the default route, of each client by what it reads, against the contract."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.report.default_route import wrong_default_route
from edgeboot.report.option_check import option_deviations
from edgeboot.report.static_routes import wrong_static_routes
from edgeboot.spec.contract.contract import Contract
from tests.unit.samples import CONTRACT, config, promised, reply
from tests.unit.spec.test_contract import contract

NETWORK: Final = bytes.fromhex("18 0a 63 00 c0 a8 63 0a")
"""10.99.0.0/24 via 192.168.99.10."""
OTHER: Final = bytes.fromhex("18 0a 62 00 c0 a8 63 0a")
HOST: Final = bytes.fromhex("0a 63 00 07 c0 a8 63 0a")
DEFAULT: Final = bytes.fromhex("00 c0 a8 63 0a")
ROUTES: Final = ["10.99.0.0/24 via 192.168.99.10", "0.0.0.0/0 via 192.168.99.10"]
XP: Final = replace(CLIENTS["windows"], name="xp", parameters=(1, 3, 6, 33, 249))
PLAIN: Final = CLIENTS["udhcpc"]
ASKING: Final = {"dhclient": CLIENTS["dhclient"], "windows": CLIENTS["windows"], "xp": XP, "udhcpc": PLAIN}
"""121 alone; 33, 121 and 249; 33 and 249; none of them."""


def stated(**options: Any) -> Contract:
    """The example contract with these options."""
    return contract(options={"allowed": [*sorted(CONTRACT.options.allowed), 33, 121, 249], **options})


def found(client: ClientProfile, agreed: Contract, lines: str, *sent: tuple[int, bytes]) -> str:
    """What is wrong with the routes in a reply that carries these options; empty if nothing is."""
    kept = promised(CONTRACT)
    more = replace(kept, options=Options((*kept.options, *(DhcpOption(*each) for each in sent))))
    return str(wrong_static_routes(client, reply(more), agreed, config(lines)) or "")


BOTH: Final = NETWORK + DEFAULT
BY_121: Final = stated(**{"121": ROUTES})
BY_249: Final = stated(**{"249": ROUTES})
BY_33: Final = stated(**{"33": ["10.99.0.7 via 192.168.99.10"]})


@pytest.mark.covers("RFC3442-readers", "MS-DHCPE-249", "RFC2132-5.8-static-routes")
@pytest.mark.parametrize(
    "agreed,sent,wrong",
    [
        (BY_121, [(121, BOTH)], ["xp"]),
        (BY_121, [(249, BOTH)], ["dhclient"]),
        (BY_121, [(121, BOTH), (249, BOTH)], []),
        (BY_121, [(121, DEFAULT + NETWORK)], ["xp"]),
        (BY_121, [], ["dhclient", "windows", "xp"]),
        (BY_121, [(121, BOTH + OTHER), (249, BOTH)], ["dhclient", "windows"]),
        (BY_121, [(121, OTHER + DEFAULT), (249, BOTH)], ["dhclient", "windows"]),
        (BY_121, [(121, BOTH[:5]), (249, BOTH)], ["dhclient", "windows"]),
        (BY_249, [(249, BOTH)], []),
        (BY_249, [(121, BOTH)], ["xp"]),
        (BY_249, [(121, OTHER), (249, BOTH)], ["windows"]),
        (BY_33, [(33, HOST)], []),
        (BY_33, [(33, HOST + HOST)], []),
        (BY_33, [], ["windows", "xp"]),
        (BY_33, [(33, HOST), (121, BOTH)], ["windows"]),
        (BY_33, [(33, HOST), (121, b"\x20" + HOST + BOTH)], []),
        (stated(), [(33, HOST), (121, BOTH), (249, OTHER)], []),
        (stated(**{"for": {"windows": {"249": ROUTES}}}), [(249, BOTH)], []),
        (stated(**{"for": {"windows": {"249": ROUTES}}}), [(249, OTHER)], ["windows"]),
        (stated(**{"121": "hex:" + BOTH.hex(" ")}), [(249, BOTH)], ["dhclient"]),
    ],
)
def test_clients_whose_routes_are_not_the_stated_ones_are_told(
    agreed: Contract, sent: list[tuple[int, bytes]], wrong: list[str]
) -> None:
    """Each reads what it asks for, in no order; who asks for none is promised none."""
    assert [name for name, client in ASKING.items() if found(client, agreed, "", *sent)] == wrong


OF_121: Final = "classless-static-route (121)"
OF_249: Final = "microsoft-classless-static-route (249)"
FROM: Final = "from 192.168.99.10 (52:54:00:12:34:56)"
SAYS: Final = "the contract says the routes 10.99.0.0/24 via 192.168.99.10"


@pytest.mark.parametrize(
    "client,agreed,lines,sent,says",
    [
        (
            ASKING["dhclient"],
            BY_121,
            "dhcp-option=249,10.99.0.0/24,192.168.99.10",
            (249, NETWORK),
            (
                f"dhclient has no static routes: no {OF_121} {FROM}, but {OF_249}, for which it does "
                f"not ask; {SAYS} ({OF_121}); likely cause: dnsmasq.conf has no dhcp-option=option:classless-"
            ),
        ),
        (
            ASKING["windows"],
            BY_249,
            "dhcp-option=121,10.98.0.0/24,192.168.99.10",
            (121, OTHER),
            (
                f"windows has the routes 10.98.0.0/24 via 192.168.99.10, of {OF_121} {FROM}; "
                f"{SAYS} ({OF_249}); likely cause: dnsmasq.conf:1 dhcp-option=121,10.98"
            ),
        ),
        (
            ASKING["windows"],
            BY_33,
            "dhcp-option=121,0.0.0.0/0,192.168.99.10",
            (121, DEFAULT),
            f"windows has no static routes, of {OF_121} {FROM}, and ignores option static-route (33)",
        ),
        (XP, BY_121, "", (249, NETWORK[:3]), f"xp cannot read {OF_249} {FROM}"),
        (
            XP,
            BY_121,
            "",
            (33, HOST),
            "xp has the routes 10.99.0.7/32 via 192.168.99.10, of static-route (33)",
        ),
        (XP, BY_121, "", (121, BOTH), "likely cause: dnsmasq.conf has no dhcp-option=249 line for it"),
    ],
)
def test_finding_says_what_the_client_reads_and_why_it_lacks_the_rest(
    client: ClientProfile, agreed: Contract, lines: str, sent: tuple[int, bytes], says: str
) -> None:
    """Who, what it has of which option, what the contract says, and the line."""
    assert says in found(client, agreed, lines, sent)


def test_stated_routes_that_the_client_reads_from_the_other_option_are_not_missing() -> None:
    """Unless the other option is stated as well, and has a value of its own to hold."""
    kept = promised(CONTRACT)
    offer = reply(replace(kept, options=Options((*kept.options, DhcpOption(249, BOTH)))))

    def missing(client: ClientProfile, agreed: Contract) -> int:
        asked = client.parameters or ()
        return len(list(option_deviations(client, offer, asked, agreed, config(""))))

    assert missing(ASKING["windows"], BY_121) == 0
    assert missing(ASKING["dhclient"], BY_121) == 1
    assert missing(ASKING["windows"], stated(**{"121": ROUTES, "249": ROUTES})) == 1
    assert missing(ASKING["windows"], stated(**{"121": [*ROUTES, "10.98.0.0/24 via 192.168.99.10"]})) == 1


@pytest.mark.parametrize(
    "agreed,client",
    [
        (stated(**{"33": ["10.99.0.7 via 192.168.99.10"]}), XP),
        (contract(options={"121": ROUTES}, routers=["192.168.99.1"]), ASKING["windows"]),
        (stated(**{"for": {"windows": {"3": "192.168.99.10"}}}), ASKING["windows"]),
    ],
)
def test_default_route_is_the_stated_one_of_what_the_client_reads(
    agreed: Contract, client: ClientProfile
) -> None:
    """A stated static route says nothing of it; the stated 121 does for who reads it from 249."""
    kept = promised(CONTRACT)
    more = (DhcpOption(249, BOTH),) if 121 in agreed.options.values else ()
    offer = reply(replace(kept, options=Options((*kept.options, *more))))
    assert wrong_default_route(client, offer, agreed, config("")) is None
