"""The suite's fixtures and hooks in this root; each file of ``fixtures/`` brings up one thing."""

from __future__ import annotations

from typing import Final

import pytest

from fixtures.suite import may_run_the_suite

FIXTURES: Final = (
    "fixtures.run",
    "fixtures.opt_in",
    "fixtures.role",
    "fixtures.lab",
    "fixtures.watch",
    "fixtures.dry_run",
    "fixtures.dhcp_server",
    "fixtures.cluster",
    "fixtures.second_server",
    "fixtures.bridge_server",
    "fixtures.libvirt_network",
    "fixtures.contract_entries",
    "fixtures.clients",
    "fixtures.reservations",
    "fixtures.known_clients",
    "fixtures.edge_node",
    "fixtures.machine",
    "fixtures.watched_machine",
    "fixtures.secure_boot",
    "fixtures.site_machine",
    "fixtures.lease_hosts",
    "fixtures.addresses",
    "fixtures.crowd",
    "fixtures.storm",
    "fixtures.rogue",
    "fixtures.census",
    "fixtures.malformed",
    "fixtures.boot_server",
    "fixtures.relayed",
    "fixtures.replies",
    "fixtures.advisories",
    "fixtures.known_defects",
    "fixtures.triage",
    "fixtures.evidence",
    "fixtures.not_run",
    "fixtures.decisions",
    "fixtures.packets",
    "fixtures.result",
    "fixtures.verdict",
    "fixtures.junit",
    "fixtures.exit_status",
    "fixtures.coverage",
)
"""In their order: of two hooks of the same name the later one's runs first."""


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Load them for a run that may have tests of ``tests/e2e``, in the first of a conftest.py's hooks."""
    config = pluginmanager.get_plugin("pytestconfig")
    assert isinstance(config, pytest.Config)
    if may_run_the_suite(config):
        for name in FIXTURES:
            pluginmanager.import_plugin(name)
