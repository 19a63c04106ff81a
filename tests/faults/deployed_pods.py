"""Faults of Pods that only a cluster reveals."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ManifestChange
from tests.faults.fault import Fault
from tests.faults.manifest_changes import (
    ADMISSION,
    ANY_WITH_A_LAB,
    BASE,
    CAPABILITIES,
    LIFECYCLE,
    OVERLAY,
    POD,
    RESTART,
    STATED,
    pod,
)

PORTS: Final = """      ports:
        - name: dhcp-server
          containerPort: 67
          hostPort: 67
          protocol: UDP
        - name: dhcp-client
          containerPort: 68
          hostPort: 68
          protocol: UDP
"""

POD_IN_A_CLUSTER = (
    Fault(
        "never restarted",
        "restartPolicy is Never.",
        "A server that crashed, or whose node was switched off and on, does not come back.",
        pod("restartPolicy: OnFailure", "restartPolicy: Never"),
        {
            f"{STATED}::test_pod_is_restarted_when_it_fails": r"pod.yaml:\d+ restartPolicy: Never",
            f"{LIFECYCLE}::test_killed_server_offers_again_by_itself": "restartPolicy Never",
            f"{LIFECYCLE}::test_restarted_server_gives_the_node_its_address_again": "restartPolicy Never",
            f"{LIFECYCLE}::test_server_is_back_by_itself_after_a_power_loss_of_its_node": "Policy Never",
            f"{RESTART}::test_killed_server_answers_again_after_its_restart": "restartPolicy Never",
        },
        also_failing=(
            f"{RESTART}::test_restarted_server_gives_no_address_twice",
            f"{RESTART}::test_lease_outlives_the_container_of_the_server",
        ),
        files=(STATED, LIFECYCLE, RESTART),
        lab="kind",
    ),
    Fault(
        "privileged, deployed",
        "The container is privileged where one capability would do.",
        "Nothing; an attacker who controls dnsmasq is root on the node.",
        pod("        capabilities:\n", "        privileged: true\n        capabilities:\n"),
        {
            f"{STATED}::test_pod_is_not_privileged": r"pod.yaml:\d+ privileged: true",
            f"{CAPABILITIES}::test_server_ends_without_a_capability_it_needs": r"yaml:\d+ privileged: true",
        },
        files=(STATED, CAPABILITIES),
        lab="kind",
    ),
    Fault(
        "server that drops root",
        "--keep-in-foreground in place of --no-daemon: dnsmasq changes to another user after its start.",
        "It needs more capabilities than those it was reviewed for.",
        pod("        - --no-daemon\n", "        - --keep-in-foreground\n        - --log-facility=-\n"),
        {
            f"{CAPABILITIES}::test_server_needs_no_other_capability[SETUID]": "add SETUID to the container's",
            f"{CAPABILITIES}::test_server_needs_no_other_capability[SETGID]": "add SETGID to the container's",
            f"{CAPABILITIES}::test_needed_capabilities_are_enough_to_boot_a_node": "Operation not permitted",
        },
        files=(CAPABILITIES,),
        lab="kind",
    ),
    Fault(
        "no ports stated",
        "The Pod states no ports.",
        "A second server is scheduled to the same node, and both answer.",
        pod(PORTS, ""),
        {
            f"{STATED}::test_pod_claims_the_dhcp_ports_of_the_node": "no ports in .*pod.yaml",
            f"{ADMISSION}::test_api_server_admitted_what_the_contract_says[host_ports]": "no ports in .*yaml",
            f"{ADMISSION}::test_second_pod_with_the_same_ports_stays_pending": "the Pod was scheduled",
        },
        also_failing=(f"{ADMISSION}::test_pod_security_refuses_the_pod",),
        files=(STATED, ADMISSION),
        lab="kind",
    ),
    Fault(
        "no hostNetwork, deployed",
        "The Pod is in the cluster's network.",
        "dnsmasq exits: there is no interface ens3.",
        pod("  hostNetwork: true", "  hostNetwork: false"),
        refusal="unknown interface ens3.*; name the node's interface .* hostNetwork: true",
        files=ANY_WITH_A_LAB,
        lab="kind",
    ),
    Fault(
        "missing image",
        "The kustomization names a tag that does not exist.",
        "The Pod stays in ErrImageNeverPull or ImagePullBackOff.",
        (ManifestChange(BASE, 'newTag: "2.90"', 'newTag: "2.91"'),),
        refusal="image localhost/edgeboot/dhcp-server:2.91: is not on this machine; images/dhcp-server",
        files=ANY_WITH_A_LAB,
        lab="kind",
    ),
    Fault(
        "log without transaction ids",
        "log-dhcp is neither in dnsmasq.conf nor among the Pod's arguments.",
        "Log lines cannot be matched with a capture.",
        (
            ManifestChange(f"{OVERLAY}/dnsmasq.conf", "log-dhcp\n", ""),
            ManifestChange(POD, "        - --log-dhcp\n", ""),
        ),
        {
            "test_kubernetes_logs.py::test_api_log_has_the_messages_of_the_wire": "log-dhcp",
            "test_logs.py::test_log_carries_the_transaction_id": "",
        },
        files=("test_kubernetes_logs.py", "test_logs.py"),
        lab="kind",
    ),
    Fault(
        "port 67 not shared",
        "dnsmasq.conf lacks bind-interfaces.",
        "A rolling update stalls: the new server cannot start beside the old one.",
        (ManifestChange(f"{OVERLAY}/dnsmasq.conf", "bind-interfaces\n", ""),),
        {
            f"{LIFECYCLE}::test_overlapping_servers_both_answer": "Address already in use",
            f"{LIFECYCLE}::test_server_is_back_by_itself_after_a_power_loss_of_its_node": (
                r"expected it to end for want of ens3 \(bind-interfaces\)"
            ),
        },
        files=(LIFECYCLE,),
        lab="kind",
    ),
)
