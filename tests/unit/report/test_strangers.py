"""A site's own machines that boot while the suite runs: told by what passes the server's port."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import pytest

from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import CONTRACTS
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.identity import EdgeNodeIdentity
from edgeboot.host.wire.frame import Frame
from edgeboot.host.wire.pcap import read_pcap
from edgeboot.report.seen import Seen
from edgeboot.report.strangers.stranger import STRANGERS, Stranger, sentences
from edgeboot.report.strangers.stranger_watch import StrangerWatch
from edgeboot.report.verdict.text import text
from edgeboot.report.verdict.verdict import verdict
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import load_contract
from tests.unit.report.captured import from_node, who_has
from tests.unit.report.failed_runs import BOOTS, failed
from tests.unit.report.story_told.stories import BOOTED, GONE, MACHINES, frames_of
from tests.unit.samples import CONTRACT, NODE, XID

MAC: Final = MacAddress.parse("52:54:00:eb:00:01")
SILENT: Final = MACHINES / "silent.pcap"
PROXY: Final = load_contract(CONTRACTS / "proxydhcp.toml")
KNOWN_ONLY: Final = CONTRACT.model_copy(update={"known_clients_only": True})
BOOTED_ONE: Final = Stranger(1, "52:54:00:…:01", True, "booted")
STOPPED_ONE: Final = Stranger(2, "52:54:00:…:02", False, "did not boot: nobody answered")
HIDDEN_ONE: Final = Stranger(3, "52:54:00:…:03", None, "not known")


def news(frames: Iterable[Frame], contract: Contract = CONTRACT, **options: bool) -> tuple[Stranger, ...]:
    """What is told of the machines of these frames."""
    watch = StrangerWatch(contract, **options)
    watch.note(frames)
    return watch.news()


def test_machine_that_booted_is_told_with_its_address_shortened() -> None:
    """A report is passed around; whose machine it was is nobody's business."""
    [stranger] = news(frames_of(BOOTED))
    assert (stranger.mac, stranger.booted) == ("52:54:00:…:01", True)
    assert str(MAC) not in stranger.told


def test_whole_address_is_told_where_it_is_asked_for() -> None:
    """Who looks for the machine needs it."""
    [stranger] = news(frames_of(BOOTED), whole_addresses=True)
    assert stranger.mac == str(MAC)


@pytest.mark.parametrize(
    "contract, booted",
    [(CONTRACT, False), (PROXY, None)],
    ids=["server of addresses", "ProxyDHCP: another server's offers pass elsewhere"],
)
def test_silence_is_a_failure_only_where_the_offers_would_be_seen(
    contract: Contract, booted: bool | None
) -> None:
    """A site's machines must not be called broken for what passes another port."""
    [stranger] = news(frames_of(SILENT), contract)
    assert stranger.booted is booted


def test_file_that_passes_elsewhere_is_not_missed() -> None:
    """What one machine is sent alone is no broadcast."""
    assert [each.booted for each in news(frames_of(GONE))] == [None]


def test_second_round_shows_that_the_first_has_booted() -> None:
    """Of iPXE's own DHCPDISCOVER everybody hears."""
    broadcasts = [frame for frame in read_pcap(BOOTED) if frame.octets[0] & 1]
    assert [each.booted for each in news(broadcasts)] == [None]
    ipxe = from_node(EdgeNodeIdentity.of(MAC, CLIENTS["ipxe-x86-64"]).discover(XID), 9.0)
    [stranger] = news([*broadcasts, ipxe])
    assert (stranger.booted, stranger.told) == (True, "booted: behind its firmware iPXE asked for an address")


def test_machine_that_gives_up_is_told_though_it_sends_nothing_more() -> None:
    """Its last DHCPDISCOVER is followed by a wait, at whose end nothing passes but others' frames."""
    watch = StrangerWatch(CONTRACT)
    discover = EdgeNodeIdentity.of(MAC, CLIENTS["ipxe-x86-64"]).discover(XID)
    watch.note(from_node(discover, at) for at in (0.0, 1.0, 3.0, 7.0))
    [waiting] = watch.news()
    watch.note([who_has(16.0)])
    [stranger] = watch.news()
    assert (waiting.number, waiting.booted) == (stranger.number, None)
    assert stranger.booted is False
    assert "no DHCPOFFER came to the place of this capture" in stranger.told
    assert "answers to itself alone" in stranger.told


def test_machine_that_the_contract_leaves_alone_is_not_told() -> None:
    """That nobody answers it is as it should be."""
    assert news(frames_of(SILENT), KNOWN_ONLY) == ()


def test_machines_of_the_suite_are_none_of_them() -> None:
    """Neither its nodes nor what it powers on."""
    watch = StrangerWatch(CONTRACT)
    late = replace(who_has(0.0), at=frames_of(SILENT)[-1].at)
    watch.note([from_node(NODE.discover(XID), 0.0), *frames_of(SILENT), late])
    assert watch.news({MAC}) == ()


def test_machine_is_told_again_only_where_something_is_new() -> None:
    """A run has hundreds of tests."""
    watch = StrangerWatch(CONTRACT)
    watch.note(frames_of(BOOTED))
    assert (len(watch.news()), watch.news()) == (1, ())


def test_all_of_them_are_a_sentence_and_a_line_for_each_that_did_not() -> None:
    """It ends the report of a night."""
    several = [replace(BOOTED_ONE, number=number) for number in range(12)]
    assert sentences([*several, STOPPED_ONE, HIDDEN_ONE]) == (
        "12 other machines booted meanwhile, 1 did not, of 1 the end cannot be seen from here",
        "52:54:00:…:02 did not boot: nobody answered",
    )


def test_without_any_nothing_is_said() -> None:
    """On a segment of the suite's own there are none."""
    assert sentences(()) == ()


def test_last_that_is_known_of_a_machine_counts() -> None:
    """Each test's report has what is new; and so has a result that was written."""
    first, last = replace(STOPPED_ONE, booted=None), STOPPED_ONE
    seen = Seen(strangers=(BOOTED_ONE, first)).plus(Seen(strangers=(last,)))
    assert Seen.from_json(seen.to_json()).strangers == (BOOTED_ONE, last)


def test_verdict_tells_them_beside_its_causes() -> None:
    """They fail no run: a site's machine may be broken by itself."""
    run = replace(failed(passed=(BOOTS,), status=0), seen=Seen(strangers=(BOOTED_ONE, STOPPED_ONE)))
    told = text(verdict(run), run)
    assert f"{STRANGERS}:\n- 1 other machine booted meanwhile, 1 did not\n- 52:54:00:…:02" in told
