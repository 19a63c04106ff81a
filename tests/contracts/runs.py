"""Runs of the suite at generated sites: each must be green."""

from __future__ import annotations

from random import Random
from typing import Final

from tests.contracts.deployed import GeneratedSite, profile_of
from tests.contracts.site import Site
from tests.faults.fault import Fault

_QUICK: Final = (
    "test_offer.py",
    "test_lease_time.py",
    "test_boot.py",
    "test_init_reboot.py",
    "test_client_identifier.py",
    "test_relay.py",
    "test_renewal.py",
    "test_giving_back.py",
    "test_isolation.py",
    "test_firmware.py",
)
"""Files that take a few seconds each: the sample of a seed is three of them."""
_OF_A_PROXY: Final = ("test_proxy_offer.py", "test_firmware.py")


def site_run(seed: int, *, sample: bool = False) -> Fault:
    """An entry for the runner of tests/faults in which no test may fail.

    Args:
        seed: what the site is made from.
        sample: only three quick files, chosen by the seed; else all but the malformed messages.
    """
    site = Site.from_seed(seed)
    quick = _OF_A_PROXY if site.proxy else tuple(Random(seed).sample(_QUICK, 3))  # noqa: S311 - no secret
    return Fault(
        f"site {seed}",
        "nothing",
        "nothing",
        (GeneratedSite(site),),
        files=quick if sample else (),
        profile=profile_of(site),
    )
