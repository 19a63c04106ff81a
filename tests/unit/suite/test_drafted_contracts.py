"""For every configuration that is right, ``edgeboot contract`` drafts a valid contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeboot.base.paths import MANIFESTS
from edgeboot.cli.contract import draft
from edgeboot.spec.contract.client_terms import ProxyOffer
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import load_contract
from edgeboot.spec.manifests.deployment import ServerConfig
from edgeboot.spec.manifests.network import load_node_interfaces
from tests.faults.drafted import SAMPLE, DraftedContract
from tests.faults.fault import Fault
from tests.faults.good_entries import GOOD_ENTRIES
from tests.faults.good_server import GoodServerCause
from tests.faults.public_cases import DIRECTORY, GoodConfiguration, good_configurations

OVERLAYS = MANIFESTS / "dhcp-server" / "overlays"
RIGHT = [
    *(OVERLAYS / name / "dnsmasq.conf" for name in ("poc-fixed", "proxydhcp")),
    *(DIRECTORY / each.config for each in good_configurations() if each.config),
]
DNSMASQ = [
    each
    for each in GOOD_ENTRIES
    if not any(isinstance(cause, GoodServerCause | DraftedContract) for cause in each.causes)
]


def drafted(config: Path, directory: Path) -> Contract:
    """The draft, read; raises UsageError."""
    text = draft(ServerConfig(config.read_text(encoding="utf-8"), config, ""), load_node_interfaces()[0])
    file = directory / "draft.toml"
    file.write_text("\n".join(text), encoding="utf-8")
    return load_contract(file)


@pytest.mark.parametrize("config", RIGHT, ids=lambda path: path.stem)
def test_draft_is_a_valid_contract(config: Path, tmp_path: Path) -> None:
    """A person corrects it, and need not mend it first."""
    assert drafted(config, tmp_path).boots


@pytest.mark.parametrize("good", DNSMASQ, ids=lambda entry: entry.name)
def test_draft_for_a_good_server_is_a_valid_contract(good: Fault, tmp_path: Path) -> None:
    """Also of those that are made by changing the project's own configuration."""
    configs = [
        argument.partition("=")[2]
        for cause in good.causes
        for argument in cause.prepare(good.profile, tmp_path).arguments
        if argument.startswith("--dhcp-config=")
    ]
    for config in configs:
        assert drafted(Path(config), tmp_path).boots


@pytest.mark.parametrize("good", good_configurations(), ids=lambda good: good.name)
def test_draft_states_what_the_contract_of_the_site_does(good: GoodConfiguration, tmp_path: Path) -> None:
    """Of clients that both name: the same file, or none."""
    if good.config is None:
        return
    written, read = good.load_contract(), drafted(DIRECTORY / good.config, tmp_path)
    clients = [
        client for client in written.all_clients.values() if written.states(client) and read.states(client)
    ]
    differing = {
        client.name: (written.url_for(client), read.url_for(client))
        for client in clients
        if written.url_for(client) != read.url_for(client)
    }
    assert not differing
    named = [client for client in clients if written.proxy_offer(client) is ProxyOffer.FILE]
    assert all(read.proxy_offer(client) is ProxyOffer.FILE for client in named)


def test_sample_has_a_draft_each() -> None:
    """A renamed configuration would drop out of the sample."""
    assert set(SAMPLE) <= {each.name for each in good_configurations()}
