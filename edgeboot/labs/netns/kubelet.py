"""What a kubelet does around the server's container, as far as this lab carries it out.

Init containers and sidecars, postStart and preStop, the three probes, activeDeadlineSeconds.
A probe or a deadline that ends the server ends it here, too, and is told once: the kubelet would
start it again, and again, which shows nothing more.

Source: Kubernetes documentation, "Pod Lifecycle", "Init Containers", "Container Lifecycle Hooks".
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from signal import SIGTERM
from threading import Timer
from typing import Final

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.host.container import Container
from edgeboot.labs.netns.pod_actions import PodActions, words
from edgeboot.labs.netns.pod_container import container_spec
from edgeboot.labs.netns.probing import Attempt, FailedProbe, Probing, attempt_now
from edgeboot.labs.netns.unsupported import can_run
from edgeboot.server.log import ServerLog
from edgeboot.server.protocol import ProbeFailure
from edgeboot.spec.manifests.cause import Cause
from edgeboot.spec.manifests.deployment import Deployment
from edgeboot.spec.manifests.pod import ContainerManifest
from edgeboot.spec.manifests.probes import Probe, ProbeKind

_HINT: Final = "correct it, or what it asks"
_ALWAYS: Final = "Always"
"""The restartPolicy that makes an init container a sidecar."""


class Kubelet:
    """The Pod around the server's container, from its first start to its end.

    Args:
        deployment: the rendered Pod.
        actions: does what probes and hooks say.
        directory: the lab's.
        say: takes what the kubelet would record as an event of the Pod.
    """

    def __init__(
        self, deployment: Deployment, actions: PodActions, directory: Path, say: Callable[[str], None]
    ) -> None:
        self.ended_by: str | None = None
        """What has ended the server; None while nothing has."""
        self._deployment = deployment
        self._spec = deployment.pod.spec
        self._actions = actions
        self._directory = directory
        self._say = say
        self._beside: list[Container] = []
        self._container: Container | None = None
        self._probing: Probing | None = None
        self._deadline: Timer | None = None

    def start_pod(self) -> None:
        """Run the init containers to their end one after the other, then start the sidecars.

        Raises:
            LabError: an init container fails, or does not end.
        """
        for container in filter(can_run, self._spec.init_containers):
            running, log = self._run(container)
            if container.restart_policy == _ALWAYS:
                self._beside.append(running)
            else:
                self._await_end(container, running, log)
        self._beside += [self._run(container)[0] for container in filter(can_run, self._spec.beside)]
        seconds = self._spec.active_deadline_seconds
        if seconds is not None:
            self._deadline = Timer(seconds, self._pass_deadline, (seconds,))
            self._deadline.daemon = True
            self._deadline.start()

    def started(self, container: Container) -> None:
        """Run postStart in the server's new container, and begin with its probes.

        Raises:
            LabError: the hook failed.
        """
        self._container, since = container, time.monotonic()
        lifecycle = self._spec.server.lifecycle
        hook = lifecycle.post_start
        if self._probes or hook or lifecycle.pre_stop:
            # Before that a command would be run outside of it: its mounts are not made yet.
            eventually("container", lambda: container.has_executed or None, Wait.SERVER_START, "see its log")
        if hook is not None:
            failure = self._actions.do(hook, container, Wait.SERVER_START)
            if failure is not None:
                lines = self._lines("lifecycle", "postStart")
                problem = f"postStart failed, so the kubelet kills the server: {words(hook)}: {failure}"
                raise LabError("dhcp-server", f"{problem}: {lines}", _HINT)
        probes = {kind: (probe, self._attempt(probe, container)) for kind, probe in self._probes.items()}
        if probes:
            self._probing = Probing(probes, since, self._kill)

    def settle(self) -> None:
        """Return once the running server's startup and liveness probes pass, or may still pass later.

        Raises:
            LabError: one has ended the server.
        """
        container = self._container
        fatal = [probe for kind, probe in self._probes.items() if kind is not ProbeKind.READINESS]
        if container is None or all(self._attempt(probe, container)() is None for probe in fatal):
            return
        if max(map(_longest, fatal)) < Wait.SERVER_START:
            with suppress(LabError):
                eventually("probes", lambda: self.ended_by, Wait.SERVER_START, "see the Pod")
        self.check()

    def failed_probes(self) -> tuple[ProbeFailure, ...]:
        """The probes that fail now, as often as their thresholds say, each with its lines."""
        if self._container is None:
            return ()
        now = (
            attempt_now(kind, probe, self._attempt(probe, self._container))
            for kind, probe in self._probes.items()
        )
        return tuple(self._failure(failed) for failed in now if failed is not None)

    def check(self) -> None:
        """Return while nothing of the Pod has ended the server.

        Raises:
            LabError: something has.
        """
        if self.ended_by is not None:
            raise LabError("dhcp-server", self.ended_by, _HINT)

    def let_go(self) -> None:
        """End the probes: the server's container is being replaced, or killed by a test."""
        if self._probing is not None:
            self._probing.stop()
            self._probing = None

    def end_pod(self) -> None:
        """End the Pod as its deletion does: preStop and SIGTERM where it has that hook, then the sidecars."""
        self.let_go()
        if self._deadline is not None:
            self._deadline.cancel()
        container = self._container
        if container is not None and container.exit_status is None and self._spec.server.lifecycle.pre_stop:
            self._terminate(container, self._spec.termination_grace_period_seconds)
        while self._beside:
            self._beside.pop().kill()

    @property
    def _probes(self) -> dict[ProbeKind, Probe]:
        """Those whose action this lab can do."""
        probes = self._spec.server.probes
        return {kind: probe for kind, probe in probes.items() if probe.action is not None}

    def _run(self, container: ContainerManifest) -> tuple[Container, ServerLog]:
        log = ServerLog()
        spec = container_spec(self._deployment, self._actions.namespace, self._directory, container=container)
        return Container(spec, self._directory / "containers" / container.name, log.add), log

    def _await_end(self, container: ContainerManifest, running: Container, log: ServerLog) -> None:
        try:
            eventually("init container", lambda: running.exit_status, Wait.INIT_CONTAINER, "see its command")
            problem = f"ended with status {running.exit_status}"
        except LabError:
            problem = f"has not ended within {Wait.INIT_CONTAINER.total_seconds():g} s"
        succeeded = running.exit_status == 0
        running.kill()  # If it has ended, this waits for the rest of its output.
        if not succeeded:
            said = log.lines[-1].text.strip() if log.lines else "nothing"
            place = self._deployment.place_of("spec", "initContainers", container.name)
            problem = f"{problem}, saying {said!r}; the server is not started before it succeeds: {place}"
            raise LabError(f"init container {container.name}", problem, "correct it")

    def _kill(self, failed: FailedProbe) -> None:
        grace = failed.probe.termination_grace_period_seconds
        self._end(
            f"{self._failure(failed)}; the kubelet kills the server for it",
            self._spec.termination_grace_period_seconds if grace is None else grace,
        )

    def _pass_deadline(self, seconds: int) -> None:
        place = self._deployment.place_of("spec", "activeDeadlineSeconds")
        why = f"the kubelet ends its Pod after activeDeadlineSeconds {seconds}, for good: {place}"
        self._end(why, self._spec.termination_grace_period_seconds)

    def _end(self, why: str, grace: int) -> None:
        self.ended_by = why
        self._say(f"kubelet: {why}")
        self.let_go()
        if self._container is not None:
            self._terminate(self._container, grace)

    def _terminate(self, container: Container, grace: int) -> None:
        """PreStop, SIGTERM, and SIGKILL at the end of the grace period, which begins before the hook."""
        until, hook = time.monotonic() + grace, self._spec.server.lifecycle.pre_stop
        if hook is not None:
            failure = self._actions.do(hook, container, timedelta(seconds=max(1, grace)))
            if failure is not None:
                lines = self._lines("lifecycle", "preStop")
                self._say(f"kubelet: preStop failed: {words(hook)}: {failure}: {lines}")
        container.signal(SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            container.wait(timedelta(seconds=max(0.0, until - time.monotonic())))
        container.kill()

    def _attempt(self, probe: Probe, container: Container) -> Attempt:
        return lambda: self._actions.do(probe, container, timedelta(seconds=probe.timeout_seconds))

    def _failure(self, failed: FailedProbe) -> ProbeFailure:
        return ProbeFailure(str(failed), self._lines(failed.kind.value))

    def _lines(self, *path: str) -> Cause:
        """The lines of the manifests that ask for a part of the server's container."""
        return self._deployment.cause_at("spec", "containers", self._spec.server.name, *path)


def _longest(probe: Probe) -> timedelta:
    """From the container's start until the probe has failed, at the longest."""
    attempts = probe.failure_threshold * (probe.period_seconds + probe.timeout_seconds)
    return timedelta(seconds=probe.initial_delay_seconds + attempts)
