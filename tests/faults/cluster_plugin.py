"""A plugin for runs in the kind lab: the fault that the environment names, in place before the lab is."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.faults.causes import CLUSTER_VARIABLE
from tests.faults.cluster_injection import CLUSTER_INJECTIONS


@pytest.fixture(scope="session", autouse=True)
def fault() -> Iterator[None]:
    """What is named by the variable; gone after the lab is."""
    with CLUSTER_INJECTIONS[os.environ[CLUSTER_VARIABLE]]():
        yield
