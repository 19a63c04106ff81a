"""A server of known machines only: what its contract needs, and what follows from it."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any

import pytest
from pydantic import ValidationError

from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import CONTRACTS
from edgeboot.base.strict_model import read_toml
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.explained import sentences
from tests.unit.samples import CONTRACT

TERMS = read_toml(CONTRACTS / "poc.toml", "")
KNOWN = {"mac": "02:de:ad:00:00:01", "address": "192.168.99.21", "name": "node-a"}
OF_THE_SUITE = {"mac": "02:eb:00:00:00:01", "address": "192.168.99.22"}
BY_IDENTIFIER = {"client_id": "ff:01:02", "address": "192.168.99.23"}
WITH_A_FILE = {"mac": "02:de:ad:00:00:00", "address": "192.168.99.24", "bootfile": "rescue.efi"}


def known_only(*reservations: dict[str, str], **terms: Any) -> Contract:
    """The project's own contract with these machines alone, and no pool."""
    own = {name: value for name, value in TERMS.items() if name != "pool"}
    return Contract.model_validate({**own, "reservations": reservations, "known_clients_only": True, **terms})


def test_pool_is_that_of_the_reservations() -> None:
    """No other address is leased, so that none has to be stated."""
    assert list(known_only(KNOWN, OF_THE_SUITE).pool.addresses()) == [
        IPv4Address("192.168.99.21"),
        IPv4Address("192.168.99.22"),
    ]


def test_pool_of_a_base_contract_does_not_count() -> None:
    """A site's contract is based on one with a pool."""
    assert len(known_only(KNOWN, pool=TERMS["pool"]).pool) == 1


def test_nobody_to_serve_is_an_error() -> None:
    """Every node would be left alone."""
    with pytest.raises(ValidationError, match="nobody would be served"):
        known_only()


def test_wrong_reservation_is_the_first_error() -> None:
    """What follows from it is not told before it."""
    with pytest.raises(ValidationError) as error:
        known_only(KNOWN, KNOWN)
    assert "is reserved for both" in str(error.value.errors()[0]["msg"])


def test_pool_is_needed_without_it() -> None:
    """The error is the one of any missing field."""
    with pytest.raises(ValidationError, match="is missing"):
        known_only(KNOWN, known_clients_only=False)


@pytest.mark.parametrize("own_segment,macs", [(True, ["02:de", "02:eb", "02:de"]), (False, ["02:eb"])])
def test_tests_boot_as_machines_that_are_known_by_mac(own_segment: bool, macs: list[str]) -> None:
    """On a segment of others as no machine of theirs; one with a boot file of its own comes last."""
    machines = known_only(WITH_A_FILE, KNOWN, BY_IDENTIFIER, OF_THE_SUITE).machines(own_segment=own_segment)
    assert [str(each)[:5] for each in machines] == macs
    assert machines[-1].bootfile == ("rescue.efi" if own_segment else None)


@pytest.mark.parametrize("mac,address", [("02:de:ad:00:00:01", "192.168.99.21"), ("02:de:ad:00:00:09", None)])
def test_machine_of_a_message_is_known_by_its_mac(mac: str, address: str | None) -> None:
    """Its reply is compared with its own address."""
    message = EdgeNodeIdentity.of(MacAddress.parse(mac)).discover(1)
    found = known_only(KNOWN, OF_THE_SUITE).reservation_of(message)
    assert (str(found.address) if found is not None else None) == address


def test_it_is_explained() -> None:
    """A person reads who is served."""
    told = list(sentences(known_only(KNOWN, OF_THE_SUITE)))
    assert "192.168.99.10 serves 2 reserved machines, and leaves all others alone." in told


def test_other_contracts_play_no_machine() -> None:
    """A reserved machine may be in use."""
    assert CONTRACT.machines(own_segment=True) == ()
