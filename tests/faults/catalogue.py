"""The catalogue of faults, by group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.faults.behaviour import BEHAVIOUR
from tests.faults.boot import BOOT
from tests.faults.boot_claims import BOOT_CLAIM_FAULTS
from tests.faults.boot_servers import BOOT_SERVER_FAULTS
from tests.faults.client_faults import CLIENT_FAULTS
from tests.faults.configuration import CONFIGURATION
from tests.faults.contract_language import CONTRACT_LANGUAGE
from tests.faults.deployment import DEPLOYMENT
from tests.faults.fault import Fault, Group
from tests.faults.hidden_causes import HIDDEN_CAUSES
from tests.faults.host_conditions import HOST_CONDITIONS
from tests.faults.included_lines import INCLUDED_LINES
from tests.faults.known_clients import KNOWN_CLIENT_FAULTS
from tests.faults.malformed import MALFORMED
from tests.faults.menus import MENU_FAULTS
from tests.faults.option_tags import OPTION_TAG_FAULTS
from tests.faults.other_sites import OTHER_SITES
from tests.faults.pods import PODS
from tests.faults.public_cases import PUBLIC
from tests.faults.reservations import RESERVATION_FAULTS
from tests.faults.routes import ROUTE_FAULTS
from tests.faults.scale import SCALE
from tests.faults.segment_faults import SEGMENT_FAULTS
from tests.faults.static_routes import STATIC_ROUTE_FAULTS
from tests.faults.tags import TAGS
from tests.faults.terms import TERM_FAULTS
from tests.faults.two_servers import TWO_SERVERS
from tests.faults.whole_runs import WHOLE_RUNS

CATALOGUE: Final[Mapping[Group, tuple[Fault, ...]]] = {
    Group.CONFIGURATION: (
        *CONFIGURATION,
        *CLIENT_FAULTS,
        *ROUTE_FAULTS,
        *STATIC_ROUTE_FAULTS,
        *TAGS,
        *OPTION_TAG_FAULTS,
        *TERM_FAULTS,
        *RESERVATION_FAULTS,
        *KNOWN_CLIENT_FAULTS,
        *CONTRACT_LANGUAGE,
        *INCLUDED_LINES,
        *OTHER_SITES,
    ),
    Group.DEPLOYMENT: (*DEPLOYMENT, *PODS, *BOOT_CLAIM_FAULTS),
    Group.BEHAVIOUR: (*BEHAVIOUR, *MALFORMED),
    Group.SEGMENT: (*SEGMENT_FAULTS, *TWO_SERVERS, *HOST_CONDITIONS, *HIDDEN_CAUSES),
    Group.SCALE: (*SCALE, *WHOLE_RUNS),
    Group.BOOT: (*BOOT, *MENU_FAULTS, *BOOT_SERVER_FAULTS),
    Group.PUBLIC: PUBLIC,
}


def faults(lab: str) -> tuple[Fault, ...]:
    """The faults of a lab (``netns`` or ``kind``), in the order of the catalogue."""
    return tuple(each for group in CATALOGUE.values() for each in group if each.lab == lab)
