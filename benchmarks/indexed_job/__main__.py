"""What an Indexed Job of many segments costs a control plane, whose Pods a script completes.

usage: python -m benchmarks.indexed_job [--segments N] [--parallelism N] [--manager-qps N] [--json FILE]
                                        (make bench-job; needs the programs of make kind-image)

etcd, kube-apiserver, kube-controller-manager and kube-scheduler are real and run on loopback; they end with
this process, however that ends, and their directory is in the journal.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.indexed_job.api import MERGE_PATCH, Api
from benchmarks.indexed_job.kubelets import Kubelets, exit_status
from benchmarks.indexed_job.load import Load, kept
from benchmarks.indexed_job.segments import ON_A_NODE, node, placing, rendered
from edgeboot.host.directory import Directory
from edgeboot.host.journal import Journal
from edgeboot.labs.clean import clean
from tests.control_plane.plane import ControlPlane, control_plane

NAMESPACE: Final = "orch-infra"
_JOBS: Final = f"/apis/batch/v1/namespaces/{NAMESPACE}/jobs"


def main() -> int:
    """Measure and print; the exit status is 1 where the Job did not end as its Pods did."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.indexed_job")
    parser.add_argument("--segments", type=int, default=10_000)
    parser.add_argument("--parallelism", type=int, default=50)
    parser.add_argument(
        "--manager-qps", type=int, default=20, help="--kube-api-qps of kube-controller-manager"
    )
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    clean()  # What a killed run has left.
    run = f"{secrets.token_hex(3)}-job"
    directory = Path(tempfile.gettempdir()) / f"edgeboot-{run}"
    with Journal(run) as journal:
        journal.about_to_make(Directory(directory))
        qps = options.manager_qps
        limits = (f"--kube-api-qps={qps}", f"--kube-api-burst={qps * 3 // 2}")
        with control_plane(directory, manager=limits) as plane:
            result = {"arguments": vars(options) | {"json": None}} | measured(
                plane, options.segments, options.parallelism
            )
    text = json.dumps(result, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0 if result["as expected"] else 1


def measured(plane: ControlPlane, segments: int, parallelism: int) -> dict[str, Any]:
    """The figures of one Job, from its creation to its end, and of its removal."""
    api = Api.of(plane.kubeconfig)
    api.json("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
    api.json("POST", f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts", {"metadata": {"name": "edgeboot"}})
    _add_volume(api)
    for index in range(0, segments, ON_A_NODE):
        _add_node(api, node(index))
    objects = rendered(plane.directory, segments, parallelism)
    with Kubelets(api, NAMESPACE) as kubelets, placing(plane, NAMESPACE) as place:
        pids = plane.pids | {"edgeboot segments place": place}
        before = Load.of(plane, pids, api)
        started = time.monotonic()
        plane.kubectl("apply", "--server-side", f"--namespace={NAMESPACE}", "-f", "-", content=objects)
        ended, most, largest = _followed(api.again())
        took = time.monotonic() - started
        after = Load.of(plane, pids, api)
        kinds = ("jobs", "configmaps", "pods", "events")
        stored = {each: kept(plane.etcd, f"{each}/{NAMESPACE}/") for each in kinds}
        started = time.monotonic()
        api.json("DELETE", f"{_JOBS}/{ended['metadata']['name']}?propagationPolicy=Background")
        while api.json("GET", f"/api/v1/namespaces/{NAMESPACE}/pods?limit=1")["items"]:
            time.sleep(1)
        removal = time.monotonic() - started
        removed = Load.of(plane, pids, api)
    failed = [index for index in range(segments) if exit_status(index, 1) == 1]
    status = ended["status"]
    right = status.get("succeeded") == segments - len(failed) and _indexes(status["failedIndexes"]) == failed
    return {
        "as expected": right and not kubelets.problems,
        "problems": kubelets.problems[:3],
        "seconds": round(took, 1),
        "Pods": kubelets.completed,
        "most at once": most,
        "octets": {"rendered": len(objects.encode()), "Job at its largest": largest},
        "stored": stored,
        **after.since(before),
        "removal": {"seconds": round(removal, 1), **removed.since(after)},
    }


def _followed(api: Api) -> tuple[dict[str, Any], int, int]:
    """The Job as it has ended, the most Pods that it had at once, and its octets as JSON at the largest."""
    most = largest = 0
    for _, each in api.watch(_JOBS):
        most = max(most, each["status"].get("active", 0))
        largest = max(largest, len(json.dumps(each)))
        conditions = each["status"].get("conditions", ())
        if {one["type"] for one in conditions if one["status"] == "True"} & {"Complete", "Failed"}:
            return each, most, largest
    raise AssertionError("a watch has no end")


def _indexes(text: str) -> list[int]:
    """Of ``3,7-9`` (Job's failedIndexes)."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def _add_volume(api: Api) -> None:
    """The claim of the Pods, and its volume, which nobody writes."""
    shared = {"accessModes": ["ReadWriteMany"], "storageClassName": ""}
    size, name = {"storage": "100Gi"}, {"metadata": {"name": "edgeboot"}}
    volume = shared | {"capacity": size, "hostPath": {"path": "/var/lib/edgeboot"}}
    api.json("POST", "/api/v1/persistentvolumes", name | {"spec": volume})
    claim = shared | {"resources": {"requests": size}, "volumeName": "edgeboot"}
    place = f"/api/v1/namespaces/{NAMESPACE}/persistentvolumeclaims"
    api.json("POST", place, name | {"spec": claim})


def _add_node(api: Api, name: str) -> None:
    """With room for all its segments at once, ended Pods included: it has no kubelet to refuse one."""
    metadata = {"name": name, "labels": {"kubernetes.io/hostname": name}}
    api.json("POST", "/api/v1/nodes", {"metadata": metadata})
    room = {"cpu": "1000", "memory": "1000Gi", "pods": str(ON_A_NODE)}
    ready = {"type": "Ready", "status": "True", "reason": "KubeletReady"}
    status = {"capacity": room, "allocatable": room, "conditions": [ready]}
    api.json("PATCH", f"/api/v1/nodes/{name}/status", {"status": status}, MERGE_PATCH)
    api.json("PATCH", f"/api/v1/nodes/{name}", {"spec": {"taints": None}}, MERGE_PATCH)


if __name__ == "__main__":
    sys.exit(main())
