"""Servers of sites that state more than the project's own: options, pools, relayed networks."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, added_lines, config_change
from tests.faults.contract_language import SITE_OPTIONS, site_options
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
)
"""Entries for the runner in which no test may fail."""
