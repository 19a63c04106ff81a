"""Servers of sites that state more than the project's own: options, pools, relayed networks."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, added_lines, config_change
from tests.faults.contract_language import RELAYED, RELAYED_LINES, SITE_OPTIONS, site_options
from tests.faults.fault import Cause, Fault

_RANGE: Final = "dhcp-range=192.168.99.100,192.168.99.200,255.255.255.0,12h\n"
_TWO_POOLS: Final = """
[[pool]]
first = "192.168.99.100"
last = "192.168.99.149"
except = ["192.168.99.110-192.168.99.112", "192.168.99.120"]
[[pool]]
first = "192.168.99.180"
last = "192.168.99.200"
"""


def _good(what: str, *causes: Cause) -> Fault:
    return Fault(f"good contract: {what}", "nothing", "nothing", causes)


def _ranges(*ends: str) -> str:
    return "".join(f"dhcp-range={each},255.255.255.0,12h\n" for each in ends)


GOOD_CONTRACTS: Final = (
    _good(
        "values of options, and more for Windows", ContractTerms(SITE_OPTIONS), added_lines(*site_options())
    ),
    _good(
        "two pools and a hole",
        ContractTerms(_TWO_POOLS),
        config_change(
            _RANGE,
            _ranges(
                "192.168.99.100,192.168.99.109",
                "192.168.99.113,192.168.99.119",
                "192.168.99.121,192.168.99.149",
                "192.168.99.180,192.168.99.200",
            ),
        ),
    ),
    _good(
        "a second network by relay",
        ContractTerms(
            RELAYED + 'routers = ["192.168.50.1"]\nnext_server = "192.168.50.40"\nbootfile = "rack.efi"\n'
        ),
        added_lines(
            *RELAYED_LINES,
            "dhcp-option=tag:rack2,option:router,192.168.50.1",
            "dhcp-boot=tag:rack2,rack.efi,rack2,192.168.50.40",
        ),
    ),
    _good(
        "relays of 10.0.0.0/8",
        ContractTerms('relay_networks = ["192.168.99.0/24", "10.0.0.0/8"]\n'),
        added_lines("dhcp-range=10.77.0.100,10.77.0.200,255.255.0.0,12h"),
    ),
    _good(
        "no name of a boot server",
        ContractTerms('server_name = ""\noptions = [1, 3, 28, 51, 53, 54, 58, 59, 67]\n'),
        config_change(",tinkerbell-nginx.cluster.onprem,", ",,"),
    ),
)
"""Entries for the runner in which no test may fail."""
