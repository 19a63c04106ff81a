"""A run that an administrator starts by hand says how its segment is."""

from __future__ import annotations

import pytest

from tests.nightly.nightly import Nightly
from tests.nightly.segments import GOOD, NO_INTERFACE, WRONG_FILE

pytestmark = pytest.mark.nightly_rehearsal


def test_good_segment_is_verified(nightly: Nightly) -> None:
    """Exit status 0 and the verdict in the log; libvirt's DHCP was off for the time of the run."""
    run = nightly.ended(nightly.start(GOOD))
    assert run.status == 0, run.log
    assert "Edge nodes would boot." in run.log
    assert "DHCP of libvirt network edge (range 192.168.101.201" in run.log


def test_wrong_boot_file_is_named_and_its_run_is_not_repeated(nightly: Nightly) -> None:
    """A verdict stays the same however often it is asked for: the Job has one Pod."""
    job = nightly.start(WRONG_FILE)
    run = nightly.ended(job)
    assert run.status == 1, run.log
    assert "1. bootfile: expected signed_ipxe.efi, received ipxe.efi from 192.168.102.10" in run.log
    assert len(nightly.pods(job)) == 1


def test_missing_interface_is_named_and_its_run_is_not_repeated(nightly: Nightly) -> None:
    """Exit status 4: an administrator must mend the row."""
    job = nightly.start(NO_INTERFACE)
    run = nightly.ended(job)
    assert run.status == 4, run.log
    assert "br-lab: no such interface; choose from br-edge" in run.log
    assert len(nightly.pods(job)) == 1
