"""A process in a Pod uses its service account where there is no kubeconfig, against a real API server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
import yaml
from kubernetes import client

from edgeboot.base.paths import MANIFESTS, PROJECT
from tests.control_plane.plane import ControlPlane

pytestmark = pytest.mark.control_plane

IN_A_POD: Final = """
mount -t tmpfs tmpfs /run
mkdir -p /run/secrets/kubernetes.io/serviceaccount
cp "$1" /run/secrets/kubernetes.io/serviceaccount/token
cp "$2" /run/secrets/kubernetes.io/serviceaccount/ca.crt
shift 2
exec "$@"
"""
"""What a kubelet mounts into every container: /var/run is a link to /run."""
CHECK: Final = """
import sys
from edgeboot.base.errors import EdgebootError
from edgeboot.labs.orchestrator.cluster_access import cluster_access
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.server.pod.rights import TO_DEPLOY, TO_VERIFY
try:
    access = cluster_access(OrchestratorOptions(), sys.argv[1])
    access.check(TO_VERIFY)
    print("verifies in the", access.place)
    access.check(TO_DEPLOY)
except EdgebootError as error:
    print(error)
"""


@pytest.fixture
def token(plane: ControlPlane, core: client.CoreV1Api, namespace: str) -> str:
    """Of the service account that has the Role of manifests/rbac/verify.yaml."""
    documents = list(yaml.safe_load_all((MANIFESTS / "rbac" / "verify.yaml").read_text(encoding="utf-8")))
    documents[-1]["subjects"][0]["namespace"] = namespace
    plane.kubectl("apply", f"--namespace={namespace}", "-f", "-", content=yaml.safe_dump_all(documents))
    request = client.AuthenticationV1TokenRequest(spec=client.V1TokenRequestSpec(audiences=[]))
    return str(core.create_namespaced_service_account_token("edgeboot", namespace, request).status.token)


def in_a_pod(plane: ControlPlane, token: str, home: Path, namespace: str) -> str:
    """What the check prints as a container of a Pod, with ``token`` as its service account's."""
    (home / "token").write_text(token)
    [cluster] = yaml.safe_load(plane.kubeconfig.read_text(encoding="utf-8"))["clusters"]
    server, authority = urlsplit(cluster["cluster"]["server"]), cluster["cluster"]["certificate-authority"]
    wrapper = ["unshare", "--mount", "sh", "-ec", IN_A_POD, "sh", str(home / "token"), authority]
    place = {
        "KUBERNETES_SERVICE_HOST": str(server.hostname),
        "KUBERNETES_SERVICE_PORT": str(server.port),
    }
    return checked([*wrapper, sys.executable, "-c", CHECK, namespace], home, place)


def checked(command: list[str], home: Path, variables: dict[str, str]) -> str:
    """What the check prints with this home and these variables alone."""
    finished = subprocess.run(
        command, cwd=PROJECT, env={"HOME": str(home), **variables}, capture_output=True, text=True, check=True
    )
    return finished.stdout


def test_pod_without_a_kubeconfig_has_exactly_its_account_s_rights(
    plane: ControlPlane, token: str, namespace: str, tmp_path: Path
) -> None:
    """The Role of verify.yaml suffices to verify, and what it does not grant is named."""
    printed = in_a_pod(plane, token, tmp_path, namespace)
    assert "verifies in the cluster that this Pod is in\n" in printed
    assert "cluster that this Pod is in: its user may not create pods, delete pods" in printed


def test_pod_whose_token_is_not_accepted_is_told_what_to_do(
    plane: ControlPlane, namespace: str, tmp_path: Path
) -> None:
    """A deleted service account's."""
    assert "(401); start the Pod anew" in in_a_pod(plane, "revoked", tmp_path, namespace)


def test_process_in_no_pod_is_told_both_places_that_were_searched(tmp_path: Path) -> None:
    """Neither a kubeconfig nor a service account."""
    printed = checked([sys.executable, "-c", CHECK, "any"], tmp_path, {})
    assert f"no kubeconfig in {tmp_path}/.kube/config, and no service account of a Pod" in printed
