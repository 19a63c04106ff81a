"""The suite's fixtures and options; each file of ``fixtures/`` brings up one thing."""

pytest_plugins = [
    "fixtures.parallel",
    "fixtures.slow",
    "fixtures.role",
    "fixtures.lab",
    "fixtures.dhcp_server",
    "fixtures.cluster",
    "fixtures.second_server",
    "fixtures.bridge_server",
    "fixtures.libvirt_network",
    "fixtures.edge_node",
    "fixtures.addresses",
    "fixtures.crowd",
    "fixtures.malformed",
    "fixtures.boot_server",
    "fixtures.rogue",
    "fixtures.replies",
    "fixtures.evidence",
    "fixtures.advisories",
    "fixtures.known_defects",
    "fixtures.coverage",
]
