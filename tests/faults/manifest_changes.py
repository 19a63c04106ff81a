"""Paths of the manifests that Pod faults change, and of the test files that detect them."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ManifestChange
from tests.faults.fault import Cause

POD: Final = "dhcp-server/base/pod.yaml"
BASE: Final = "dhcp-server/base/kustomization.yaml"
OVERLAY: Final = "dhcp-server/overlays/poc-fixed"
FIXED: Final = f"{OVERLAY}/kustomization.yaml"

STATED: Final = "test_deployment.py"
RESTART: Final = "test_restart.py"
ADMISSION: Final = "test_kubernetes_admission.py"
CAPABILITIES: Final = "test_kubernetes_capabilities.py"
LIBVIRT: Final = "test_kubernetes_libvirt_dhcp.py"
LIFECYCLE: Final = "test_kubernetes_lifecycle.py"
ANY_WITH_A_LAB: Final = ("test_who_answers.py",)


def pod(old: str, new: str) -> tuple[Cause, ...]:
    """Replaces one text of the Pod's manifest."""
    return (ManifestChange(POD, old, new),)
