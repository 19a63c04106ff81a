"""Deployments that are right in another way than poc-fixed's: none of their runs may have a failure."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractTerms, ManifestChange, added_lines
from tests.faults.fault import Cause, Fault
from tests.faults.manifest_changes import OVERLAY
from tests.faults.own_tftp import OWN_TFTP
from tests.faults.pods import container_with, pod_with


def good(name: str, what: str, *causes: Cause, **fields: object) -> Fault:
    """An entry in which no test may fail; ``what`` says how it differs from poc-fixed."""
    return Fault(f"good: {name}", what, "nothing", causes, **fields)  # type: ignore[arg-type]


ALIVE: Final = ("test_pod_health.py", "test_who_answers.py", "test_restart.py", "test_deployment.py")
KEPT: Final = ("test_restart.py", "test_addresses.py", "test_deployment.py")


def lease_volume(source: str) -> Cause:
    """The lease volume from another source than an emptyDir."""
    return ManifestChange(f"{OVERLAY}/leases.yaml", "      emptyDir: {}\n", f"      {source}\n")


GOOD_PODS: Final[tuple[Fault, ...]] = (
    good(
        "leases elsewhere",
        "dhcp-leasefile names a file outside of every volume",
        added_lines("dhcp-leasefile=/tmp/site.leases"),
    ),
    good(
        "leases elsewhere in the volume",
        "dhcp-leasefile names another file of the lease volume",
        added_lines("dhcp-leasefile=/var/lib/misc/site.leases"),
    ),
    good(
        "leases behind a symbolic link",
        "dhcp-leasefile names a file in /var/run, which is a link to /run",
        added_lines("dhcp-leasefile=/var/run/site.leases"),
    ),
    good(
        "no ping check",
        "no-ping, as production has it, and a contract that is silent about it",
        added_lines("no-ping"),
    ),
    good(
        "replies by broadcast",
        "dhcp-broadcast, as for a wireless bridge that loses unicast frames",
        added_lines("dhcp-broadcast"),
        ContractTerms("[server]\nunicasts = false\n"),
        files=("test_header.py", "test_delivery.py", "test_offer.py", "test_renewal.py"),
    ),
    good(
        "own TFTP",
        "one Pod for addresses and boot file: dnsmasq's own TFTP, from a hostPath",
        *OWN_TFTP,
    ),
    good(
        "probes, hooks, init container, limit and sidecar",
        "everything a kubelet does around a container, and all of it succeeds",
        pod_with(
            "terminationGracePeriodSeconds: 5",
            "initContainers:",
            "  - name: seed",
            "    image: busybox",
            "    command: [sh, -c, 'echo $(WHO) > /var/lib/misc/seeded']",
            "    env: [{name: WHO, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]",
            "    volumeMounts: [{name: leases, mountPath: /var/lib/misc}]",
        ),
        container_with(
            "startupProbe: {exec: {command: [grep, dhcp-server, /var/lib/misc/seeded]}, periodSeconds: 1}",
            "livenessProbe: {exec: {command: [test, -e, /var/lib/misc/started]}, periodSeconds: 2}",
            "readinessProbe: {exec: {command: [sh, -c, 'test -s /etc/edgeboot/dnsmasq.conf']}}",
            "resources: {limits: {memory: 64Mi}}",
            "lifecycle:",
            "  postStart: {exec: {command: [touch, /var/lib/misc/started]}}",
            "  preStop: {exec: {command: [rm, /var/lib/misc/started]}}",
        ),
        ManifestChange(
            f"{OVERLAY}/leases.yaml",
            "  volumes:\n",
            "    - name: watcher\n      image: busybox\n"
            "      command: [sh, -c, 'while true; do sleep 1; done']\n  volumes:\n",
        ),
        files=ALIVE,
        sampled=True,
    ),
    good(
        "leases on a claim",
        "a PersistentVolumeClaim of the overlay has the lease database",
        lease_volume("persistentVolumeClaim: {claimName: leases}"),
        files=KEPT,
    ),
    good(
        "leases on a hostPath",
        "a directory of the node has the lease database",
        lease_volume("hostPath: {path: /var/lib/edge-leases, type: DirectoryOrCreate}"),
        files=KEPT,
    ),
)
