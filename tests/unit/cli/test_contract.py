"""``edgeboot contract``: a draft can be read as a contract, and a contract is told in sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.base.paths import CONTRACTS, MANIFESTS
from edgeboot.cli.contract import drafted_contract
from edgeboot.cli.exit_status import EXIT_USAGE
from edgeboot.cli.main import main
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.message import option
from edgeboot.dhcp.vocabulary import OptionCode
from edgeboot.report.draft_from_wire import drafted_from
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import load_contract
from tests.unit.samples import CONTRACT, OFFER, exchange, message, promised, reply

TERMS = ("netmask", "broadcast_address", "routers", "server_identifier", "lease_time", "renewal_time")
BOOT = ("rebinding_time", "next_server", "server_name", "bootfile")
BOOTING = [
    name
    for name, boots in load_contract(CONTRACTS / "poc-fixed.toml").boots.items()
    if isinstance(boots, str)
]
CONFIG = MANIFESTS / "dhcp-server" / "overlays" / "poc-fixed" / "dnsmasq.conf"


def same(draft: Contract, contract: Contract) -> bool:
    """Whether both state the same of an address and a boot."""
    return all(getattr(draft, name) == getattr(contract, name) for name in (*TERMS, *BOOT))


def test_draft_of_a_configuration_is_its_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the project's own configuration gives is what its own contract states."""
    assert main(["contract", str(CONFIG)]) == 0
    file = tmp_path / "draft.toml"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    draft, contract = load_contract(file), load_contract(CONTRACTS / "poc-fixed.toml")
    assert same(draft, contract)
    assert (draft.pool, draft.options) == (contract.pool, contract.options)
    assert {name: draft.boots.get(name) for name in BOOTING} == {
        name: contract.boots[name] for name in BOOTING
    }


def test_draft_of_an_offer_states_what_it_shows(tmp_path: Path) -> None:
    """Whoever has no configuration drafts from what is on the wire."""
    file = tmp_path / "draft.toml"
    drafted = drafted_from(reply(promised(CONTRACT)), {})
    file.write_text("\n".join(drafted_contract("an offer", drafted)), encoding="utf-8")
    assert same(load_contract(file), CONTRACT)


def test_draft_from_the_wire_says_what_each_client_would_boot() -> None:
    """By its own rules; one that nobody answers is left alone, and one that would ask further is named."""
    offer = reply(promised(CONTRACT))
    asking = reply(
        message(
            OFFER,
            option(OptionCode.SERVER_IDENTIFIER, CONTRACT.server_identifier),
            option(OptionCode.SUBNET_MASK, CONTRACT.netmask),
            option(OptionCode.VENDOR_CLASS_IDENTIFIER, b"PXEClient"),
        )
    )
    seen = {"edk2-pxe-x86-64": (offer,), "pxe-bios": (), "edk2-pxe-ia32": (asking,)}
    drafted = drafted_from(offer, {CLIENTS[name]: exchange(*replies) for name, replies in seen.items()})
    terms = {term.name: term.value for term in drafted.terms}
    assert terms["boots.edk2-pxe-x86-64"] == '"tftp://192.168.99.40/signed_ipxe.efi"'
    assert "no_offer" in terms["boots.pxe-bios"]
    assert "boots.edk2-pxe-ia32" not in terms
    assert any("edk2-pxe-ia32" in note and "port 4011" in note for note in drafted.notes)


def test_contract_is_explained_in_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    """A person checks sentences more easily than terms."""
    assert main(["contract", "--check", str(CONTRACTS / "poc-fixed.toml")]) == 0
    told = capsys.readouterr().out
    assert "192.168.99.10 leases the addresses 192.168.99.100-192.168.99.200, 101 of them." in told
    assert "windows boots nothing: an operating system's client wants an address only." in told


def test_wrong_contract_is_told_as_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the one line that a run would end with."""
    file = tmp_path / "wrong.toml"
    file.write_text(f'based_on = "{CONTRACTS}/poc.toml"\nlease_tme = "1h"\n', encoding="utf-8")
    assert main(["contract", "--check", str(file)]) == EXIT_USAGE
    assert "field lease_tme: is not known" in capsys.readouterr().err
