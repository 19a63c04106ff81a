"""The numbers of a storm's nodes, in their frames and out of them."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Final

from edgeboot.spec.contract.reading import contract_path, load_contract
from edgeboot.spec.contract.storm_terms import MacOrder
from edgeboot.spec.manifests.deployment import OVERLAYS
from edgeboot.stress.storm.numbering import Numbering, gathered, mac_of, scattered
from edgeboot.stress.storm.plan import StormPlan
from edgeboot.stress.storm.stated import with_listed_macs

MANY: Final = 10_000


def test_scattered_numbers_are_gathered_again() -> None:
    """A reply to a node is that node's, however its MAC address was made."""
    for seed in (1, 2, 77):
        assert [gathered(scattered(number, seed), seed) for number in range(MANY)] == list(range(MANY))


def test_another_seed_has_other_machines() -> None:
    """A storm that is made again with another seed does not only repeat the collisions of the first."""
    first, second = ({scattered(number, seed) for number in range(MANY)} for seed in (1, 2))
    assert first.isdisjoint(second)


def test_scattered_numbers_have_no_order() -> None:
    """Of a hundred addresses, chosen by a number's remainder, as many are hit as by chance: 63 of 100."""
    for size in (100, 101, 1000):
        hit = len({scattered(number) % size for number in range(size)}) / size
        assert 0.55 < hit < 0.72, size


def test_list_of_profile_scale_has_the_nodes_of_its_storm() -> None:
    """Each with an address of its own, of those that the contract states as reserved."""
    storm = load_contract(contract_path("scale")).storm
    assert storm is not None
    assert storm.reserved is not None
    lines = (OVERLAYS / "scale" / "machines").read_text(encoding="utf-8").splitlines()
    machines = dict(line.split(",") for line in lines if not line.startswith("#"))
    assert list(machines) == [str(mac_of(scattered(number))) for number in range(storm.nodes)]
    assert len({*machines.values()}) == storm.nodes
    assert all(IPv4Address(each) in storm.reserved for each in machines.values())


def test_machines_of_a_list_are_the_same_with_each_seed() -> None:
    """The arrivals are others: a machine that is not in the list has no address of its own."""
    plan = StormPlan(macs=MacOrder.SCATTERED, seed=7)
    listed, unlisted = (load_contract(contract_path(name)).storm for name in ("scale", "poc-fixed"))
    assert with_listed_macs(plan, listed).numbering == Numbering(MacOrder.SCATTERED, 1)
    assert with_listed_macs(plan, unlisted).numbering == Numbering(MacOrder.SCATTERED, 7)
