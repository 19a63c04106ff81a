"""A pytest plugin for the kind lab that injects the cluster fault named by an environment variable."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.faults.causes import CLUSTER_VARIABLE
from tests.faults.cluster_injection import CLUSTER_INJECTIONS


@pytest.fixture(scope="session", autouse=True)
def fault() -> Iterator[None]:
    """The cluster fault that the variable names; in place before the lab is, removed after it."""
    with CLUSTER_INJECTIONS[os.environ[CLUSTER_VARIABLE]]():
        yield
