"""What a Pod asks for and this lab does not do: told in the header of a run, an error with --strict.

The table names what is carried out, or can make no difference here; everything else that a
manifest sets is told, also a field that Kubernetes does not have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from edgeboot.host.command import find_program
from edgeboot.host.memory_limit import obstacle_to_limits
from edgeboot.spec.manifests.deployment import POD, Deployment
from edgeboot.spec.manifests.pod import ContainerManifest

Table = Mapping[str, Any]
"""Fields by name: True for all below, a table for some, a collection of the values that are done."""

_HANDLER: Final = {
    "exec": True,
    "tcpSocket": True,
    "httpGet": True,
}
_TIMES: Final = dict.fromkeys(
    (
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
        "terminationGracePeriodSeconds",
    ),
    True,
)
_SECCOMP: Final = {"type": {"RuntimeDefault", "Unconfined"}}
"""The filter itself is not here: the runtime's default lets a DHCP server do all it does."""
_OBJECT_KEYS: Final = {"name": True, "secretName": True, "items": True, "optional": True, "defaultMode": True}
_FIELDS: Final = {"items": {"path": True, "fieldRef": True, "mode": True}, "defaultMode": True}
_CONTAINER: Final = {
    "name": True,
    "image": True,
    "imagePullPolicy": True,
    "command": True,
    "args": True,
    "workingDir": True,
    "ports": True,
    "env": {
        "name": True,
        "value": True,
        "valueFrom": {"configMapKeyRef": True, "secretKeyRef": True, "fieldRef": True},
    },
    "envFrom": True,
    "volumeMounts": {"name": True, "mountPath": True, "subPath": True, "readOnly": True},
    "securityContext": {
        "capabilities": True,
        "privileged": True,
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": True,
        "runAsUser": True,
        "runAsGroup": True,
        "runAsNonRoot": True,
        "seccompProfile": _SECCOMP,
    },
    "resources": {"limits": {"memory": True}},
    "startupProbe": _HANDLER | _TIMES,
    "livenessProbe": _HANDLER | _TIMES,
    "readinessProbe": _HANDLER | _TIMES,
    "lifecycle": {"postStart": _HANDLER | {"sleep": True}, "preStop": _HANDLER | {"sleep": True}},
    "terminationMessagePath": True,
    "terminationMessagePolicy": True,
}
_SERVER_ONLY: Final = {"startupProbe", "livenessProbe", "readinessProbe", "lifecycle", "resources"}
_BESIDE: Final = {name: done for name, done in _CONTAINER.items() if name not in _SERVER_ONLY} | {
    "restartPolicy": True
}
"""Containers before and beside the server's: what they need to run."""
_VOLUME: Final = {
    "name": True,
    "configMap": _OBJECT_KEYS,
    "secret": _OBJECT_KEYS,
    "emptyDir": {"medium": True},
    "ephemeral": True,
    "hostPath": True,
    "persistentVolumeClaim": True,
    "downwardAPI": _FIELDS,
    "projected": {
        "defaultMode": True,
        "sources": {"configMap": _OBJECT_KEYS, "secret": _OBJECT_KEYS, "downwardAPI": _FIELDS},
    },
}
_SPEC: Final = {
    "containers": _CONTAINER,
    "initContainers": _BESIDE,
    "volumes": _VOLUME,
    "hostNetwork": True,
    "restartPolicy": True,
    "terminationGracePeriodSeconds": True,
    "activeDeadlineSeconds": True,
    "securityContext": {
        "runAsUser": True,
        "runAsGroup": True,
        "runAsNonRoot": True,
        "fsGroup": True,
        "supplementalGroups": True,
        "seccompProfile": _SECCOMP,
    },
    # About the cluster around the Pod, not about what its containers can do on their node.
    "automountServiceAccountToken": True,
    "serviceAccountName": True,
    "enableServiceLinks": True,
    "imagePullSecrets": True,
    "tolerations": True,
    "hostPID": True,
}


def unsupported(deployment: Deployment) -> tuple[str, ...]:
    """Each field of the Pod that this lab does not carry out, with its place in the manifests."""
    spec = deployment.rendered.one("Pod", POD)["spec"]
    table = _SPEC | {"containers": _BESIDE} if deployment.pod.spec.beside else _SPEC
    paths = list(_left(spec, table, ("spec",)))
    if deployment.pod.spec.beside:
        server = deployment.pod.container.name
        [own] = [each for each in spec["containers"] if each["name"] == server]
        above = ("spec", "containers", server)
        paths = [path for path in paths if path[:3] != above] + list(_left(own, _CONTAINER, above))
    return (
        *(f"{'.'.join(path[1:])} ({deployment.where(*path)})" for path in paths),
        *_not_here(deployment),
    )


def can_run(container: ContainerManifest) -> bool:
    """Whether this machine has the program of a container beside the server's; its image is not here."""
    return bool(container.command) and find_program(container.command[0]) is not None


def _not_here(deployment: Deployment) -> Iterator[str]:
    """What depends on this machine: programs of other images, and a limit of memory."""
    spec = deployment.pod.spec
    for field, containers in (("initContainers", spec.init_containers), ("containers", spec.beside)):
        for container in containers:
            if not can_run(container):
                program = container.command[0] if container.command else "the image's own program"
                place = deployment.where("spec", field, container.name)
                yield f"{field}.{container.name}: {program} is not on this machine ({place})"
    limited = deployment.pod.container.resources.limits.memory
    obstacle = None if limited is None else obstacle_to_limits()
    if obstacle is not None:
        place = deployment.where("spec", "containers", deployment.pod.container.name, "resources", "limits")
        yield f"containers.{deployment.pod.container.name}.resources.limits.memory: {obstacle} ({place})"


def _left(value: Any, done: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The paths of the fields that the table does not have; items of a list go by their names."""
    match value, done:
        case _, True:
            return
        case list() as items, _:
            for number, item in enumerate(items):
                name = item.get("name", str(number)) if isinstance(item, dict) else str(number)
                yield from _left(item, done, (*path, str(name)))
        case dict() as fields, dict() as table:
            for name, below in fields.items():
                if name not in table:
                    if below not in (None, {}, []):
                        yield (*path, name)
                else:
                    yield from _left(below, table[name], (*path, name))
        case _, set() as values if value not in values:
            yield path
