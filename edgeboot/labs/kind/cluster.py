"""The kind cluster: made from manifests/kind/cluster.yaml, or adopted when it is the same."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

import urllib3
from kubernetes import client, config
from kubernetes.dynamic import DynamicClient
from pytest_kind.cluster import KindCluster

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.base.paths import MANIFESTS, shown, state_directory
from edgeboot.host.docker import DockerNetwork, container_pid, docker, networks
from edgeboot.host.journal import Journal
from edgeboot.labs.kind.node_containers import NodeContainers
from edgeboot.labs.kind.options import KindOptions
from edgeboot.labs.kind.prerequisites import chosen_node_image

CONFIG: Final = MANIFESTS / "kind" / "cluster.yaml"
_DOCKER_NETWORK: Final = "kind"
"""kind makes it for its first cluster, and never removes it."""
_ADMIN_CONF: Final = "/etc/kubernetes/admin.conf"
_MARK: Final = "/kind/edgeboot-made-from"


class Cluster:
    """Nodes in containers, one of them the control plane, and clients of its API server.

    Args:
        options: its name and image, and whether it is kept.
        journal: has the cluster before it is made.
        config: what kind makes it from.
    """

    def __init__(self, options: KindOptions, journal: Journal, config: Path = CONFIG) -> None:
        self.name = options.cluster_name
        self.node = f"{options.cluster_name}-control-plane"
        self.image = chosen_node_image(options)
        self.adopted = False
        self._options = options
        self._journal = journal
        self._config = config
        kubeconfig = options.kubeconfig or state_directory() / "kubeconfig" / options.cluster_name
        kubeconfig.parent.mkdir(parents=True, exist_ok=True)
        self._early = kubeconfig.with_name(f"{kubeconfig.name}.early")
        self._early.unlink(missing_ok=True)
        self._kind = _KindCluster(
            self.name,
            kubeconfig,
            image=self.image,
            kind_path=options.kind_program(),
            kubectl_path=Path("kubectl"),
        )

    @property
    def kubeconfig(self) -> Path:
        """The file kubectl needs to look into the cluster."""
        return Path(self._kind.kubeconfig_path)

    def up(self) -> None:
        """Create the cluster, or adopt the one there is; its API server answers on return.

        Raises:
            LabError: a cluster of that name was made from something else, or kind failed.
        """
        if container_pid(self.node) is not None:
            self._adopt()
            return
        if _DOCKER_NETWORK not in networks():
            self._journal.about_to_make(DockerNetwork(_DOCKER_NETWORK))
        self._journal.about_to_make(NodeContainers(self.name))
        try:
            self._kind.create(self._config)
        except subprocess.CalledProcessError as error:
            output = (error.stderr or error.output or "").strip().splitlines()
            problem = next((line for line in output if "ERROR" in line), f"exit status {error.returncode}")
            raise LabError(
                f"kind create cluster {self.name}", problem, "see edgeboot doctor --lab kind"
            ) from error
        docker("exec", self.node, "sh", "-c", f"echo {self._made_from()} >{_MARK}")

    def down(self) -> None:
        """Delete the cluster, unless it was there before or is to be kept."""
        containers = NodeContainers(self.name)
        if self.adopted:
            return
        if self._options.keep_cluster:
            self._journal.keep(containers)
        else:
            self._journal.remove(containers)

    def api(self) -> client.ApiClient:
        """A client of the API server; its own connection pool, so one per thread."""
        settings = client.Configuration()
        config.load_kube_config(str(self._early), client_configuration=settings)
        settings.retries = urllib3.Retry(0)
        return client.ApiClient(settings)

    def dynamic(self) -> Any:
        """A client that knows every kind of object, for server-side apply."""
        return DynamicClient(self.api())

    def await_api(self, creation: Future[None]) -> None:
        """Wait until the API server answers, which is seconds before kind has ended.

        Raises:
            LabError: the cluster's creation failed, or the API server does not answer in time.
        """

        def observe() -> bool | None:
            if creation.done():
                creation.result()
            return True if self.early_kubeconfig() and self._answers() else None

        eventually(f"API server of {self.name}", observe, Wait.CLUSTER, f"see docker logs {self.node}")

    def early_kubeconfig(self) -> bool:
        """Copy kubeadm's kubeconfig, with the node's address; kind writes the user's when it has ended."""
        if self._early.is_file():
            return True
        text = docker("exec", self.node, "sh", "-c", f"cat {_ADMIN_CONF} 2>/dev/null || true")
        if "client-key-data" not in text or not text.endswith("\n"):
            return False  # It is being written: the key is its last line.
        template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        address = docker("inspect", "--format", template, self.node).strip()
        self._early.write_text(
            re.sub(r"server: .*", f"server: https://{address}:6443", text), encoding="utf-8"
        )
        self._early.chmod(0o600)
        return True

    def _answers(self) -> bool:
        try:
            client.CoreV1Api(self.api()).read_namespace("kube-system", _request_timeout=1)
        except (client.ApiException, urllib3.exceptions.HTTPError):
            return False
        return True

    def _adopt(self) -> None:
        mark = docker("exec", self.node, "sh", "-c", f"cat {_MARK} 2>/dev/null || true").strip()
        if mark != self._made_from():
            raise LabError(
                f"kind cluster {self.name}",
                f"runs already and was not made from {shown(self._config)} with image {self.image}",
                f"choose another --cluster-name, or kind delete cluster --name {self.name}",
            )
        self.adopted = True
        self._kind.export_kubeconfig()

    def _made_from(self) -> str:
        text = self._config.read_text(encoding="utf-8") + str(self.image)
        return hashlib.sha256(text.encode()).hexdigest()


class _KindCluster(KindCluster):  # type: ignore[misc]
    """pytest-kind's cluster, which downloads nothing here: kind and kubectl are paths."""

    def create(self, config_file: Path) -> None:
        """Create the cluster; kind's output is kept for the error."""
        self.kubeconfig_path.touch(0o600, exist_ok=True)
        # kind must not go on making a cluster when this process has been killed.
        command = ["setpriv", "--pdeathsig=KILL", str(self.kind_path), "create", "cluster"]
        command += [f"--name={self.name}", f"--kubeconfig={self.kubeconfig_path}", f"--config={config_file}"]
        if self.image:
            command.append(f"--image={self.image}")
        subprocess.run(command, check=True, capture_output=True, text=True, env=dict(os.environ))

    def export_kubeconfig(self) -> None:
        """Write the kubeconfig of a cluster that runs already."""
        command = [str(self.kind_path), "export", "kubeconfig", f"--name={self.name}"]
        command.append(f"--kubeconfig={self.kubeconfig_path}")
        subprocess.run(command, check=True, capture_output=True, text=True)


def node_process(node: str, creation: Future[None]) -> int:
    """The node's init on this machine, as soon as it is systemd.

    Before that kind's entrypoint looks at the node's addresses, and must see none of ours:
    it would redirect their port 53 to docker's resolver.

    Raises:
        LabError: the cluster's creation failed, or the node does not run within its time.
    """

    def observe() -> int | None:
        if creation.done():
            creation.result()
        pid = container_pid(node)
        try:
            started = pid is not None and Path(f"/proc/{pid}/comm").read_text().strip() == "systemd"
        except OSError:
            return None  # It has ended since: the creation says why.
        return pid if started else None

    return eventually(f"node {node}", observe, Wait.CLUSTER, "see docker ps --all")
