"""Access to the Orchestrator's cluster, by the options."""

from __future__ import annotations

from pathlib import Path

from edgeboot.base.errors import UsageError
from edgeboot.labs.orchestrator.kubeconfig import kubeconfig_files
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.server.pod.access import Access


def cluster_access(options: OrchestratorOptions, namespace: str) -> Access:
    """The access that the options describe; ``namespace`` is the manifests' own.

    Raises:
        UsageError: there is no kubeconfig, or it cannot be used.
    """
    files = [each for each in kubeconfig_files(options) if Path(each).is_file()]
    if not files:
        searched = ", ".join(map(str, kubeconfig_files(options)))
        raise UsageError("--kubeconfig", f"no kubeconfig in {searched}", "name the Orchestrator's")
    access = Access(":".join(map(str, files)), options.context, options.namespace or namespace)
    access.api()
    return access
