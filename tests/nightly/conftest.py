"""One site for all tests, with the nightly run installed as docs/operations.md says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.nightly.installation import install
from tests.nightly.lease_history import LeaseHistory
from tests.nightly.monitoring import pushgateway_on
from tests.nightly.nightly import Nightly
from tests.nightly.results import overlaps
from tests.nightly.site import NightlySite, nightly_site
from tests.nightly.snapshot import Snapshot


@pytest.fixture(scope="session")
def site() -> Iterator[NightlySite]:
    """A cluster of four nodes and three segments, for the whole session."""
    with nightly_site() as site:
        yield site


@pytest.fixture(scope="session")
def leases(site: NightlySite) -> Iterator[LeaseHistory]:
    """Who has held each segment's Lease since the site was up."""
    history = LeaseHistory(site)
    history.start()
    yield history
    history.stop()


@pytest.fixture(scope="session")
def gateway(site: NightlySite) -> Iterator[str]:
    """The URL of the Pushgateway that every run tells its metrics."""
    with pushgateway_on(site.cluster.node) as url:
        yield url


@pytest.fixture(scope="session")
def nightly(site: NightlySite, gateway: str) -> Nightly:
    """A CronJob for each segment, of which none is due."""
    return install(site, gateway)


@pytest.fixture(autouse=True)
def segments_unchanged(site: NightlySite) -> Iterator[None]:
    """Checks after every test that nothing is left on any segment, and no neighbour was disturbed."""
    neighbours = {name: each.neighbour for name, each in site.segments.items()}
    before, complaints = Snapshot.of(site), {name: each.complaints for name, each in neighbours.items()}
    yield
    assert before.differences(Snapshot.of(site)) == {}
    assert {name: each.complaints for name, each in neighbours.items()} == complaints


@pytest.fixture(autouse=True)
def one_run_at_a_time(site: NightlySite, leases: LeaseHistory) -> Iterator[None]:
    """Checks after every test that no two runs have been on one segment at once."""
    yield
    assert overlaps(site.volume, leases) == []
