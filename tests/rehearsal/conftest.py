"""One site for all tests, and a stranger who verifies it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rehearsal.operator import Note, Operator
from tests.rehearsal.site import Site, rehearsal
from tests.rehearsal.snapshot import Snapshot


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An Orchestrator, its segment and a tenant, as long as there are tests."""
    with rehearsal(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def operator(site: Site, tmp_path: Path) -> Iterator[Operator]:
    """Who verifies it; what he leaves behind where a test fails is removed."""
    operator = Operator(site, tmp_path)
    yield operator
    if operator.journals:
        operator.clean()


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Writes into the JUnit file's properties, from which the page is made."""
    return lambda heading, text: request.node.user_properties.append((heading, text))


@pytest.fixture(autouse=True)
def unharmed(site: Site) -> Iterator[None]:
    """After every test the site is as it was, and its tenant has noticed nothing."""
    before, complaints = Snapshot.of(site), site.tenant.noticed
    yield
    assert before.differences(Snapshot.of(site)) == {}
    assert site.tenant.noticed == complaints, site.tenant.account
