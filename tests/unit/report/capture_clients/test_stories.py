"""How each client's boot ended, as far as its capture goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.host.wire.frame import Frame
from edgeboot.node.matching import dhcp_message
from edgeboot.report.capture_clients.reading import explained
from edgeboot.report.capture_clients.stories import stories
from edgeboot.report.capture_clients.story import ClientStory, Outcome
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind
from tests.unit.report.capture_clients.captured import captured, clients_of, story
from tests.unit.report.captured import ADDRESS, BEGAN
from tests.unit.report.machine_boot.diagnoses.frames import asks_for
from tests.unit.report.machine_boot.frames import FROM, asked, fetched, given, leased
from tests.unit.samples import BOOT_SERVER


def explained_story(*frames: Frame) -> ClientStory:
    """The story of the only client, with its diagnoses."""
    (found,) = explained(clients_of(frames))
    return found


def captured_mac() -> bytes:
    """The hardware address of the machine that the captures of tests/firmware are of."""
    return captured("ipxe-bios-no-54")[0].octets[6:12]


def kind_of(frame: Frame) -> MessageType | None:
    """The type of a DHCP message."""
    read = dhcp_message(frame)
    return None if read is None else read[0].message_type


LATER = Frame(b"\0" * 60, BEGAN + 600)
"""A packet of nobody, ten minutes later."""


@pytest.mark.parametrize(
    "name, outcome",
    [
        ("machines/started", Outcome.BOOTED),
        ("machines/http-good", Outcome.BOOTED),
        ("machines/silent", Outcome.STOPPED),
        ("machines/missing", Outcome.STOPPED),
        ("machines/http-404", Outcome.STOPPED),
    ],
)
def test_real_boot_has_the_outcome_that_its_machine_had(name: str, outcome: Outcome) -> None:
    """The machine's console, beside each capture, says the same."""
    after = Frame(LATER.octets, captured(name)[-1].at + 60)
    assert story(*captured(name), after).outcome is outcome


def test_client_that_may_still_wait_is_not_judged() -> None:
    """The capture ends right after its DHCPDISCOVER."""
    found = story(asked(MessageType.DHCPDISCOVER, 1.0))
    assert (found.outcome, found.waits) == (Outcome.UNKNOWN, True)
    assert found.blind[-1:] == ("the capture ends while the client may still wait for an answer",)


def test_client_that_asks_once_may_have_been_switched_off() -> None:
    """That nobody has answered is so, and is told."""
    found = explained_story(asked(MessageType.DHCPDISCOVER, 1.0), replace(LATER, at=2e9))
    assert (found.outcome, [each.kind.value for each in found.diagnoses]) == (Outcome.UNKNOWN, ["no-answer"])
    assert found.blind[-1].endswith("did not ask again: it may have been switched off")


def test_client_without_a_dhcpdiscover_is_told_to_begin_in_mid_boot() -> None:
    """Its first messages passed before the capture began."""
    found = story(asked(MessageType.DHCPREQUEST, 1.0, FROM), given(1.1), LATER)
    assert found.outcome is Outcome.UNKNOWN
    assert found.blind[0].startswith("the capture begins in mid-boot")


@pytest.mark.parametrize("name", ["machines/missing", "ipxe-bios-no-54", "u-boot-arm64-no-54"])
def test_client_whose_answers_pass_elsewhere_is_not_judged(name: str) -> None:
    """Captured at another port: nothing that was sent to it alone is in the capture."""
    own = captured(name)[0].octets[6:12]
    frames = [each for each in captured(name) if each.octets[6:12] == own and each.octets[0] == 0xFF]
    found = explained_story(*frames, replace(LATER, at=frames[-1].at + 600))
    assert (found.outcome, found.diagnoses) == (Outcome.UNKNOWN, ())
    assert "(unicast) passed elsewhere" in found.blind[0]


def test_client_that_nobody_answers_is_judged() -> None:
    """Nothing shows that it was answered elsewhere; that answers may be is told of who asks for such."""
    ipxe = [each for each in captured("ipxe-bios-no-54") if each.octets[6:12] == captured_mac()][:2]
    found = explained_story(*ipxe, replace(LATER, at=ipxe[-1].at + 600))
    assert found.outcome is Outcome.STOPPED
    assert found.blind[0].startswith("it asks for answers to itself alone (no B flag)")
    assert explained_story(*captured("machines/silent"), replace(LATER, at=2e9)).blind == ()


def test_client_that_uses_its_address_was_answered_elsewhere() -> None:
    """Its offer was broadcast, and the DHCPACK sent to it alone: its ARP proves that it came."""
    wanted = DhcpOption(OptionCode.REQUESTED_IP_ADDRESS, ADDRESS.packed)
    took = asked(MessageType.DHCPREQUEST, 5.0, FROM, wanted)
    frames = (*leased(1.0)[:2], took, asks_for(5.5, BOOT_SERVER), LATER)
    found = explained_story(*frames)
    assert (found.outcome, found.diagnoses) == (Outcome.UNKNOWN, ())
    assert f"though it uses {ADDRESS} then (ARP)" in found.blind[0]
    assert explained_story(*frames[:3], LATER).outcome is Outcome.STOPPED


def test_dhcpack_that_was_not_captured_is_no_reason() -> None:
    """The client used its address then: what followed tells why it did not boot."""
    frames = [each for each in captured("machines/missing") if kind_of(each) is not MessageType.DHCPACK]
    found = explained_story(*frames, replace(LATER, at=frames[-1].at + 600))
    assert [each.kind for each in found.diagnoses] == [DiagnosisKind.FILE_NOT_FOUND]


def test_every_client_of_a_capture_has_its_own_story() -> None:
    """And what another one fetches is none of its own."""
    frames = (*leased(1.0), *fetched(2.0, b"x" * 700), LATER)
    (other,) = {asked(MessageType.DHCPDISCOVER, 0.5).octets[6:12]}
    moved = (Frame(frame.octets.replace(other, b"\2\xeb\0\0\0\x77"), frame.at) for frame in leased(3.0))
    found = list(stories(clients_of((*frames, *moved))))
    assert [len(each.traffic.downloads) for each in found] == [1, 0]
