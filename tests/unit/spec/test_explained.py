"""A contract in sentences: options and relayed networks."""

from __future__ import annotations

import pytest

from edgeboot.spec.contract.explained import sentences
from tests.unit.samples import CONTRACT
from tests.unit.spec.test_contract import contract

RACK = {
    "network": "192.168.50.0/24",
    "pool": {"first": "192.168.50.100", "last": "192.168.50.200"},
    "routers": ["192.168.50.1"],
    "options": {"ntp-server": "192.168.50.1"},
}


def test_lease_without_an_end_is_told() -> None:
    """Its renewal is not told: there is none."""
    told = [each for each in sentences(contract(lease_time="infinite")) if each.startswith("A lease ")]
    assert told == ["A lease never ends. A node may ask for 0:02:00 at least."]


@pytest.mark.parametrize(
    "storm,sentence",
    [
        (
            {"nodes": 1, "fetch": True, "all_ready_within": "1m30s"},
            (
                "Of 1 node at once (power-returns, MAC addresses scattered) each gets an address of its own: "
                "each asks as firmware and fetches its boot file; the last one is ready within 1m30s."
            ),
        ),
        (
            {"nodes": 50, "arrival": "poisson", "rate": 5, "rounds": ["firmware", "ipxe"]},
            (
                "Of 50 nodes at once (poisson at 5/s, MAC addresses scattered) each gets an address of its "
                "own: each asks as firmware, then ipxe."
            ),
        ),
    ],
)
def test_storm_is_told(storm: dict[str, object], sentence: str) -> None:
    """A contract without one has no sentence on it."""
    assert sentence in sentences(contract(storm=storm))
    assert not any(each.startswith("Of ") for each in sentences(contract()))


@pytest.mark.parametrize(
    "sentence",
    [
        "Who asks for domain-name-server (6) gets 10.0.0.1, 10.0.0.2.",
        "windows, if it asks for web-proxy-auto-discovery (252), gets http://a/b.",
        "Relays of 192.168.99.0/24, 192.168.50.0/24, 10.0.0.0/8 are answered.",
        (
            "Nodes behind a relay of 192.168.50.0/24 get addresses 192.168.50.100-192.168.50.200, "
            "routers 192.168.50.1."
        ),
        "Behind a relay of 192.168.50.0/24: Who asks for ntp-servers (42) gets 192.168.50.1.",
        "Nodes behind a relay of 10.0.0.0/8 get an address of 10.0.0.0/8.",
    ],
)
def test_stated_options_and_relayed_networks_are_told(sentence: str) -> None:
    """One sentence for each, with the option by name."""
    options = {"dns-server": ["10.0.0.1", "10.0.0.2"], "for": {"windows": {"wpad": "http://a/b"}}}
    terms = contract(options=options, relayed=[RACK, {"network": "10.0.0.0/8"}])
    assert sentence in sentences(terms)
    assert sentence not in sentences(CONTRACT)
