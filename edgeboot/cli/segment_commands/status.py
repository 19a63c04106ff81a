"""``edgeboot segments status``: where each segment stands, by the Jobs and their Pods."""

from __future__ import annotations

import argparse
import json
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kubernetes import client

from edgeboot.base.errors import UsageError
from edgeboot.cli.exit_status import EXIT_FOUND_WANTING, EXIT_NOTHING_JUDGED
from edgeboot.labs.many_segments.cluster import MountedRows, access_of, listed
from edgeboot.labs.many_segments.planned import names_of_rows
from edgeboot.labs.many_segments.rendering import COMPONENT, JOB_LABEL
from edgeboot.report.segment_jobs.job_standing import job_standing
from edgeboot.report.segment_jobs.standing import JobStanding, State
from edgeboot.report.segment_jobs.told import told
from edgeboot.server.pod.access import Access
from edgeboot.server.pod.rights import Right

_JOB_NAME: Final = "batch.kubernetes.io/job-name"


def act(options: argparse.Namespace) -> int:
    """Print it; 0 where every segment is as stated, 1 where one is not or was not verified, 2 before the end.

    Raises:
        UsageError: there is no such Job.
        LabError: the API server refuses, or does not answer.
    """
    access = access_of(options)
    selector = COMPONENT if options.name is None else f"{COMPONENT},{JOB_LABEL}={options.name}"
    jobs = list(_standings(access, selector))
    if not jobs:
        which = "of segments" if options.name is None else f"of {options.name}"
        hint = "edgeboot segments render FILE | kubectl apply -f -; a window's Job is made when it begins"
        raise UsageError(f"namespace {access.namespace}", f"has no Job {which}", hint)
    if options.json:
        print(json.dumps([each.to_json() for each in jobs], ensure_ascii=False, indent=1))
    else:
        print(told(jobs, shutil.get_terminal_size((100, 24)).columns, every=options.all))
    return _status(jobs)


def _standings(access: Access, selector: str) -> Iterator[JobStanding]:
    """The Jobs that are there, of each CronJob the newest, by their names."""
    ask = client.BatchV1Api(access.api()).list_namespaced_job
    newest: dict[str, dict[str, Any]] = {}
    for job in listed(access, Right.LIST_JOBS, ask, label_selector=selector):
        if job["spec"].get("completionMode") != "Indexed":
            continue  # Another's, that has our label.
        key = _maker(job)
        if key not in newest or _made(job) > _made(newest[key]):
            newest[key] = job
    rows = MountedRows(access)
    pods = _pods(access, selector)
    for key in sorted(newest):
        job = newest[key]
        yield job_standing(job, pods[job["metadata"]["name"]], _names(rows, job))


def _names(rows: MountedRows, job: Mapping[str, Any]) -> list[str]:
    """Of its segments; none where its rows are of a form that this version cannot read."""
    try:
        return names_of_rows(rows.files(job["spec"]["template"]["spec"]))
    except (ValueError, TypeError, KeyError):
        return []


def _pods(access: Access, selector: str) -> dict[str, list[dict[str, Any]]]:
    """By their Job's name."""
    pods: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for pod in listed(access, Right.LIST_PODS, access.core().list_namespaced_pod, label_selector=selector):
        pods[pod["metadata"]["labels"].get(_JOB_NAME, "")].append(pod)
    return pods


def _maker(job: Mapping[str, Any]) -> str:
    """The CronJob that made it, or its own name."""
    owners = job["metadata"].get("ownerReferences") or ()
    return next((str(each["name"]) for each in owners), str(job["metadata"]["name"]))


def _made(job: Mapping[str, Any]) -> str:
    return str(job["metadata"]["creationTimestamp"])


def _status(jobs: Sequence[JobStanding]) -> int:
    states = {each.state for job in jobs for each in job.segments}
    if any(state.ended and state is not State.AS_STATED for state in states):
        return EXIT_FOUND_WANTING
    return 0 if states == {State.AS_STATED} else EXIT_NOTHING_JUDGED
