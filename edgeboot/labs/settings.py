"""The settings of one run, checked before anything is started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from edgeboot.base.destination import check_directory
from edgeboot.base.errors import UsageError
from edgeboot.base.paths import evidence_directory, shown
from edgeboot.base.segment_name import check_segment_name
from edgeboot.labs.feature import Feature
from edgeboot.labs.given_options import ReadValues
from edgeboot.labs.hosts.boot_files import boot_file
from edgeboot.labs.protocol import Lab, NodeContent
from edgeboot.labs.registry import LabChoice, choose_lab
from edgeboot.labs.site_machine import check_clients, check_place
from edgeboot.machines.inventory import MachineEntry
from edgeboot.server.dnsmasq.abilities import switched_off
from edgeboot.server.dnsmasq.boot_directory import boot_directory
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import contract_path, load_contract
from edgeboot.spec.contract.reservations import Reservation
from edgeboot.spec.contract.server_terms import Ability
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import Deployment, ServerConfig, load_deployment

_LEAST_MACHINES: Final = 2
"""A node and a sentinel."""


@dataclass(frozen=True)
class Settings:
    """The deployment under test, its lab and contract, and the directory for evidence."""

    run: str
    choice: LabChoice
    deployment: Deployment
    contract: Contract
    contract_file: Path
    evidence: Path
    fuzz_seed: int
    """Seed of the generated malformed messages."""
    own_boot_file: Path | None
    site_machines: tuple[MachineEntry, ...] = ()
    """Machines of a site that a run may power-cycle."""
    keep_lab: bool = False
    """Whether labs are left standing."""
    triage: bool = True
    """Whether tests are left out whose premises the first ones have shown to be broken."""
    own_budget: timedelta | None = None
    """Time for the run that was asked for."""
    segment: str | None = None
    """The name of the segment that is verified; None where nobody gave it one."""

    @property
    def budget(self) -> timedelta | None:
        """Time for the run, after which no further test is begun; None for as long as it takes."""
        return self.own_budget or self.choice.kind.budget

    @property
    def boot_file(self) -> Path:
        """The file that the lab's boot server serves; raises LabError if it is missing."""
        return self.own_boot_file or boot_file()

    def make_lab(self, suffix: str) -> Lab:
        """A lab of this run, not up yet; ``suffix`` distinguishes the run's labs."""
        directory = boot_directory(self.deployment)
        files = {} if directory is None else dict.fromkeys(self.contract.own_boot_files, self.boot_file)
        node = NodeContent(self.deployment, files, directory)
        run = f"{self.run}-{suffix}"
        lab = self.choice.kind.make(run, node, self.contract, self.choice.options)
        lab.is_to_be_kept = self.keep_lab
        return lab

    def check(self) -> None:
        """Return where the lab can run this deployment; nothing is made for it.

        Raises:
            UsageError: it cannot, or the evidence could not be written.
        """
        check_directory(self.evidence, "--evidence")
        if self.keep_lab and self.choice.kind.not_kept is not None:
            problem = f"is not for lab {self.choice.name}: {self.choice.kind.not_kept}"
            raise UsageError("--keep-lab", problem, "leave it out; edgeboot probe asks at any time")
        if self.contract.known_clients_only and len(self.machines) < _LEAST_MACHINES:
            raise UsageError(
                f"{shown(self.contract_file)}: field known_clients_only",
                f"tests boot as two [[reservations]] with a mac at least, found {len(self.machines)} that "
                f"lab {self.choice.name} may boot as",
                "reserve addresses for test nodes, whose MAC address starts with 02:eb",
            )
        self.choice.kind.check(self.deployment, self.contract, self.choice.options)
        for entry in self.site_machines:
            check_place(
                entry, self.choice.name, lambda it: self.choice.kind.no_place_for(it, self.choice.options)
            )

    @property
    def machines(self) -> tuple[Reservation, ...]:
        """The reserved machines that tests may boot as, where the server serves no others; else none."""
        own_segment = Feature.OWN_SEGMENT in self.features
        return self.contract.machines(own_segment=own_segment) if self.contract.known_clients_only else ()

    @property
    def dnsmasq_config(self) -> ServerConfig | None:
        """The server's configuration; None where another program is run."""
        runs_the_pod = self.choice.kind.runs_the_pod(self.choice.options)
        return self.deployment.config if runs_the_pod and self.deployment.runs_dnsmasq else None

    @property
    def dry_run(self) -> bool:
        """Whether the run is only planned; it then changes nothing."""
        return self.choice.kind.dry_run(self.choice.options)

    def plan(self) -> list[str]:
        """The steps of the run, one line each, without doing them.

        Raises:
            LabError: the run would not be possible.
        """
        steps = self.choice.kind.plan(self.deployment, self.contract, self.choice.options)
        return [*steps, *(f"machine {entry.name}: {entry.plan}" for entry in self.site_machines)]

    @property
    def features(self) -> frozenset[Feature]:
        """The features of this kind of lab beyond the core."""
        return self.choice.features

    @property
    def unseen(self) -> frozenset[Ability]:
        """Abilities that the server may have and this kind of lab cannot observe."""
        return self.choice.kind.unseen - self.contract.lacking

    @property
    def switched_off(self) -> Mapping[Ability, Cause]:
        """Abilities the contract is silent about and a line of the configuration takes away."""
        return switched_off(self.contract.server, self.deployment)

    @property
    def lacking(self) -> frozenset[Ability]:
        """Abilities that are not tested: by contract or configuration, or since the lab cannot see them."""
        return self.contract.lacking | self.switched_off.keys() | self.unseen

    @cached_property
    def runs(self) -> str:
        """What is going to be run, in the lab's words: images by their digests, the server by its version."""
        return self.choice.kind.provenance(self.deployment, self.choice.options)

    @property
    def _machines(self) -> str:
        return ", ".join(f"{entry.name} ({entry.kind}, {entry.mac})" for entry in self.site_machines)

    @property
    def header(self) -> list[str]:
        """The lines a report starts with."""
        config = shown(self.deployment.config.source)
        unused = [f"{option.text} (lab {' or '.join(option.labs)})" for option in self.choice.unused]
        unsupported = self.choice.kind.unsupported(self.deployment, self.choice.options)
        segment = f"segment {self.segment}, " if self.segment else ""
        return [
            f"edgeboot: lab {self.choice.name} ({self.choice.reason}), {segment}run {self.run}",
            f"edgeboot: {self.runs}",
            f"edgeboot: profile {self.deployment.profile}, config {config}",
            f"edgeboot: contract {shown(self.contract_file)}: {self.contract.summary}",
            *([f"edgeboot: machines {self._machines}"] if self.site_machines else []),
            *([f"edgeboot: not used by lab {self.choice.name}: {', '.join(unused)}"] if unused else []),
            *(f"edgeboot: this lab does not do: {each}" for each in unsupported),
        ]


def load_settings(
    *,
    run: str,
    lab: str,
    profile: str,
    contract: Path | None,
    dhcp_config: Path | None,
    evidence: Path | None,
    read_values: ReadValues,
    fuzz_seed: int,
    own_boot_file: Path | None = None,
    site_machines: tuple[MachineEntry, ...] = (),
    keep_lab: bool = False,
    only_parallel: str | None = None,
    triage: bool = True,
    budget: timedelta | None = None,
    segment: str | None = None,
) -> Settings:
    """Read and check everything the options name.

    Args:
        run: the run's id, which is in the names of everything it makes.
        lab: a lab's name, or ``auto``.
        profile: what is deployed.
        contract: in place of the profile's own.
        dhcp_config: a candidate in place of the profile's dnsmasq.conf.
        evidence: where failed tests leave theirs; None for the default ``evidence/``.
        read_values: the values given to a lab's own options.
        fuzz_seed: what the generated malformed messages are made from.
        own_boot_file: in place of the one of ``tools/boot-files``.
        site_machines: machines of a site that the run may power-cycle.
        keep_lab: whether labs are left standing.
        only_parallel: why ``auto`` may not take a lab of which this machine has room for one.
        triage: whether what the first tests show keeps others from being run.
        budget: time for the run, in place of the lab's own.
        segment: its name.

    Raises:
        UsageError: one of them is unusable.
    """
    if segment is not None:
        check_segment_name(segment, "--segment")
    deployment = load_deployment(profile, dhcp_config)
    choice = choose_lab(lab, read_values, only_parallel)
    if not choice.kind.runs_the_pod(choice.options):
        deployment = replace(deployment, config=deployment.config.without_arguments)
    contract_file = contract or contract_path(profile)
    if contract is None and not contract_file.is_file():
        raise UsageError(
            f"--profile {profile}",
            f"has no contract {shown(contract_file)}",
            "write one, or name another with --contract",
        )
    if own_boot_file is not None and not own_boot_file.is_file():
        raise UsageError(f"--boot-file {own_boot_file}", "no such file", "name an EFI application")
    terms = load_contract(contract_file)
    check_clients(site_machines, terms.all_clients)
    return Settings(
        run=run,
        choice=choice,
        deployment=deployment,
        contract=terms,
        contract_file=contract_file,
        evidence=evidence or evidence_directory(),
        fuzz_seed=fuzz_seed,
        own_boot_file=own_boot_file,
        site_machines=site_machines,
        keep_lab=keep_lab,
        triage=triage,
        own_budget=budget,
        segment=segment,
    )
