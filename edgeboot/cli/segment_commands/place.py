"""``edgeboot segments place``: gated Pods get the nodes of their segments, as they come."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any, Final

from kubernetes import watch

from edgeboot.labs.many_segments.cluster import access_of
from edgeboot.labs.many_segments.placing import Placer
from edgeboot.labs.many_segments.rendering import COMPONENT
from edgeboot.server.pod.access import Access
from edgeboot.server.pod.rights import Right

_TURN: Final = 300
"""Seconds of one watch; after each everything is listed again, so that nothing is missed for longer."""


def act(options: argparse.Namespace) -> int:
    """Place them; raises LabError where the API server refuses, so that its Pod is started again."""
    access = access_of(options)
    placer = Placer(access)
    while True:
        for line in placer.place_all():
            print(line, flush=True)
        if options.once:
            return 0
        for pod in _new_pods(access):
            for line in placer.place(pod):
                print(line, flush=True)


def _new_pods(access: Access) -> Iterator[dict[str, Any]]:
    """Pods as they are made or changed; those that are there come first."""
    core = access.core()
    stream = watch.Watch().stream(
        core.list_namespaced_pod,
        access.namespace,
        label_selector=COMPONENT,
        field_selector="status.phase=Pending",
        timeout_seconds=_TURN,
    )
    while True:
        event = access.do(Right.WATCH_PODS, lambda: next(stream, None))
        if event is None:
            return
        if event["type"] in {"ADDED", "MODIFIED"}:
            yield event["raw_object"]
