"""The Pods that replace a deleted one; importable without the cluster's packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from edgeboot.labs.kind.pod import DeployedPod

_OURS: Final = "edgeboot.dev/"
"""The prefix of the labels that a lab adds."""


def successors(pod: DeployedPod) -> list[str]:
    """The Pods with the deployed one's labels under any name, each with its creator."""
    labels = pod.copy_of("Pod")["metadata"]["labels"]
    selector = ",".join(f"{name}={value}" for name, value in labels.items() if not name.startswith(_OURS))
    return [
        f"{each.metadata.name} of {_maker(each)}"
        for each in pod.core.list_namespaced_pod(pod.namespace, label_selector=selector).items
    ]


def _maker(pod: Any) -> str:
    """Its controller, else the field manager that applied it first."""
    owners = [f"{owner.kind} {owner.name}" for owner in pod.metadata.owner_references or ()]
    managers = [str(entry.manager) for entry in pod.metadata.managed_fields or ()]
    return next(iter((*owners, *managers)), "unknown")
