"""Checks of a real machine's boot: each failure is a finding that says where it stopped, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.machines.starting import told_of
from edgeboot.node.boot.pe_image import NotAnEfiApplication, Octets, efi_application
from edgeboot.report.findings import Finding
from edgeboot.report.machine_boot.boot_stage import BootStage
from edgeboot.report.machine_boot.diagnoses.diagnosis import Diagnosis
from edgeboot.report.machine_boot.download import Download
from edgeboot.report.machine_boot.record import MachineBoot, machine_boot
from edgeboot.report.machine_boot.rounds import furthest
from edgeboot.report.machine_boot.stages import missing, stages_of
from edgeboot.report.machine_boot.traffic import PassedMessage, offers_in
from edgeboot.report.machine_boot.watch import MachineWatch
from edgeboot.report.machine_boot.watched import Watched
from edgeboot.server.dnsmasq.cause import likely_causes
from edgeboot.server.dnsmasq.deciding import Sent
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import ServerConfig

FIELD: Final = "machine"
"""Of a finding whose reason the wire does not show."""
GIVES_UP: Final = r'failed to load Boot\w+ "UEFI (PXE|HTTP)v4|^No bootable device|^No more network devices'
"""What EDK2 writes when it goes on to its next boot option; SeaBIOS; iPXE."""
PATIENCE: Final = timedelta(seconds=120)
"""From power-on, without KVM on a busy machine, until firmware has started a boot file: its own start takes
6 to 17 s, EDK2's four DHCPDISCOVERs 60 s."""


class MachineCheck:
    """Each raises AssertionError, whose only argument is the ``Finding``."""

    __slots__ = ()
    contract: Contract
    config: ServerConfig

    def reaches(
        self,
        watch: MachineWatch,
        stage: BootStage,
        *,
        client: ClientProfile | None = None,
        asks_4011: bool = False,
        within: timedelta = PATIENCE,
        gives_up: str | None = GIVES_UP,
    ) -> MachineBoot:
        """The machine reaches the stage, and every one before it that its client passes.

        Args:
            watch: looks at the machine, which is on.
            stage: the last one that is expected.
            client: that its firmware is; None for the contract's own.
            asks_4011: whether that client is sent to port 4011 here.
            within: the limit, from now.
            gives_up: a line of its console after which it comes no further.
        """
        __tracebackhide__ = True
        expected = _expected(watch, stage, asks_4011=asks_4011)
        watched = watch.wait_for(
            lambda seen: missing(stages_of(seen), expected) is None, stage.title, within, gives_up
        )
        boot, facts, causes = self._told(watch, watched, expected, client or self.contract.default_client)
        watch.keep(boot)
        if boot.missing is not None:
            raise AssertionError(_finding(boot, facts, causes))
        return boot

    def stops(
        self,
        watch: MachineWatch,
        before: BootStage,
        field: str,
        received: object,
        within: timedelta = PATIENCE,
    ) -> MachineBoot:
        """EDK2 gives its network boot up before a stage, for this reason and no other.

        Args:
            watch: looks at the machine, which is on.
            before: the first stage that it must not reach.
            field: what the wire shows to be the reason.
            received: what the wire shows of it.
            within: the limit, from now.
        """
        __tracebackhide__ = True
        expected = _expected(watch, BootStage.STARTED, asks_4011=False)
        watched = watch.wait_for(
            lambda seen: missing(stages_of(seen), expected) is None, "its end of the boot", within, GIVES_UP
        )
        boot, facts, _ = self._told(watch, watched, expected, self.contract.default_client)
        because = next(((each.field, each.received) for each in facts), None)
        if (boot.missing, because) == (before, (field, received)):
            return boot
        watch.keep(boot)
        wanted = f"no {before.title} because of {field}: {received}"
        told = f"{boot.headline}; expected {wanted}"
        raise AssertionError(Finding(field, wanted, boot.headline, None, (), told))

    def first_file_is(self, watch: MachineWatch, url: str | None) -> Download:
        """The first file that it has fetched whole is this one."""
        __tracebackhide__ = True
        first = next((each for one in watch.watched.rounds for each in one.fetched), None)
        received = None if first is None else first.url
        if first is None or received != url:
            told = f"{watch.machine.name} fetched {received or 'nothing'}, expected {url}"
            raise AssertionError(Finding("boots", url, received, None, (), told))
        return first

    def fetched(self, watch: MachineWatch, url: str | None, sha256: str) -> Download:
        """The first file that it has fetched whole is this one, octet for octet as it is served."""
        __tracebackhide__ = True
        first = self.first_file_is(watch, url)
        if first.sha256 != sha256:
            told = f"{watch.machine.name}: {first.told}, SHA-256 {first.sha256}; served is {sha256}"
            raise AssertionError(Finding("boot_file", sha256, first.sha256, None, (), told))
        return first

    def second_round(self, watch: MachineWatch, url: str | None, within: timedelta = PATIENCE) -> Download:
        """What iPXE, which the boot file is, fetches first is this."""
        __tracebackhide__ = True
        watched = watch.wait_for(lambda seen: bool(_of_ipxe(seen)), "what iPXE fetches", within)
        found = _of_ipxe(watched)
        if found and found[0].url == url:
            return found[0]
        causes: tuple[Cause, ...] = ()
        received, told = found[0].url if found else None, ""
        if not found:
            expected = _expected(watch, BootStage.SCRIPT, asks_4011=False)
            boot, _, causes = self._told(watch, watched, expected, self.contract.default_client)
            watch.keep(boot)
            told = "".join(f"; {each}" for each in boot.wire[:1])
        said = f"iPXE, started on {watch.machine.name}, fetched {received or 'nothing'}, expected {url}{told}"
        raise AssertionError(Finding("boots", url, received, None, causes, said))

    def is_offered(self, watch: MachineWatch, within: timedelta = PATIENCE) -> IPv4Address:
        """The machine is offered an address; returns the first that it is."""
        __tracebackhide__ = True
        seen = watch.wait_for(lambda seen: bool(_offers(seen)), "a DHCPOFFER", within)
        if not _offers(seen):
            self.reaches(watch, BootStage.OFFER, within=timedelta(0))
        return _offers(seen)[0].message.yiaddr

    def can_start(self, watch: MachineWatch, *, secure_boot: bool) -> None:
        """A machine with Secure Boot on is given a signed file, whoever it trusts.

        Args:
            watch: has seen what it fetched; nothing can be said of what passes elsewhere.
            secure_boot: whether its firmware starts signed files only.
        """
        __tracebackhide__ = True
        fetched = next((each for one in watch.watched.rounds for each in one.fetched), None)
        if secure_boot and fetched is not None and _is_unsigned(fetched.content):
            told = f"{watch.machine.name} starts signed files only, and will refuse this unsigned one"
            raise AssertionError(
                Finding("signature", "signed", "unsigned", None, (), f"{told}: {fetched.told}")
            )

    def _told(
        self, watch: MachineWatch, watched: Watched, expected: Sequence[BootStage], client: ClientProfile
    ) -> tuple[MachineBoot, tuple[Diagnosis, ...], tuple[Cause, ...]]:
        """The record of a boot, why it stopped, and the lines to mend."""
        stopped_at = missing(stages_of(watched), expected)
        if stopped_at is not None and stopped_at <= BootStage.DISCOVER:
            watched = replace(watched, says=told_of(watch.machine))
        machine, architecture = watch.machine, client.architecture
        boot, facts = machine_boot(
            machine.name, machine.firmware, watched, expected, architecture, watch.unseen
        )
        causes = () if stopped_at is None else self._causes(facts, watched, client)
        return replace(boot, mend=str(causes[0]) if causes else ""), facts, causes

    def _causes(
        self, facts: Iterable[Diagnosis], watched: Watched, client: ClientProfile
    ) -> tuple[Cause, ...]:
        """The lines of the configuration that made what the wire shows; none where none did."""
        at_fault = furthest(watched.rounds, client.architecture)
        sent = None if at_fault is None else at_fault.traffic.sent(MessageType.DHCPDISCOVER)[0].message
        offers = () if at_fault is None else offers_in(at_fault.traffic.messages)
        answered = Sent.answered(sent, offers[0].message if offers else None)
        for fact in facts:
            causes = likely_causes(fact.field, fact.received, self.config, sent=answered)
            if causes:
                return causes
        return ()


def _of_ipxe(watched: Watched) -> list[Download]:
    """What came whole in rounds of an iPXE that another round had fetched."""
    return [each for one in watched.rounds[1:] if one.is_ipxe for each in one.fetched]


def _is_unsigned(content: Octets) -> bool:
    """Whether it is an EFI application that nobody has signed."""
    try:
        return not efi_application(content).signed
    except NotAnEfiApplication:
        return False


def _offers(watched: Watched) -> tuple[PassedMessage, ...]:
    return offers_in(watched.traffic.messages)


def _expected(watch: MachineWatch, stage: BootStage, *, asks_4011: bool) -> tuple[BootStage, ...]:
    """The stages of every boot up to one that this watch can see."""
    left_out = {*watch.unseen, *(() if asks_4011 else (BootStage.BOOT_SERVER_4011,))}
    return tuple(each for each in BootStage if each <= stage and not each.is_of_some and each not in left_out)


def _finding(boot: MachineBoot, facts: tuple[Diagnosis, ...], causes: tuple[Cause, ...]) -> Finding:
    fact = next(iter(facts), None)
    expected = "" if boot.missing is None else boot.missing.title
    sender = None if fact is None else fact.sender
    field = FIELD if fact is None else fact.field
    return Finding(field, expected, boot.stopped, sender, causes, boot.headline)
