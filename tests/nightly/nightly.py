"""The nightly runs, as an administrator starts and reads them: CronJobs, Jobs and their Pods."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from edgeboot.base.deadline import Wait, eventually
from tests.nightly.kubectl import Kubectl
from tests.nightly.segments import Segment
from tests.nightly.site import NightlySite
from tests.rehearsal.journal_lines import outstanding

A_RUN: Final = timedelta(minutes=4)
"""For a whole run, on a busy machine, with what it waits for before it begins."""
NEVER: Final = "0 0 29 2 *"
"""A schedule that is not due while a rehearsal lasts."""
_SCHEDULED: Final = "batch.kubernetes.io/cronjob-scheduled-timestamp"
"""The annotation of a Job that a CronJob's schedule has started (KEP-4026)."""
_OVER: Final = frozenset({"Succeeded", "Failed"})
_MIDWAY: Final = ("libvirt DHCP", "DHCP lease")
"""What stands in the journal of a run that has begun to test: killed now, it leaves all of it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that is over."""

    pod: str
    status: int
    """The exit status of its container."""
    log: str
    pods: int
    """How many its Job has had so far, this one included."""


@dataclass(frozen=True)
class Nightly:
    """The CronJob of each segment, and the Jobs that come of it."""

    kubectl: Kubectl
    site: NightlySite

    def start(self, segment: Segment) -> str:
        """Trigger the CronJob by hand; returns the Job's name."""
        job = f"by-hand-{segment.name}-{secrets.token_hex(2)}"
        self.kubectl("create", "job", f"--from=cronjob/{segment.nightly}", job)
        return job

    def pods(self, job: str) -> list[Any]:
        """The Pods of a Job, the oldest first."""
        pods: list[Any] = self.kubectl.get("pods", f"--selector=job-name={job}")["items"]
        return sorted(pods, key=lambda each: str(each["metadata"]["creationTimestamp"]))

    def ended(self, job: str) -> Ended:
        """The last Pod of a Job, as soon as that is over.

        Raises:
            LabError: it is not in time.
        """

        def over() -> bool | None:
            conditions = self.kubectl.get("job", job)["status"].get("conditions", [])
            return any(each["type"] in {"Complete", "Failed"} for each in conditions) or None

        eventually(f"end of job {job}", over, A_RUN, "see kubectl describe job, and its Pods")
        return self._ended(self.pods(job), -1)

    def first_ended(self, job: str) -> Ended:
        """The first Pod of a Job, as soon as that is over, whatever becomes of the Job.

        Raises:
            LabError: it is not in time.
        """

        def over() -> Ended | None:
            pods = self.pods(job)
            return self._ended(pods, 0) if pods and pods[0]["status"]["phase"] in _OVER else None

        return eventually(f"end of the first Pod of job {job}", over, A_RUN, "see kubectl describe job")

    @contextmanager
    def due_every_minute(self, segment: Segment) -> Iterator[None]:
        """The CronJob is due every minute within the context, and what it has started ends after it."""
        self._schedule(segment, "* * * * *")
        try:
            yield
        finally:
            self._schedule(segment, NEVER)
            for job in self.scheduled(segment):
                self.ended(job)

    def first_scheduled(self, segment: Segment) -> str:
        """The first Job that the schedule has started, as soon as there is one.

        Raises:
            LabError: there is none in time.
        """
        return eventually(
            f"a Job by the schedule of {segment.nightly}",
            lambda: next(iter(self.scheduled(segment)), None),
            Wait.CLUSTER,
            "see kubectl describe cronjob",
        )

    def scheduled(self, segment: Segment) -> list[str]:
        """The Jobs that the schedule of a segment has started, the oldest first."""
        jobs = [each["metadata"] for each in self.kubectl.get("jobs")["items"]]
        due = {each["name"]: each.get("annotations", {}).get(_SCHEDULED) for each in jobs}
        own = [name for name, at in due.items() if at and name.startswith(f"{segment.nightly}-")]
        return sorted(own, key=lambda name: str(due[name]))

    def _schedule(self, segment: Segment, schedule: str) -> None:
        change = json.dumps({"spec": {"schedule": schedule}})
        self.kubectl("patch", "cronjob", segment.nightly, f"--patch={change}")

    def midway(self, segment: Segment, job: str) -> str:
        """Wait until a run has leases, and libvirt's DHCP is off; returns the name of its Pod.

        Raises:
            LabError: it is not so far in time.
        """
        journals = self.site.volume / segment.worker / "state" / "edgeboot" / "journal"

        def far_enough() -> bool | None:
            left = outstanding(sorted(journals.glob("*.jsonl")))
            return all(each in left for each in _MIDWAY) or None

        eventually(f"{segment.name} midway", far_enough, Wait.CLUSTER, f"see kubectl logs job/{job}")
        return str(self.pods(job)[-1]["metadata"]["name"])

    def journals(self, segment: Segment) -> list[Path]:
        """The journals on the volume of a segment's worker: none where nothing is left."""
        return sorted((self.site.volume / segment.worker / "state" / "edgeboot" / "journal").glob("*"))

    def _ended(self, pods: list[Any], which: int) -> Ended:
        name = str(pods[which]["metadata"]["name"])
        status = next(iter(pods[which]["status"].get("containerStatuses", [])), None)
        assert status is not None, f"the run of {name} was never started"
        code = int(status["state"]["terminated"]["exitCode"])
        return Ended(name, code, self.kubectl("logs", name, "--container=verify"), len(pods))
