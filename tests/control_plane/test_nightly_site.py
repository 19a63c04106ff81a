"""The directory of a site's own, as docs/operations.md has it, rendered by kubectl."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from edgeboot.base.paths import MANIFESTS, PROJECT
from tests.control_plane.plane import ControlPlane

pytestmark = pytest.mark.control_plane
_OVERLAY: Final = "../edgeboot/manifests/nightly/overlays/chart"
_OPTIONS: Final = "EDGEBOOT_SEGMENT=west\nEDGEBOOT_LEASE=edgeboot-west\nEDGEBOOT_INTERFACE=ens3\n"


@pytest.fixture
def site(plane: ControlPlane, tmp_path: Path) -> dict[str, Any]:
    """What is applied for a segment that has a name of its own: objects by kind and name."""
    page = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    text = textwrap.dedent("   # site/" + page.partition("# site/")[2].partition("   ```")[0])
    overlay = os.path.relpath(MANIFESTS / "nightly" / "overlays" / "chart", tmp_path)
    (tmp_path / "kustomization.yaml").write_text(text.replace(_OVERLAY, overlay), encoding="utf-8")
    (tmp_path / "options.env").write_text(_OPTIONS, encoding="utf-8")
    (tmp_path / "contract.toml").write_text('based_on = "proxydhcp"\n', encoding="utf-8")
    printed = yaml.safe_load_all(plane.kubectl("kustomize", str(tmp_path)))
    return {f"{each['kind']} {each['metadata']['name']}": each for each in printed}


def test_segment_and_lease_are_named_once_in_the_options(site: dict[str, Any]) -> None:
    """The node's label, and the Lease that the Role is for, are the site's, not those of the base."""
    template = site["CronJob edgeboot-nightly"]["spec"]["jobTemplate"]["spec"]["template"]
    assert template["spec"]["nodeSelector"] == {"edgeboot.openedgeplatform.org/segment": "west"}
    assert site["Role edgeboot-lease"]["rules"][1]["resourceNames"] == ["edgeboot-west"]
    assert site["ConfigMap edgeboot-options"]["data"]["EDGEBOOT_INTERFACE"] == "ens3"


def test_image_and_contract_are_the_site_s(site: dict[str, Any]) -> None:
    """From its own registry, held against its own contract."""
    pod = site["CronJob edgeboot-nightly"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    images = {each["image"] for each in [*pod["initContainers"], *pod["containers"]]}
    assert {each.partition(":")[0] for each in images} == {"REGISTRY/edgeboot"}
    assert site["ConfigMap edgeboot-contract"]["data"]["contract.toml"] == 'based_on = "proxydhcp"\n'
