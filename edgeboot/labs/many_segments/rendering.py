"""The objects of many segments: for each window immutable ConfigMaps, and an Indexed Job or its CronJob.

An Indexed Job has one Pod template. What differs from segment to segment is therefore in the rows, which the
Pod reads by its index, and where it runs in its node selector, which ``edgeboot segments place`` sets while
the Pod is gated (Kubernetes, "Pod Scheduling Readiness").
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

import yaml

from edgeboot.base.paths import MANIFESTS
from edgeboot.base.strict_model import read_yaml
from edgeboot.labs.many_segments.job_settings import MARGIN, JobSettings
from edgeboot.labs.many_segments.numbered_row import NumberedRow
from edgeboot.labs.many_segments.planned import Data, digest, packed
from edgeboot.labs.many_segments.reading import Segments
from edgeboot.labs.many_segments.row import SEGMENT_LABEL
from edgeboot.labs.many_segments.window import Window

GATE: Final = SEGMENT_LABEL
JOB_LABEL: Final = "edgeboot.openedgeplatform.org/segments"
"""Of every object of a ``segments.toml``: the name of its ``[job]``."""
COMPONENT: Final = "app.kubernetes.io/component=segments"
ROWS: Final = "segments"
"""The volume with the rows."""
CONTAINER: Final = "verify"
_TEMPLATE: Final = MANIFESTS / "nightly" / "overlays" / "many-segments" / "pod-template.yaml"
_NEVER_AGAIN: Final = (1, 4, 5)
"""A verdict, options that cannot be used, nothing verified: the next run would say the same."""
_LAB: Final = 3
_NAMES_OF_A_ROLE: Final = 1000
Object = dict[str, Any]


def rendered(segments: Segments) -> str:
    """The objects as YAML for ``kubectl apply -f -``; the same for the same file.

    Raises:
        UsageError: a contract is too large for a ConfigMap.
    """
    return yaml.dump_all(objects(segments), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def objects(segments: Segments) -> list[Object]:
    """The same as values, in the order in which they are made; raises as ``rendered``."""
    secrets = sorted({row.row.kubeconfig_secret for row in segments.rows} - {None}, key=str)
    every: list[Object] = list(_rights(segments.job, [str(each) for each in secrets]))
    for window, rows in _by_window(segments.rows).items():
        name = segments.job.name if window is None else f"{segments.job.name}-{_slug(window)}"
        maps = [_config_map(segments.job, name, data) for data in packed(rows)]
        template = _template(segments.job, rows, [each["metadata"]["name"] for each in maps])
        job = _job(segments.job, len(rows), template)
        every += maps
        every.append(
            _run(segments.job, name, job) if window is None else _cron(segments.job, name, window, job)
        )
    return every


class _Dumper(yaml.SafeDumper):
    """YAML that a person can read: texts of several lines as such, and no anchors."""

    def ignore_aliases(self, _: Any) -> bool:
        """Write every value where it is."""
        return True

    def represent_str(self, text: str) -> yaml.ScalarNode:
        """In literal style where it has several lines."""
        style = "|" if "\n" in text else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _Dumper.represent_str)


def _by_window(rows: Sequence[NumberedRow]) -> dict[Window | None, list[NumberedRow]]:
    """The rows of each window, in the file's order."""
    found: dict[Window | None, list[NumberedRow]] = {}
    for each in rows:
        found.setdefault(each.row.window, []).append(each)
    return found


def _slug(window: Window) -> str:
    """A part of its CronJob's name that other windows of the file do not change."""
    hours = f"{window.start}-{window.end}".replace(":", "")
    return f"{hours}-{digest(window.time_zone)[:4]}"


def _metadata(job: JobSettings, name: str) -> Object:
    labels = {
        "app.kubernetes.io/name": "edgeboot",
        "app.kubernetes.io/component": "segments",
        JOB_LABEL: job.name,
    }
    return {"name": name, "labels": labels}


def _config_map(job: JobSettings, name: str, data: Data) -> Object:
    metadata = _metadata(job, f"{name}-{digest(data)}")
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "immutable": True, "data": data}


def _template(job: JobSettings, rows: Sequence[NumberedRow], maps: Sequence[str]) -> Object:
    (document,) = read_yaml(_TEMPLATE, "manifests")
    template: Object = copy.deepcopy(document["template"])
    template["metadata"]["labels"][JOB_LABEL] = job.name
    spec = template["spec"]
    spec["serviceAccountName"] = job.service_account
    spec["activeDeadlineSeconds"] = _seconds(job.run_time)
    selectors = {tuple(sorted(row.row.node_selector.items())) for row in rows}
    if len(selectors) == 1:
        spec["nodeSelector"] = dict(*selectors)
    else:
        spec["schedulingGates"] = [{"name": GATE}]
    for container in spec["containers"]:
        container["image"] = job.image
    for volume in spec["volumes"]:
        if "persistentVolumeClaim" in volume:
            volume["persistentVolumeClaim"]["claimName"] = job.claim
    sources = [{"configMap": {"name": each}} for each in maps]
    spec["volumes"].append({"name": ROWS, "projected": {"sources": sources}})
    return template


def _job(job: JobSettings, rows: int, template: Object) -> Object:
    return {
        "completionMode": "Indexed",
        "completions": rows,
        "parallelism": min(job.parallelism, rows),
        "backoffLimitPerIndex": job.retries,
        "maxFailedIndexes": rows if job.most_failed is None else min(job.most_failed, rows),
        "ttlSecondsAfterFinished": _seconds(job.kept),
        **({"suspend": True} if job.suspended else {}),
        "podFailurePolicy": {
            "rules": [
                # A drained node says nothing of the segment.
                {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
                {"action": "FailIndex", "onExitCodes": _statuses(*_NEVER_AGAIN)},
                {"action": "Count", "onExitCodes": _statuses(_LAB)},
            ]
        },
        "template": template,
    }


def _statuses(*statuses: int) -> Object:
    return {"containerName": CONTAINER, "operator": "In", "values": list(statuses)}


def _run(job: JobSettings, name: str, spec: Object) -> Object:
    metadata = _metadata(job, name)
    metadata["labels"] |= job.labels
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec}


def _cron(job: JobSettings, name: str, window: Window, spec: Object) -> Object:
    """Nothing of it runs after the window: it begins within the margin, and ends that much before."""
    metadata = _metadata(job, name)
    cron = {
        "schedule": window.schedule,
        "timeZone": window.time_zone,
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": _seconds(MARGIN) - _grace(spec),
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 1,
        "jobTemplate": {
            "metadata": {"labels": metadata["labels"] | job.labels},
            "spec": {**spec, "activeDeadlineSeconds": _seconds(window.length - MARGIN)},
        },
    }
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": metadata, "spec": cron}


def _grace(spec: Object) -> int:
    """Seconds that a Pod of the Job has to end in order."""
    return int(spec["template"]["spec"]["terminationGracePeriodSeconds"])


def _rights(job: JobSettings, secrets: Sequence[str]) -> Iterator[Object]:
    """To read exactly the Secrets that the rows name."""
    for number, first in enumerate(range(0, len(secrets), _NAMES_OF_A_ROLE), 1):
        name = f"{job.name}-kubeconfigs" + (f"-{number}" if number > 1 else "")
        names = list(secrets[first : first + _NAMES_OF_A_ROLE])
        rule = {"apiGroups": [""], "resources": ["secrets"], "resourceNames": names, "verbs": ["get"]}
        api = "rbac.authorization.k8s.io"
        role = {"apiVersion": f"{api}/v1", "kind": "Role", "metadata": _metadata(job, name)}
        yield {**role, "rules": [rule]}
        yield {
            **role,
            "kind": "RoleBinding",
            "roleRef": {"apiGroup": api, "kind": "Role", "name": name},
            "subjects": [{"kind": "ServiceAccount", "name": job.service_account}],
        }


def _seconds(time: timedelta) -> int:
    return int(time.total_seconds())
