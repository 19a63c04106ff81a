"""Access to the Orchestrator's cluster, by the options."""

from __future__ import annotations

from edgeboot.base.errors import UsageError
from edgeboot.labs.orchestrator.kubeconfig import SERVICE_ACCOUNT, is_in_cluster, kubeconfig_files
from edgeboot.labs.orchestrator.options import OrchestratorOptions
from edgeboot.server.pod.access import Access


def cluster_access(options: OrchestratorOptions, namespace: str) -> Access:
    """The access that the options describe; ``namespace`` is the manifests' own.

    Without any kubeconfig it is that of the Pod which this process is in, as kubectl has it.

    Raises:
        UsageError: there is neither, or it cannot be used.
    """
    files = [each for each in kubeconfig_files(options) if each.is_file()]
    if not files and not is_in_cluster():
        searched = ", ".join(map(str, kubeconfig_files(options)))
        problem = f"no kubeconfig in {searched}, and no service account of a Pod in {SERVICE_ACCOUNT.parent}"
        raise UsageError("--kubeconfig", problem, "name the Orchestrator's")
    if not files and options.context is not None:
        problem = "is of a kubeconfig, and there is none: a Pod's service account has one cluster"
        raise UsageError(f"--context {options.context}", problem, "name a kubeconfig, or leave it out")
    kubeconfig = ":".join(map(str, files)) or None
    access = Access(kubeconfig, options.context, options.namespace or namespace)
    access.api()
    return access
