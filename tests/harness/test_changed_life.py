"""A server that treats leases otherwise: the test it concerns fails and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.paths import CONTRACTS
from tests.harness.suite import Change, Changed, RunSuite

pytestmark = pytest.mark.harness

CHANGES = [
    Change(
        "no ping check",
        "port=0",
        "port=0\nno-ping",
        "test_competition.py::test_address_of_a_live_host_is_not_offered",
        r"\(52:54:00:12:34:99\) has 192\.168\.99\.\d+, and 192\.168\.99\.10 \(\S+\) offers it",
    ),
    Change(
        "authoritative, at a start",
        "port=0",
        "port=0\ndhcp-authoritative",
        "test_init_reboot.py::test_remembered_address_of_an_unknown_node_is_left_to_its_server",
        r"answered by \['192\.168\.99\.10 \(52:54:00:12:34:56\)'\]",
    ),
    Change(
        "authoritative, at T2",
        "port=0",
        "port=0\ndhcp-authoritative",
        "test_renewal.py::test_rebinding_of_an_unknown_lease_is_left_to_its_server",
        r"answered by \['192\.168\.99\.10 \(52:54:00:12:34:56\)'\]",
    ),
    Change(
        "client identifiers ignored",
        "port=0",
        "port=0\ndhcp-ignore-clid",
        "test_identities.py::test_one_boot_takes_as_many_addresses_as_the_contract_says",
        r"edk2-pxe-x86-64, ipxe-x86-64, systemd-networkd hold \['192\.168\.99\.\d+'\]",
    ),
    Change(
        "a T1 of its own",
        "port=0",
        "port=0\ndhcp-option-force=58,100",
        "test_renewal.py::test_extended_lease_is_due_a_little_earlier[renewed by unicast]",
        r"T1 0:01:\d\d is 5:58:\d\d early, from 192\.168\.99\.10",
    ),
    Change(
        "a pool of one",
        "192.168.99.100,192.168.99.200",
        "192.168.99.100,192.168.99.100",
        "test_addresses.py::test_two_nodes_get_two_addresses",
        r"no address available.*likely cause: pool exhausted: 1 of 1 leased, \S+\.conf:4 dhcp-range=",
    ),
    Change(
        "three leases at most",
        "port=0",
        "port=0\ndhcp-lease-max=3",
        "test_exhaustion.py::test_every_address_of_the_pool_can_be_leased",
        r"expected one DHCPACK to DHCPREQUEST .* received DHCPNAK",
    ),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_changed_server_is_named_by_the_test_it_concerns(
    change: Change, changed: Changed, run_suite: RunSuite
) -> None:
    """The right test fails, and says what the server did instead."""
    candidate = changed(change.old, change.new)
    run = run_suite("--dhcp-config", str(candidate), f"tests/e2e/{change.test}")
    assert change.is_named_by(run), run.output


def test_unchanged_server_passes(changed: Changed, run_suite: RunSuite) -> None:
    """The same tests are green with the candidate as it was: they fail for the change alone."""
    tests = [f"tests/e2e/{change.test}" for change in CHANGES]
    run = run_suite("--dhcp-config", str(changed("port=0", "port=0")), *tests)
    assert run.status == 0, run.output


def test_authoritative_server_fulfils_an_authoritative_contract(
    changed: Changed, run_suite: RunSuite, tmp_path: Path
) -> None:
    """What it does for clients that it does not know is a term, not a fault."""
    contract = tmp_path / "authoritative.toml"
    terms = (CONTRACTS / "poc-fixed.toml").read_text()
    contract.write_text(terms.replace("authoritative = false", "authoritative = true"))
    candidate = changed("port=0", "port=0\ndhcp-authoritative")
    files = [f"tests/e2e/test_{name}.py" for name in ("renewal", "init_reboot")]
    run = run_suite("--dhcp-config", str(candidate), "--contract", str(contract), *files)
    assert run.status == 0, run.output
