"""Where the Orchestrator's kubeconfig is; needs no Kubernetes package."""

from __future__ import annotations

import os
from pathlib import Path

from edgeboot.labs.orchestrator.options import OrchestratorOptions


def kubeconfig_files(options: OrchestratorOptions) -> tuple[Path, ...]:
    """The files that kubectl would read: the one named, else ``$KUBECONFIG``, else ~/.kube/config."""
    if options.kubeconfig is not None:
        return (options.kubeconfig,)
    named = os.environ.get("KUBECONFIG")
    files = named.split(os.pathsep) if named else [str(Path.home() / ".kube" / "config")]
    return tuple(Path(each) for each in files if each)
