"""One control plane for all tests, and a namespace for each."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from kubernetes import client, config

from tests.control_plane.plane import ControlPlane, control_plane
from tests.control_plane.segments import Site


@pytest.fixture(scope="session")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane for the whole session."""
    with control_plane(tmp_path_factory.mktemp("plane") / "plane") as plane:
        yield plane


@pytest.fixture(scope="session")
def api(plane: ControlPlane) -> client.ApiClient:
    """A client of an administrator."""
    settings = client.Configuration()
    config.load_kube_config(str(plane.kubeconfig), client_configuration=settings)
    return client.ApiClient(settings)


@pytest.fixture
def core(api: client.ApiClient) -> client.CoreV1Api:
    """The core API."""
    return client.CoreV1Api(api)


@pytest.fixture
def batch(api: client.ApiClient) -> client.BatchV1Api:
    """Jobs and CronJobs."""
    return client.BatchV1Api(api)


@pytest.fixture
def namespace(core: client.CoreV1Api) -> str:
    """A namespace of the test's own; it goes with the control plane."""
    name = f"test-{secrets.token_hex(4)}"
    core.create_namespace({"metadata": {"name": name}})
    return name


@pytest.fixture
def site(
    plane: ControlPlane, namespace: str, tmp_path: Path, core: client.CoreV1Api, batch: client.BatchV1Api
) -> Site:
    """A namespace for segments."""
    site = Site(plane, namespace, tmp_path, core, batch)
    site.prepare()
    return site
