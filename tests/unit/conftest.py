"""What the unit tests share: properties without a time limit, and a namespace for one test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from edgeboot.host.journal import Journal
from edgeboot.host.links import LinkEnd, add_veth
from edgeboot.host.namespace import Namespace, create_namespace

from .samples import NODE

# A machine that runs other labs beside this may stall any example.
hypothesis_settings.register_profile(
    "edgeboot",
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
hypothesis_settings.load_profile("edgeboot")


@pytest.fixture
def namespace() -> Iterator[str]:
    """A network namespace of the test's own; a journal in its usual place removes it, killed or not."""
    yield from _fresh_namespace()


@pytest.fixture
def other_namespace() -> Iterator[str]:
    """A second one."""
    yield from _fresh_namespace()


def _fresh_namespace() -> Iterator[str]:
    name = f"edgeboot-unit-{secrets.token_hex(3)}"
    with Journal(name) as journal:
        journal.about_to_make(Namespace(name))
        create_namespace(name)
        yield name


@pytest.fixture
def cable(namespace: str) -> str:
    """A namespace with a veth pair, ``near`` with the MAC of ``samples.NODE`` and ``far``."""
    add_veth(LinkEnd(namespace, "near"), LinkEnd(namespace, "far"), mac=NODE.mac)
    return namespace
