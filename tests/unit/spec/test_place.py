"""Which line of the manifests a message names."""

from __future__ import annotations

import pytest

from edgeboot.spec.manifests.deployment import OVERLAYS
from edgeboot.spec.manifests.kustomize import render
from edgeboot.spec.manifests.place import place

BASE = "manifests/dhcp-server/base/pod.yaml"
PATCH = "manifests/dhcp-server/overlays/poc-fixed/leases.yaml"


@pytest.mark.parametrize(
    "field,expected",
    [
        ("restartPolicy", f"{BASE}:11 restartPolicy: OnFailure"),
        ("capabilities", f"{BASE}:38 capabilities: add: - NET_ADMIN"),
        ("seccompProfile", f"{BASE}:14 seccompProfile: type: RuntimeDefault"),
        ("mountPath", f"{PATCH}:12 mountPath: /var/lib/misc"),
        ("privileged", f"no privileged in {BASE}, {PATCH}"),
    ],
)
def test_place_is_the_line_that_has_the_last_word(field: str, expected: str) -> None:
    """File, number and text of the line; a patch before its base; else the place where it is missing."""
    assert place(field, render(OVERLAYS / "poc-fixed")) == expected
