"""Faults of what keeps a server and its leases alive in a Pod."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ContractChange, ManifestChange, added_lines
from tests.faults.fault import Fault
from tests.faults.manifest_changes import ANY_WITH_A_LAB, OVERLAY, RESTART, STATED
from tests.faults.own_tftp import WITHOUT_TFTP

_ELSEWHERE: Final = "dhcp-leasefile=/tmp/site.leases"
_IN_NO_VOLUME: Final = (
    r"the lease database /tmp/site\.leases \(\S+candidate\.conf:\d+ dhcp-leasefile=/tmp/site\.leases\) "
    r"is in no volume, so it ends with the container: \S+leases\.yaml:\d+ volumeMounts"
)

LEASES: Final = (
    Fault(
        "leases outside of every volume",
        "dhcp-leasefile names a file in the container, where the contract has server.keeps_leases.",
        "After a restart the server has forgotten its leases: it refuses renewals and gives addresses twice.",
        (added_lines(_ELSEWHERE), ContractChange("[pool]", "[server]\nkeeps_leases = true\n\n[pool]")),
        {
            f"{RESTART}::test_restarted_server_gives_no_address_twice": _IN_NO_VOLUME,
            f"{RESTART}::test_lease_outlives_the_container_of_the_server": _IN_NO_VOLUME,
        },
        files=(RESTART,),
    ),
    Fault(
        "leases outside of every volume, as an error",
        "dhcp-leasefile names a file in the container, where the contract makes that advisory an error.",
        "Nothing until the container is restarted.",
        (
            added_lines(_ELSEWHERE),
            ContractChange("[advisories]\n", '[advisories]\nleases_end_with_the_container = "error"\n'),
        ),
        {
            f"{STATED}::test_lease_database_outside_of_every_volume_is_told": (
                r"leases_end_with_the_container: the lease database of \S+candidate\.conf:\d+ dhcp-leasefile="
            )
        },
        files=(STATED,),
    ),
)

_IN_PATCH: Final = r"\S+leases\.yaml:\d+"
_REFUSED: Final = r"connection to 192\.168\.99\.10:53: Connection refused"
_HEALTH: Final = "test_pod_health.py"
_FETCHED: Final = "test_boot_file.py::test_offer_leads_to_the_file_of_the_boot_server"
_PROBES: Final = f"{_HEALTH}::test_probes_of_the_pod_succeed"


def container_with(*lines: str) -> ManifestChange:
    """The server's container with these lines of YAML in its patch."""
    added = "".join(f"      {line}\n" for line in lines)
    return ManifestChange(f"{OVERLAY}/leases.yaml", "    - name: dnsmasq\n", f"    - name: dnsmasq\n{added}")


def pod_with(*lines: str) -> ManifestChange:
    """The Pod with these lines of YAML in the spec of its patch."""
    added = "".join(f"  {line}\n" for line in lines)
    return ManifestChange(f"{OVERLAY}/leases.yaml", "spec:\n", f"spec:\n{added}")


def probe(kind: str, action: str, **times: int) -> ManifestChange:
    """The server's container with a probe; ``action`` is YAML in one line."""
    return container_with(f"{kind}:", f"  {action}", *(f"  {name}: {each}" for name, each in times.items()))


HEALTH: Final = (
    Fault(
        "liveness probe of a closed port",
        "The livenessProbe asks TCP port 53, which port=0 leaves closed.",
        "The Pod is restarted every few seconds, and more and more seldom.",
        (probe("livenessProbe", "tcpSocket: {port: 53}", periodSeconds=5, failureThreshold=1),),
        refusal=rf"livenessProbe failed 1 of 1 times: tcpSocket port 53: {_REFUSED}: {_IN_PATCH} "
        r"livenessProbe: .*; the kubelet kills the server for it",
        files=ANY_WITH_A_LAB,
        sampled=True,
    ),
    Fault(
        "startup probe without success",
        "The startupProbe asks a web server that is not in the container.",
        "The Pod never runs for longer than a few seconds.",
        (
            probe(
                "startupProbe", "httpGet: {port: 8080, path: /healthz}", periodSeconds=1, failureThreshold=2
            ),
        ),
        refusal=r"startupProbe failed 2 of 2 times: httpGet HTTP port 8080 /healthz: GET /healthz from "
        rf"192\.168\.99\.10:8080: Connection refused: {_IN_PATCH} startupProbe:",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "liveness probe that fails late",
        "The livenessProbe runs a program that the container does not have, minutes after its start.",
        "The Pod is restarted every few minutes.",
        (probe("livenessProbe", "exec: {command: [dhcp-health]}", initialDelaySeconds=600),),
        {
            _PROBES: r"livenessProbe failed 3 of 3 times: exec dhcp-health: ended with status 127, saying "
            rf"'cannot execute dhcp-health: No such file or directory': {_IN_PATCH} livenessProbe:"
        },
        files=(_HEALTH,),
    ),
    Fault(
        "readiness probe of a closed port",
        "The readinessProbe asks TCP port 53, which port=0 leaves closed.",
        "The Pod is never ready, and a rollout waits for it until it is given up.",
        (probe("readinessProbe", "tcpSocket: {port: 53}", periodSeconds=1),),
        {_PROBES: rf"readinessProbe failed 3 of 3 times: .* port 53: {_REFUSED}: {_IN_PATCH} readiness"},
        files=(_HEALTH,),
    ),
    Fault(
        "deadline",
        "The Pod has activeDeadlineSeconds, as a Job's has.",
        "The server is gone a day after it was deployed.",
        (pod_with("activeDeadlineSeconds: 86400"),),
        {
            f"{_HEALTH}::test_pod_has_no_deadline": (
                rf"ends the Pod after 86400 s, for good: {_IN_PATCH} activeDeadlineSeconds: 86400"
            )
        },
        files=(_HEALTH,),
    ),
    Fault(
        "init container that fails",
        "The init container waits for a network interface that the node does not have, and gives up.",
        "The Pod stays in Init:CrashLoopBackOff.",
        (
            pod_with(
                "initContainers:",
                "  - name: await-interface",
                "    image: busybox",
                "    command: [sh, -c, 'echo no interface ens7; exit 1']",
            ),
        ),
        refusal=r"init container await-interface: ended with status 1, saying 'no interface ens7'; the "
        rf"server is not started before it succeeds: {_IN_PATCH} - name: await",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "postStart hook that fails",
        "The postStart hook runs a program that the container does not have.",
        "The Pod is restarted without end, and its log shows nothing wrong.",
        (container_with("lifecycle:", "  postStart:", "    exec: {command: [announce]}"),),
        refusal=r"postStart failed, so the kubelet kills the server: exec announce: ended with status 127, "
        rf"saying 'cannot execute announce: No such file or directory': {_IN_PATCH} postStart:",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "memory limit too low",
        "The container may use half a mebibyte.",
        "The Pod ends as OOMKilled.",
        (container_with("resources:", "  limits: {memory: 512Ki}"),),
        refusal=r"the container was OOMKilled: it may use 524288 octets: \S+leases\.yaml:\d+ limits:",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "Secret that is nowhere",
        "The container's environment is from a Secret that nobody has made.",
        "The Pod stays in CreateContainerConfigError.",
        (container_with("envFrom:", "  - secretRef: {name: site}"),),
        refusal=r"manifests: Secret site: is in none of them, so the kubelet would not start the container",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "user without rights",
        "The container runs as another user than root, whose capabilities are gone.",
        "The Pod is restarted without end.",
        (container_with("securityContext: {runAsUser: 65534}"),),
        refusal=r"dhcp-server: ended with status \d+, saying '.*(denied|not permitted|capabilit)",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "own TFTP switched off",
        "The server is the boot server by its own word, and enable-tftp is missing.",
        "Nodes get an address and a file name, and no file.",
        WITHOUT_TFTP,
        {_FETCHED: r"192\.168\.99\.10.*(port unreachable|closed|ICMP)"},
        files=("test_boot_file.py",),
        options=("-k=offer_leads",),
    ),
)

PODS: Final = (*LEASES, *HEALTH)
