"""Contracts as ``edgeboot contract`` drafts them, uncorrected, for configurations that are right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.cli.contract import draft
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.spec.manifests.network import load_node_interfaces
from tests.faults.causes import ConfigFile, PodPatch
from tests.faults.fault import Fault, Setup
from tests.faults.public_cases import DIRECTORY, GoodConfiguration, good_configurations

SAMPLE: Final = (
    "one dhcp-boot line",
    "a file for each architecture",
    "discovery control 8",
    "isolated network",
    "options of a site",
    "names, addresses and boot files from one container",
    "ProxyDHCP for every architecture",
    "ProxyDHCP with a menu",
)
"""Good configurations of tests/faults/public that the suite is run with at a drafted contract, too."""


@dataclass(frozen=True, slots=True)
class DraftedContract:
    """No fault: the contract is drafted from the configuration."""

    path: Path

    def prepare(self, profile: str, directory: Path) -> Setup:  # noqa: ARG002 - as every cause
        """Write the draft; the option that names it."""
        contract = directory / "drafted.toml"
        config = ServerConfig(self.path.read_text(encoding="utf-8"), self.path, "")
        contract.write_text("\n".join((*draft(config, load_node_interfaces()[0]), "")), encoding="utf-8")
        return Setup((f"--contract={contract}",))


def drafted_entry(good: GoodConfiguration) -> Fault:
    """The entry in which no test may fail."""
    assert good.config is not None, f"{good.name} has no configuration of its own"
    path = DIRECTORY / good.config
    pod = (PodPatch(DIRECTORY / good.pod),) if good.pod else ()
    causes = (ConfigFile(path), DraftedContract(path), *pod)
    name = f"drafted contract: {good.name}"
    return Fault(name, "nothing", "nothing", causes, profile=good.profile, passes=100)


GOOD_DRAFTS: Final = tuple(drafted_entry(each) for each in good_configurations() if each.name in SAMPLE)
"""Entries for the runner in which no test may fail."""
