"""How a server's fault in a storm is written: few nodes, one changed line, the words that must name it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.faults.causes import ConfigChange, ContractTerms
from tests.faults.fault import Cause, Fault

FILE: Final = "test_storm.py"
READY: Final = f"{FILE}::test_every_node_of_a_storm_is_ready"
ALONE: Final = f"{FILE}::test_no_two_nodes_of_a_storm_have_one_address"
SERVER: Final = f"{FILE}::test_nodes_of_a_storm_have_the_server_of_the_contract"
IN_TIME: Final = f"{FILE}::test_storm_is_over_in_time"
OFFERS: Final = "consecutive-offer_p99"
ACKS: Final = "consecutive-ack_p99"
"""Cases: the order of the MAC addresses, and the term."""
NODES: Final = 40
POOL: Final = "dhcp-range=192.168.99.100,192.168.99.200"
PINGING: Final = ConfigChange((("no-ping\n", ""),))
"""dnsmasq with its ping check."""
_STORM: Final = ("-m", "e2e and storm")


def stated(
    nodes: int = NODES, *, fetch: bool = False, macs: str = "consecutive", pool: str = "", **terms: str
) -> ContractTerms:
    """A contract whose storm has few nodes, and these limits."""
    known = "known_defects.test_every_node_of_a_storm_is_ready"
    removed = f'remove = ["{known}"]\n' if macs == "scattered" else ""
    first, _, last = pool.partition("-")
    pooled = f'pool = {{ first = "{first}", last = "{last}" }}\n' if pool else ""
    terms = terms or {"all_ready_within": "100s"}
    limits = "".join(f'{name} = "{value}"\n' for name, value in terms.items())
    fetched = "fetch = true\n" if fetch else ""
    return ContractTerms(f'{removed}{pooled}[storm]\nnodes = {nodes}\nmacs = ["{macs}"]\n{fetched}{limits}')


def lines(*added: str, pool: str = POOL) -> ConfigChange:
    """dnsmasq with further lines, and another pool."""
    return ConfigChange((("port=0\n", "\n".join(("port=0", *added, ""))), (POOL, pool)))


def storm_fault(
    name: str,
    broken: str,
    symptom: str,
    causes: tuple[Cause, ...],
    caught_by: Mapping[str, str],
    also_failing: tuple[str, ...] = (),
    *,
    profile: str = "poc-fixed",
    lab: str = "netns",
    sampled: bool = False,
) -> Fault:
    """A server that the tests of a storm must catch; without tests to catch it, one that must pass."""
    return Fault(
        name,
        broken,
        symptom,
        causes,
        caught_by,
        also_failing,
        files=(FILE,),
        profile=profile,
        lab=lab,
        options=_STORM,
        sampled=sampled,
        passes=0 if caught_by else 4,
    )
