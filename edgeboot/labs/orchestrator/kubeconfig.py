"""Where the access to the Orchestrator's cluster comes from; needs no Kubernetes package."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from edgeboot.labs.orchestrator.options import OrchestratorOptions

SERVICE_ACCOUNT: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")
"""Where every container of a Pod has its service account's token, unless the Pod wants none."""
_API_SERVER: Final = "KUBERNETES_SERVICE_HOST"
"""The variable by which every container of a Pod knows its cluster's API server."""


def kubeconfig_files(options: OrchestratorOptions) -> tuple[Path, ...]:
    """The files that kubectl would read: the one named, else ``$KUBECONFIG``, else ~/.kube/config."""
    if options.kubeconfig is not None:
        return (options.kubeconfig,)
    named = os.environ.get("KUBECONFIG")
    files = named.split(os.pathsep) if named else [str(Path.home() / ".kube" / "config")]
    return tuple(Path(each) for each in files if each)


def is_in_cluster() -> bool:
    """Whether this process is in a Pod with a service account, which kubectl takes without a kubeconfig."""
    return bool(os.environ.get(_API_SERVER)) and SERVICE_ACCOUNT.is_file()
