"""The stages that a capture at the machine's port shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.machine_boot.boot_stage import BootStage, StageSeen, Witness
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.traffic import MachineTraffic, offers_in

_SCRIPT: Final = b"#!ipxe"


def stages_captured(traffic: MachineTraffic, rounds: Sequence[Round]) -> Iterator[StageSeen]:
    """What passed the machine's port: DHCP, ARP, port 4011, names, TLS, files, iPXE's second round.

    Args:
        traffic: of the machine.
        rounds: of it, in their order.
    """
    for frame in traffic.own[:1]:
        yield _captured(BootStage.LINK, frame.at, f"the first frame of {traffic.mac}")
    for passed in traffic.sent(MessageType.DHCPDISCOVER)[:1]:
        yield _captured(BootStage.DISCOVER, passed.at, f"DHCPDISCOVER, xid {passed.message.shown_xid}")
    offered = offers_in(traffic.messages)
    for passed in traffic.sent(MessageType.DHCPREQUEST):
        chosen = passed.server_identifier
        if chosen is not None or any(offer.message.xid == passed.message.xid for offer in offered):
            of = "an offer" if chosen is None else f"that of {chosen}"
            yield _captured(BootStage.OFFER, passed.at, f"DHCPREQUEST takes {of}")
    for passed in traffic.received(MessageType.DHCPACK)[:1]:
        address, has = passed.message.yiaddr, passed.message.ciaddr
        # The answer to a DHCPINFORM gives no address (RFC 2131 section 4.3.5).
        of = f"without an address, to {has}," if address == UNSPECIFIED else f"of {address}"
        of = f"DHCPACK {of} from {passed.datagram.sender}"
        yield _captured(BootStage.ACK, passed.at, of)
    yield from _probed(traffic)
    for passed in traffic.boot_answers[:1]:
        yield _captured(BootStage.BOOT_SERVER_4011, passed.at, f"answer from {passed.datagram.sender}")
    yield from _reached(traffic)
    yield from _later(rounds)


def _probed(traffic: MachineTraffic) -> Iterator[StageSeen]:
    """The first probe for an address that it was given."""
    given = {ack.message.yiaddr: ack.at for ack in reversed(traffic.received(MessageType.DHCPACK))}
    for address, frame in traffic.arp_probes:
        if address in given and frame.at >= given[address]:
            owner = traffic.answered_by_arp.get(address)
            has_it = "nobody says that it has it" if owner is None else f"{owner} has it"
            yield _captured(BootStage.PROBED, frame.at, f"asks by ARP for {address}: {has_it}")
            return


def _reached(traffic: MachineTraffic) -> Iterator[StageSeen]:
    """Name servers that know what it asks for, and servers that speak TLS with it."""
    for lookup in traffic.name_lookups:
        if lookup.answer is not None and lookup.is_known:
            known = ", ".join(map(str, lookup.addresses))
            yield _captured(
                BootStage.NAME, lookup.answer.at, f"{lookup.name} is {known}, says {lookup.server}"
            )
    for each in traffic.dialled:
        if each.answer is not None and each.speaks_tls:
            yield _captured(BootStage.TLS, each.answer.at, f"with port {each.port} of {each.server}")


def _later(rounds: Sequence[Round]) -> Iterator[StageSeen]:
    """What the capture shows of files, and of clients that they hold."""
    has_file = False
    for each in rounds:
        if each.is_ipxe and has_file:
            began = "DHCPDISCOVER of iPXE"
            yield _captured(BootStage.STARTED, each.began, f"{began}, which the boot file holds")
            yield _captured(BootStage.SECOND_ROUND, each.began, began)
        for fetched in each.fetched:
            told = f"{fetched.told}, SHA-256 {fetched.sha256}"
            of_ipxe = each.is_ipxe and fetched.content.startswith(_SCRIPT)
            # To iPXE in a machine's own card, a script is the file that the offer names.
            yield _captured(BootStage.SCRIPT if of_ipxe and has_file else BootStage.FILE, fetched.ended, told)
            has_file = has_file or not of_ipxe


def _captured(stage: BootStage, at: float, what: str) -> StageSeen:
    return StageSeen(stage, at, Witness.CAPTURE, what)
