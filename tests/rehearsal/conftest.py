"""One site for all tests, and an operator who verifies it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rehearsal.operator import Note, Operator
from tests.rehearsal.site import Site, rehearsal
from tests.rehearsal.snapshot import Snapshot


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An Orchestrator, its segment and a tenant, for the whole session."""
    with rehearsal(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def operator(site: Site, tmp_path: Path) -> Iterator[Operator]:
    """An operator who verifies the site; leftovers of a failed test are cleaned up."""
    operator = Operator(site, tmp_path)
    yield operator
    if operator.journals:
        operator.clean()


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Records a property in the JUnit file, from which the page is written."""
    return lambda heading, text: request.node.user_properties.append((heading, text))


@pytest.fixture(autouse=True)
def site_unchanged(site: Site) -> Iterator[None]:
    """Checks after every test that the site is unchanged and the tenant has no new complaints."""
    before, complaints = Snapshot.of(site), site.tenant.complaints
    yield
    assert before.differences(Snapshot.of(site)) == {}
    assert site.tenant.complaints == complaints, site.tenant.summary
