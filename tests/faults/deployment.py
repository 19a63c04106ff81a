"""Faults of the Pod and its manifests, in the embedded lab and in a cluster."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ManifestChange
from tests.faults.cluster_faults import AROUND_THE_POD
from tests.faults.deployed_pods import POD_IN_A_CLUSTER
from tests.faults.fault import Fault
from tests.faults.manifest_changes import FIXED, OVERLAY, POD, RESTART, STATED, pod
from tests.faults.refused_pods import REFUSED

LEASES_IN_NO_VOLUME: Final = (
    r"lease database /var/lib/misc/dnsmasq\.leases is in no volume, so it ends with the container: "
    r"\S+.yaml:\d+ volumeMounts"
)

_STARTS_ONCE: Final = (
    "['sh', '-c', '[ -e /var/lib/misc/lock ] && set -- \"$@\" --dhcp-ignore=tag:!known;"
    " touch /var/lib/misc/lock; exec dnsmasq \"$@\"', 'dnsmasq']"
)
"""A command that leaves a lock file and ignores all clients if it finds one."""

WRONG = (
    Fault(
        "server that starts only once",
        "The command leaves a lock file in the lease volume; with it, the next dnsmasq ignores all clients.",
        "After a crash the Pod runs, and no node boots.",
        pod("command:\n        - dnsmasq", f"command: {_STARTS_ONCE}"),
        {
            f"{RESTART}::test_killed_server_answers_again_after_its_restart": (
                r"said '.* ignored'|received nothing"
            )
        },
        files=(RESTART,),
        options=("-k=killed_server",),
    ),
    Fault(
        "profile that ignores all clients",
        "The profile's own dnsmasq.conf has dhcp-ignore=tag:!known and no dhcp-host lines.",
        "No node boots, at any port of the bridge.",
        (ManifestChange(f"{OVERLAY}/dnsmasq.conf", "port=0\n", "port=0\ndhcp-ignore=tag:!known\n"),),
        {
            "test_bridge_blindness.py::test_node_at_a_port_of_the_bridge_is_answered": (
                "expected one DHCPOFFER to .* received nothing"
            )
        },
        ("test_bridge_blindness.py::test_frame_sent_on_the_bridge_device_misses_its_server",),
        files=("test_bridge_blindness.py",),
    ),
    Fault(
        "no hostNetwork",
        "The Pod is in the cluster's network.",
        "The server receives nothing from edge nodes and has no interface ens3.",
        pod("  hostNetwork: true", "  hostNetwork: false"),
        {f"{STATED}::test_pod_uses_the_network_of_the_node": "base/pod.yaml:10 hostNetwork: false"},
        files=(STATED,),
    ),
    Fault(
        "hostPort missing",
        "Port 68 is not claimed on the node.",
        "Nothing while the API server adds it for hostNetwork; otherwise a second server can be scheduled.",
        pod("          hostPort: 68\n", ""),
        {f"{STATED}::test_pod_claims_the_dhcp_ports_of_the_node": r"base/pod.yaml:\d+ ports: .*67"},
        files=(STATED,),
    ),
    Fault(
        "excess capability",
        "The Pod adds SYS_ADMIN.",
        "Nothing; an attacker who controls dnsmasq has nearly root's rights on the node.",
        pod("- NET_ADMIN", "- NET_ADMIN\n            - SYS_ADMIN"),
        {
            f"{STATED}::test_pod_adds_only_the_capabilities_dnsmasq_needs": (
                r"expected NET_ADMIN, received NET_ADMIN, SYS_ADMIN; .*pod.yaml:\d+ capabilities: add:"
            )
        },
        files=(STATED,),
        sampled=True,
    ),
    Fault(
        "privileged",
        "The container is privileged where one capability would do.",
        "Nothing; an attacker who controls dnsmasq is root on the node.",
        pod("        capabilities:\n", "        privileged: true\n        capabilities:\n"),
        {f"{STATED}::test_pod_is_not_privileged": r"pod.yaml:\d+ privileged: true"},
        files=(STATED,),
    ),
    Fault(
        "seccomp off",
        "The Pod's seccompProfile is Unconfined.",
        "Nothing; every system call of the node's kernel is open to the server.",
        pod("      type: RuntimeDefault", "      type: Unconfined"),
        {f"{STATED}::test_pod_is_confined_by_seccomp": r"pod.yaml:\d+ seccompProfile: type: Unconfined"},
        files=(STATED,),
    ),
    Fault(
        "seccomp not stated",
        "No seccompProfile is set, and the kubelet's default is Unconfined.",
        "Nothing; every system call of the node's kernel is open to the server.",
        pod("  securityContext:\n    seccompProfile:\n      type: RuntimeDefault\n", ""),
        {f"{STATED}::test_pod_is_confined_by_seccomp": "received nothing; likely cause: no seccompProfile"},
        files=(STATED,),
    ),
    Fault(
        "restarted after a clean exit",
        "restartPolicy is Always where the contract has OnFailure.",
        "A server that was stopped on purpose comes back.",
        pod("restartPolicy: OnFailure", "restartPolicy: Always"),
        {f"{STATED}::test_pod_is_restarted_when_it_fails": r"pod.yaml:\d+ restartPolicy: Always"},
        files=(STATED,),
    ),
    Fault(
        "log without messages (manifest)",
        "quiet-dhcp is in dnsmasq.conf, and --log-dhcp is not among the Pod's arguments.",
        "The log does not show whether an edge node was answered.",
        (
            ManifestChange(f"{OVERLAY}/dnsmasq.conf", "log-dhcp\n", "quiet-dhcp\n"),
            ManifestChange(POD, "        - --log-dhcp\n", ""),
        ),
        {
            "test_logs.py::test_log_has_the_messages_of_a_boot": "logged no line matching",
            "test_logs.py::test_log_names_the_interface_and_the_address": "logged no line matching",
            "test_logs.py::test_log_carries_the_transaction_id": "logged no line matching",
        },
        files=("test_logs.py",),
    ),
    Fault(
        "leases not in a volume",
        "The volume for leases is not mounted.",
        "After a restart the server has forgotten its leases: it refuses renewals and gives addresses twice.",
        (ManifestChange(FIXED, "patches:\n  - path: leases.yaml\n", ""),),
        {
            f"{RESTART}::test_restarted_server_gives_no_address_twice": LEASES_IN_NO_VOLUME,
            f"{RESTART}::test_lease_outlives_the_container_of_the_server": LEASES_IN_NO_VOLUME,
        },
        files=(RESTART,),
    ),
    Fault(
        "lease volume at the wrong path",
        "The lease volume is mounted beside the directory that dnsmasq writes to.",
        "After a restart the server has forgotten its leases: it refuses renewals and gives addresses twice.",
        (
            ManifestChange(
                f"{OVERLAY}/leases.yaml", "mountPath: /var/lib/misc", "mountPath: /var/lib/dnsmasq"
            ),
        ),
        {
            f"{RESTART}::test_restarted_server_gives_no_address_twice": LEASES_IN_NO_VOLUME,
            f"{RESTART}::test_lease_outlives_the_container_of_the_server": LEASES_IN_NO_VOLUME,
        },
        files=(RESTART,),
    ),
)


DEPLOYMENT = (*REFUSED, *WRONG, *POD_IN_A_CLUSTER, *AROUND_THE_POD)
