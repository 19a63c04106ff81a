"""``edgeboot probe``: what it prints, and its exit status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.paths import CONTRACTS
from edgeboot.cli import probe as command
from edgeboot.cli import probe_session
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_USAGE
from edgeboot.cli.main import main
from edgeboot.dhcp.message import UNSPECIFIED, option
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.host import interfaces
from edgeboot.node.exchange import Exchange, Reply
from edgeboot.node.probe import Probed
from tests.unit.samples import CONTRACT, OFFER, exchange, message, promised, reply

GOOD: Final = reply(promised(CONTRACT))
POOR: Final = reply(message(OFFER, siaddr=UNSPECIFIED))
OTHER_TIME: Final = reply(message(OFFER, option(Code.IP_ADDRESS_LEASE_TIME, 60, size=4)))


def answered(monkeypatch: pytest.MonkeyPatch, *exchanges: Exchange) -> None:
    """Let these be what the probes of an interface get; then the user interrupts."""
    remaining: Iterator[Exchange] = iter(exchanges)

    def probe(*_: object) -> Probed:
        for each in remaining:
            return Probed(each, (each.sent,))
        raise KeyboardInterrupt

    monkeypatch.setattr(probe_session, "probe", probe)
    monkeypatch.setattr(command, "check_interface", lambda _: None)


@pytest.mark.parametrize(
    "option,shows",
    [("--json", '"boots": "tftp://'), ("--client=pxe-bios", "would boot"), ("--all-options", "(58)")],
)
def test_good_server_is_shown_with_status_0(
    option: str, shows: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a table or as JSON."""
    answered(monkeypatch, exchange(GOOD))
    assert main(["probe", "-i", "node1", option]) == 0
    printed = capsys.readouterr()
    assert shows in printed.out
    assert printed.err == ""


@pytest.mark.parametrize(
    "replies,words",
    [
        ((POOR,), "problem: edk2-pxe-x86-64 would boot nothing: it ignores an offer"),
        ((GOOD, POOR), "problem: 2 servers offer an address: 192.168.99.10"),
    ],
    ids=["nothing would boot", "two servers"],
)
@pytest.mark.parametrize("json_option", [(), ("--json",)], ids=["table", "json"])
def test_segment_on_which_no_node_boots_reliably_has_status_1(
    replies: tuple[Reply, ...],
    words: str,
    json_option: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The reason is beside the table, or on stderr beside the JSON."""
    answered(monkeypatch, exchange(*replies))
    assert main(["probe", "-i", "node1", *json_option]) == EXIT_FOUND_WANTING
    printed = capsys.readouterr()
    assert words in " ".join((printed.err if json_option else printed.out).split())
    if json_option:
        assert len(json.loads(printed.out)) == len(replies)


@pytest.mark.parametrize("option,out", [("--json", "[]\n"), ("--client=pxe-bios", "")])
def test_silence_has_status_1(
    option: str, out: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a program reads is an empty list all the same."""
    answered(monkeypatch, exchange())
    assert main(["probe", "-i", "node1", option]) == EXIT_FOUND_WANTING
    printed = capsys.readouterr()
    assert printed.out == out
    assert " ".join(printed.err.split()).startswith("nobody answered DHCPDISCOVER xid 0x0a0b0c0d (168496141)")


def test_answer_that_differs_from_the_contract_has_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each difference is a line, and in JSON a finding of its server."""
    answered(monkeypatch, exchange(GOOD), exchange(OTHER_TIME), exchange(OTHER_TIME))
    contract = ("--contract", str(CONTRACTS / "poc.toml"))
    assert main(["probe", "-i", "node1", *contract]) == 0
    capsys.readouterr()
    assert main(["probe", "-i", "node1", *contract]) == EXIT_FOUND_WANTING
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "not as the contract says: lease_time: expected 12:00:00, received 0:01:00 from 192.168.99.10" in said
    )
    assert "likely cause" not in said
    main(["probe", "-i", "node1", *contract, "--json"])
    [server] = json.loads(capsys.readouterr().out)
    assert "lease_time" in {finding["field"] for finding in server["findings"]}


def test_watch_shows_changes_until_it_is_interrupted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not the same table again; the status is that of the last probe."""
    answered(monkeypatch, exchange(GOOD), exchange(GOOD), exchange(POOR))
    assert main(["probe", "-i", "node1", "--watch"]) == EXIT_FOUND_WANTING
    said = " ".join(capsys.readouterr().out.split())
    assert said.count("lease time") == 1
    assert "192.168.99.10 (52:54:00:12:34:56): siaddr was 192.168.99.40, is 0.0.0.0" in said


def test_frames_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For Wireshark, whatever was answered."""
    answered(monkeypatch, exchange())
    main(["probe", "-i", "node1", "--pcap", str(tmp_path / "a.pcap")])
    assert (tmp_path / "a.pcap").stat().st_size > len(exchange().sent.octets)


@pytest.mark.parametrize(
    "option,message",
    [
        ("--client=VAX", "--client VAX: no such client; choose from edk2-pxe-x86-64"),
        ("--contract=absent.toml", "--contract absent.toml: no such file"),
        ("--pcap=/proc/no/a.pcap", "--pcap /proc/no/a.pcap: cannot be written ("),
    ],
)
def test_argument_that_cannot_be_used_has_status_4(
    option: str, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, before anything is sent."""
    answered(monkeypatch)
    assert main(["probe", "-i", "node1", option]) == EXIT_USAGE
    assert capsys.readouterr().err.startswith(f"edgeboot: {message}")


def test_help_states_the_exit_statuses(capsys: pytest.CaptureFixture[str]) -> None:
    """For who runs it in a script."""
    with pytest.raises(SystemExit):
        main(["probe", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "1 nobody answers, nothing would boot, two servers answer" in said


def test_bridge_is_a_blind_spot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame sent on a bridge does not reach a server on the bridge's own host."""
    (tmp_path / "virbr1" / "bridge").mkdir(parents=True)
    (tmp_path / "ens3").mkdir()
    monkeypatch.setattr(interfaces, "NETWORK_DEVICES", tmp_path)
    assert command.blind_spot("ens3") is None
    assert "virbr1 is a bridge" in (command.blind_spot("virbr1") or "")


def test_note_shows_an_interface_s_name_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name may have brackets and colons, which are printed unchanged."""
    answered(monkeypatch, exchange())
    monkeypatch.setattr(command, "blind_spot", lambda _: "[/x] :ab: is a bridge")
    main(["probe", "-i", "[/x]"])
    assert "note: [/x] :ab: is a bridge" in capsys.readouterr().err
