"""Faults of the cluster, of its other users, and of the lab's own cleanup."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ClusterInjection
from tests.faults.fault import Fault
from tests.faults.manifest_changes import ADMISSION, ANY_WITH_A_LAB, LIBVIRT, LIFECYCLE

ADMITTED: Final = f"{ADMISSION}::test_api_server_admitted_what_the_contract_says"

AROUND_THE_POD = (
    Fault(
        "mutating webhook",
        "A mutating webhook for debugging loosens every Pod that is deployed.",
        "The Pod that runs is not the one that was reviewed.",
        (ClusterInjection("debug webhook"),),
        {
            f"{ADMITTED}[restart_policy]": "the API server has Always: .*restartPolicy: OnFailure",
            f"{ADMITTED}[capabilities]": "the API server has .*SYS_PTRACE.*: .*add: - NET_ADMIN",
            f"{ADMITTED}[seccomp_profile]": "the API server has Unconfined: .*type: RuntimeDefault",
            f"{ADMISSION}::test_api_server_kept_every_field_of_the_manifest": (
                "spec.restartPolicy: expected 'OnFailure', the API server has 'Always'"
            ),
        },
        files=(ADMISSION,),
        lab="kind",
    ),
    Fault(
        "image from a mirror",
        "A webhook replaces the image by the one in the site's registry.",
        "Whatever the mirror has under that name runs.",
        (ClusterInjection("image mirror webhook"),),
        {
            f"{ADMISSION}::test_kubelet_runs_the_image_of_the_manifest": (
                "expected image localhost/edgeboot/dhcp-server:2.90, the kubelet runs localhost/mirror"
            ),
            f"{ADMISSION}::test_api_server_kept_every_field_of_the_manifest": r"containers\[0\].image",
        },
        files=(ADMISSION,),
        lab="kind",
    ),
    Fault(
        "Pod Security not enforced",
        "The Pod Security labels of namespaces are removed.",
        "Any Pod is admitted anywhere.",
        (ClusterInjection("Pod Security labels removed"),),
        {f"{ADMISSION}::test_pod_security_refuses_the_pod": "expected a refusal by .*, the Pod was admitted"},
        files=(ADMISSION,),
        lab="kind",
    ),
    Fault(
        "policy against hostNetwork",
        "A ValidatingAdmissionPolicy forbids hostNetwork except in exempt namespaces.",
        "The Pod is refused in any other namespace, even one labelled privileged.",
        (ClusterInjection("hostNetwork forbidden elsewhere"),),
        {f"{ADMISSION}::test_pod_security_admits_the_pod_as_privileged": "no-host-network.*is not allowed"},
        files=(ADMISSION,),
        lab="kind",
    ),
    Fault(
        "policy without exemption",
        "A ValidatingAdmissionPolicy forbids hostNetwork, in the server's namespace too.",
        "No Pod is created.",
        (ClusterInjection("hostNetwork forbidden everywhere"),),
        refusal="Pod dhcp-server: is refused .*no-host-network.*hostNetwork is not allowed here",
        files=ANY_WITH_A_LAB,
        lab="kind",
    ),
    Fault(
        "Pod adopted by a ReplicaSet",
        "A ReplicaSet selects the Pod by its labels and becomes its controller.",
        "A deleted server comes back under another name; a second one beside it is terminated.",
        (ClusterInjection("adopting ReplicaSet"),),
        {f"{LIFECYCLE}::test_deleted_pod_is_not_recreated": "found .*of ReplicaSet dhcp-server"},
        also_failing=(f"{LIFECYCLE}::test_overlapping_servers_both_answer",),
        files=(LIFECYCLE,),
        lab="kind",
    ),
    Fault(
        "config reloader",
        "A reloader restarts the server when its ConfigMap changes.",
        "An edited configuration is served at once, reviewed or not.",
        (ClusterInjection("config reloader"),),
        {f"{LIFECYCLE}::test_edited_config_is_not_served_before_the_pod_is_rolled": r"a reloader\?"},
        files=(LIFECYCLE,),
        lab="kind",
    ),
    Fault(
        "libvirt's DHCP enabled again",
        "The range is added to the libvirt network again while a lab uses it.",
        "Two servers answer, and the one under test is blamed for the other.",
        (ClusterInjection("libvirt DHCP enabled again"),),
        {
            f"{LIBVIRT}::test_libvirt_dhcp_is_off_while_a_lab_lasts": "expected an offer, port 67 closed",
            f"{LIBVIRT}::test_libvirt_network_is_restored": "expected no DHCP while",
        },
        files=(LIBVIRT,),
        lab="kind",
    ),
    Fault(
        "libvirt's DHCP not restored",
        "The journal's entry for libvirt's DHCP is ignored.",
        "After a run the machines on that network get no address.",
        (ClusterInjection("libvirt DHCP not restored"),),
        {
            f"{LIBVIRT}::test_libvirt_dhcp_is_off_while_a_lab_lasts": "received nothing",
            f"{LIBVIRT}::test_libvirt_network_is_restored": "changed: - <dhcp>; - <range",
            f"{LIBVIRT}::test_libvirt_dhcp_is_restored_for_a_lab_that_was_killed": r"it reported \[\]",
        },
        files=(LIBVIRT,),
        lab="kind",
    ),
    Fault(
        "libvirt's hosts not restored",
        "Only the ranges of libvirt's DHCP are restored.",
        "After a run machines with a reservation get another address.",
        (ClusterInjection("libvirt hosts not restored"),),
        {f"{LIBVIRT}::test_libvirt_network_is_restored[ranges and hosts]": "- <host mac="},
        files=(LIBVIRT,),
        lab="kind",
    ),
    Fault(
        "network not checked",
        "The lab uses any network that owns its bridge, without checking it.",
        "The lab answers beside libvirt's server, or with addresses of another network.",
        (ClusterInjection("network not checked"),),
        {
            f"{LIBVIRT}::test_dhcp_that_could_not_be_put_back_is_refused_by_name": "refused for its <bootp>",
            f"{LIBVIRT}::test_network_with_another_address_is_refused_by_name": "refused for its address",
        },
        also_failing=(
            f"{LIBVIRT}::test_libvirt_dhcp_is_off_while_a_lab_lasts",
            f"{LIBVIRT}::test_libvirt_network_is_restored",
        ),
        files=(LIBVIRT,),
        lab="kind",
    ),
)
