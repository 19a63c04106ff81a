"""Faults of Pods that never serve: the run is refused in one line, with a hint."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ManifestChange, config_change
from tests.faults.fault import Fault
from tests.faults.manifest_changes import ANY_WITH_A_LAB, FIXED, OVERLAY, POD, pod

ADDED: Final = "          add:\n            - NET_ADMIN\n"

REFUSED = (
    Fault(
        "NET_ADMIN not added",
        "The Pod requests no capability beyond the runtime's default.",
        "dnsmasq exits as soon as it starts; the Pod is restarted over and over.",
        pod(ADDED, "          add: []\n"),
        refusal="missing required capability NET_ADMIN.*; add NET_ADMIN to the container's capabilities",
        files=ANY_WITH_A_LAB,
        sampled=True,
    ),
    Fault(
        "NET_RAW dropped",
        "The Pod drops NET_RAW, or its runtime does not grant it by default, such as CRI-O.",
        "dnsmasq, which pings addresses before it offers them, exits as soon as it starts.",
        (config_change("no-ping\n", ""), *pod(ADDED, f"{ADDED}          drop:\n            - NET_RAW\n")),
        refusal="missing required capability NET_RAW.*; add NET_RAW to the container's capabilities",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "all capabilities dropped but NET_ADMIN",
        "A hardened manifest drops ALL and adds NET_ADMIN alone.",
        "dnsmasq exits as soon as it starts, for lack of one capability after the other.",
        pod(ADDED, f"{ADDED}          drop:\n            - ALL\n"),
        refusal="add NET_\\w+ to the container's capabilities",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "capability by its kernel name",
        "The manifest adds CAP_NET_ADMIN where Kubernetes expects NET_ADMIN.",
        "The container cannot be created.",
        pod("- NET_ADMIN", "- CAP_NET_ADMIN"),
        refusal="capabilities: CAP_NET_ADMIN is not a capability; write it without CAP_",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "command not in the image",
        "The Pod's command names a program that does not exist.",
        "The container cannot be started.",
        pod("        - dnsmasq\n", "        - dnsmasqd\n"),
        refusal=r"program dnsmasqd is not installed; name one that is: \S+base/pod.yaml:20 command",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "dnsmasq in the background",
        "The Pod's arguments lack --no-daemon.",
        "The container exits at once with status 0, and OnFailure does not restart it.",
        pod("        - --no-daemon\n", ""),
        refusal="ended with status 0.*; keep it in the foreground: --no-daemon",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "configuration at the wrong path",
        "The ConfigMap is not mounted where dnsmasq reads its configuration.",
        "dnsmasq exits as soon as it starts: it cannot read its configuration.",
        pod("mountPath: /etc/edgeboot", "mountPath: /etc/dnsmasq.d"),
        refusal="cannot read /etc/edgeboot/dnsmasq.conf.*; mount that file into the container",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "configuration under another key",
        "The Pod's arguments name another key of the ConfigMap than it has.",
        "dnsmasq exits as soon as it starts: it cannot read its configuration.",
        pod("--conf-file=/etc/edgeboot/dnsmasq.conf", "--conf-file=/etc/edgeboot/dhcp.conf"),
        refusal="cannot read /etc/edgeboot/dhcp.conf.*; mount that file into the container",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "missing ConfigMap",
        "The Pod's volume names a ConfigMap that does not exist.",
        "The Pod stays in ContainerCreating.",
        pod("      configMap:\n        name: dhcp-server\n", "      configMap:\n        name: dhcp-config\n"),
        refusal="poc-fixed: mounts no generated ConfigMap into the container; mount the one made from",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "no writable lease directory",
        "The root file system is read-only, and the lease volume is not mounted.",
        "dnsmasq exits as soon as it starts.",
        (
            ManifestChange(FIXED, "patches:\n  - path: leases.yaml\n", ""),
            ManifestChange(
                POD,
                "      securityContext:\n",
                "      securityContext:\n        readOnlyRootFilesystem: true\n",
            ),
        ),
        refusal=(
            "cannot open or create lease file /var/lib/misc/dnsmasq.leases.*"
            "; mount a volume where /var/lib/misc/dnsmasq.leases is to be written"
        ),
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "manifest that is not YAML",
        "A line of pod.yaml is indented by a tab.",
        "kubectl applies nothing.",
        pod("  hostNetwork: true", "\thostNetwork: true"),
        refusal=r"base/pod.yaml: is no YAML \(.*line 10, column 1.*\); correct the syntax",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "Deployment in place of the Pod",
        "A Deployment replaces the Pod; its rolling update runs two servers side by side.",
        "Two servers answer during a rollout.",
        pod("apiVersion: v1\nkind: Pod", "apiVersion: apps/v1\nkind: Deployment"),
        refusal="base/pod.yaml: field kind: apps/v1 Deployment is not known",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "proxy as a bare number",
        "An environment variable's value is a number without quotes.",
        "The API server refuses the Pod.",
        pod(
            "      envFrom:\n",
            "      env:\n        - name: http_proxy_port\n          value: 3128\n      envFrom:\n",
        ),
        refusal=r"field spec.containers.0.env.0.value: input should be a valid string, found 3128",
        files=ANY_WITH_A_LAB,
    ),
    Fault(
        "patch for another Pod",
        "The overlay's patch names a Pod that its base does not have.",
        "kubectl applies nothing.",
        (ManifestChange(f"{OVERLAY}/leases.yaml", "name: dhcp-server\n", "name: dhcp\n"),),
        refusal="leases.yaml: patches .*dhcp.*, which is not there; name one that is",
        files=ANY_WITH_A_LAB,
    ),
)
