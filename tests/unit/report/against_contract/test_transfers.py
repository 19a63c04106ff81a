"""Transfers by TFTP against a contract: ports and block sizes, and nothing of those that are right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.report.against_contract.transfers import wrong_transfers
from edgeboot.report.machine_boot.traffic import MachineTraffic
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import contract_path, load_contract
from tests.unit.report.captured import transfer
from tests.unit.report.machine_boot.frames import fetched
from tests.unit.samples import BOOT_SERVER, CONTRACT, NODE

CONTENT = bytes(1300)
LARGE = tftp.TftpOptions(blksize=1468)
PROXY = load_contract(contract_path("proxydhcp")).model_copy(update={"server_identifier": BOOT_SERVER})


def found(contract: Contract, asked: tftp.TftpOptions, *granted: tftp.TftpOptions) -> list[str]:
    """What is found in a whole transfer whose blocks have 512 octets, from port 3000."""
    request, *blocks = fetched(1.0, CONTENT)
    read = replace(transfer(1.0, tftp.ReadRequest("ipxe.efi", asked), answer=False), at=request.at)
    oack = [transfer(1.001, tftp.OptionAcknowledgement(each), answer=True) for each in granted]
    traffic = MachineTraffic(NODE.mac, (read, *oack, *blocks))
    return [str(each) for each in wrong_transfers(traffic, contract)]


def with_ports(first: int, last: int) -> Contract:
    """A ProxyDHCP's contract with these ports of its transfers."""
    assert PROXY.proxy is not None
    terms = PROXY.proxy.model_copy(update={"tftp_ports": (first, last)})
    return PROXY.model_copy(update={"proxy": terms})


def test_small_blocks_in_place_of_those_asked_for_are_found() -> None:
    """The download takes three times as long."""
    [told] = found(CONTRACT, LARGE)
    assert "sends tftp://192.168.99.40/ipxe.efi in 3 blocks of 512 octets" in told
    assert told.endswith("asked for blksize 1468")


@pytest.mark.parametrize(
    "asked, granted",
    [
        pytest.param(tftp.TftpOptions(), (), id="nothing asked"),
        pytest.param(LARGE, (tftp.TftpOptions(blksize=512),), id="less granted"),
        pytest.param(tftp.TftpOptions(blksize=512), (), id="512 asked"),
    ],
)
def test_blocks_that_are_as_they_may_be_are_not_found(
    asked: tftp.TftpOptions, granted: tuple[tftp.TftpOptions, ...]
) -> None:
    """RFC 2348 lets a server grant less."""
    assert found(CONTRACT, asked, *granted) == []


def test_server_under_test_may_have_reasons_for_small_blocks() -> None:
    """Its contract does not speak of the block size."""
    assert found(CONTRACT.model_copy(update={"server_identifier": BOOT_SERVER}), LARGE) == []


@pytest.mark.parametrize("stated, findings", [(1301, 1), (1300, 0)])
def test_size_that_is_stated_is_that_of_the_file(stated: int, findings: int) -> None:
    """Firmware makes room for what is stated."""
    asked, granted = tftp.TftpOptions(tsize=0), tftp.TftpOptions(tsize=stated)
    told = found(CONTRACT, asked, granted)
    assert [each.endswith("has 1301 octets (tsize), and sends 1300") for each in told] == [True] * findings


def test_port_outside_of_the_range_is_found() -> None:
    """A firewall lets the contract's alone pass."""
    [told] = found(with_ports(40000, 40049), tftp.TftpOptions())
    assert told.endswith("from port 3000, expected 40000 to 40049")


def test_port_within_the_range_is_not_found() -> None:
    """Its last is one of them."""
    assert found(with_ports(2990, 3000), tftp.TftpOptions()) == []


@pytest.mark.parametrize(
    "acknowledged, again, findings",
    [
        pytest.param((1.2, 1.201), 1.25, 1, id="ACK twice"),
        pytest.param((1.2,), 1.25, 0, id="ACK lost"),
        pytest.param((1.2, 1.201), 2.3, 0, id="timer of the server"),
        pytest.param((1.2, 1.201), 1.101, 0, id="mirror of two ports"),
    ],
)
def test_block_that_comes_again_for_a_second_ack_is_found(
    acknowledged: tuple[float, ...], again: float, findings: int
) -> None:
    """Each block would come twice from there on."""
    first = [
        transfer(1.0, tftp.ReadRequest("ipxe.efi"), answer=False),
        *(transfer(at, tftp.Data(1, bytes(512)), answer=True) for at in (1.1, again)),
        *(transfer(at, tftp.Acknowledgement(1), answer=False) for at in acknowledged),
    ]
    traffic = MachineTraffic(NODE.mac, sorted(first, key=lambda frame: frame.at))
    assert [each.field for each in wrong_transfers(traffic, CONTRACT)] == ["blocks_twice"] * findings
