"""What exactly was verified, with what."""

from __future__ import annotations

import platform
import re
from dataclasses import replace
from pathlib import Path

from edgeboot.base.paths import CONTRACTS
from edgeboot.report.provenance import provenance
from edgeboot.spec.contract.reading import contract_files
from edgeboot.spec.manifests.deployment import load_deployment

POC = load_deployment("poc")


def test_provenance_names_versions_and_hashes() -> None:
    """Enough to tell why two nights differ."""
    made = provenance(POC, contract_files(CONTRACTS / "poc.toml"), "dnsmasq 2.90 of this machine")
    assert re.fullmatch(r"[0-9a-f]{40}(\+changes)?|\d+\.\d+\S*", made.suite)
    assert (made.image, made.kernel) == (POC.pod.container.image, platform.release())
    assert len({made.contract, made.manifests, made.configuration}) == 3


def test_candidate_has_another_hash_than_the_profile() -> None:
    """The manifests are the same."""
    candidate = replace(POC, config=replace(POC.config, text="port=0\n"))
    one, other = (provenance(each, (), "dnsmasq") for each in (POC, candidate))
    assert (one.configuration == other.configuration, one.manifests == other.manifests) == (False, True)


def test_contract_counts_with_those_that_it_is_based_on(tmp_path: Path) -> None:
    """A change of the base is a change of the contract."""
    base, own = tmp_path / "base.toml", tmp_path / "own.toml"
    base.write_text((CONTRACTS / "poc.toml").read_text())
    own.write_text('based_on = "base.toml"\n')
    assert contract_files(own) == (own, base)
