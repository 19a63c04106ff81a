"""Every entry of the catalogue in which no test may fail: servers and deployments that are right."""

from __future__ import annotations

from typing import Final

from tests.faults.boot_claims import GOOD_BOOT_CLAIMS
from tests.faults.boot_servers import GOOD_BOOT_SERVERS
from tests.faults.drafted import GOOD_DRAFTS
from tests.faults.every_network import GOOD_EVERY_NETWORK
from tests.faults.good_clients import GOOD_CLIENTS
from tests.faults.good_contracts import GOOD_CONTRACTS
from tests.faults.good_pods import GOOD_PODS
from tests.faults.good_server import GOOD_SERVER_ENTRIES
from tests.faults.hidden_causes import GOOD_SITES
from tests.faults.host_conditions import GOOD_HOSTS
from tests.faults.included_lines import GOOD_INCLUDED_LINES
from tests.faults.known_clients import GOOD_KNOWN_CLIENTS
from tests.faults.menus import GOOD_MENUS
from tests.faults.option_tags import GOOD_OPTION_TAGS
from tests.faults.public_cases import GOOD_CONFIGURATION_ENTRIES
from tests.faults.reservations import GOOD_RESERVATIONS
from tests.faults.routes import GOOD_ROUTES
from tests.faults.static_routes import GOOD_STATIC_ROUTES

GOOD_ENTRIES: Final = (
    *GOOD_SERVER_ENTRIES,
    *GOOD_CONFIGURATION_ENTRIES,
    *GOOD_PODS,
    *GOOD_CLIENTS,
    *GOOD_CONTRACTS,
    *GOOD_RESERVATIONS,
    *GOOD_KNOWN_CLIENTS,
    *GOOD_DRAFTS,
    *GOOD_MENUS,
    *GOOD_OPTION_TAGS,
    *GOOD_BOOT_SERVERS,
    *GOOD_ROUTES,
    *GOOD_STATIC_ROUTES,
    *GOOD_HOSTS,
    *GOOD_SITES,
    *GOOD_BOOT_CLAIMS,
    *GOOD_EVERY_NETWORK,
    *GOOD_INCLUDED_LINES,
)
"""Entries for the runner in which no test may fail."""
