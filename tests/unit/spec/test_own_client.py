"""A site's own clients, ``[clients.NAME]`` of a contract: how they become rows of the table."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import CONTRACTS, PROJECT
from edgeboot.base.strict_model import validated
from edgeboot.dhcp.clients import CLIENTS, BootRules, ClientIdentifier
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.own_client import OwnClient

TERMS: Final = tomllib.loads((CONTRACTS / "poc-fixed.toml").read_text(encoding="utf-8"))


def contract(clients: dict[str, Any], **boots: object) -> Contract:
    """The contract of poc-fixed with these clients."""
    terms = TERMS | {"clients": clients, "boots": TERMS["boots"] | boots}
    return validated(Contract, terms, Path("contract.toml"), "see docs")


def test_own_client_differs_from_the_one_it_is_like() -> None:
    """What is not stated is the other client's."""
    till = contract({"till": {"like": "pxe-bios", "vendor_class": "ACME:{7}", "parameters": [1, 3]}})
    profile, bios = till.all_clients["till"], CLIENTS["pxe-bios"]
    assert (profile.name, profile.rules, profile.architecture) == ("till", bios.rules, bios.architecture)
    assert (profile.vendor_class, profile.parameters) == ("ACME:{{7}}", (1, 3))


def test_own_client_may_be_like_none() -> None:
    """Then it sends what is stated, and boots by the family's rules."""
    terms = {"rules": "u_boot", "user_class": "till", "architecture": 40000, "client_identifier": "hardware"}
    profile = contract({"till": terms}).all_clients["till"]
    assert (profile.rules, profile.user_class, profile.parameters) == (BootRules.U_BOOT, b"till", None)
    assert (profile.architecture, profile.client_identifier) == (40000, ClientIdentifier.HARDWARE)


def test_own_client_may_be_stated_like_any_other() -> None:
    """Under the name it has in the contract."""
    terms = contract({"till": {"like": "pxe-bios"}}, till="tftp://192.168.99.40/till.bin")
    assert terms.url_for(terms.all_clients["till"]) == "tftp://192.168.99.40/till.bin"


@pytest.mark.parametrize(
    "clients,problem",
    [
        ({"till": {}}, "clients.till: has neither like, a client of the table, nor rules"),
        (
            {"till": {"like": "pxe"}},
            "clients.till: like: no client of the table is called 'pxe'; there",
        ),
        ({"till": {"rules": "pxe"}}, "clients.till: rules: no family is called 'pxe'; there are edk2"),
        ({"till": {"like": "grub", "arch": 7}}, "clients.till.arch: is not known"),
        ({"pxe-bios": {"like": "grub"}}, "clients.pxe-bios.[key]: pxe-bios is a client of the table"),
        ({"the till": {"like": "grub"}}, "clients.the till.[key]: string should match pattern"),
        (
            {"till": {"like": "grub", "client_identifier": "mac"}},
            "clients.till: client_identifier: no format",
        ),
        (
            {"till": {"like": "grub", "architecture": 65536}},
            "clients.till.architecture: input should be less",
        ),
    ],
)
def test_client_that_cannot_be_is_refused(clients: dict[str, Any], problem: str) -> None:
    """One line names the field and what is known."""
    with pytest.raises(UsageError, match=f"field {re.escape(problem)}"):
        contract(clients)


def test_fields_and_families_are_documented() -> None:
    """Authors of a contract only have docs/contract.md."""
    page = (PROJECT / "docs" / "contract.md").read_text(encoding="utf-8")
    names = [*OwnClient.model_fields, *(rules.name.lower() for rules in BootRules), *CLIENTS]
    assert [name for name in names if f"`{name}`" not in page] == []
