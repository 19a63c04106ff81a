"""What a user may choose about the kind lab."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edgeboot.base.errors import LabError
from edgeboot.base.paths import cache_directory
from edgeboot.host.libvirt.connection import DEFAULT_URI
from edgeboot.labs.feature import Feature
from edgeboot.labs.options import LIBVIRT_URI, LabOption, OptionValues

NAME: Final = "kind"
FEATURES: Final = frozenset(
    {Feature.RESTART, Feature.OWN_SEGMENT, Feature.SECOND_SEGMENT, Feature.NEIGHBOURS, Feature.KUBERNETES}
)
DEFAULT_CLUSTER: Final = "edgeboot"
LOCAL_NODE_IMAGE: Final = "localhost/edgeboot/kind-node:v1.33.13"

_PLUGIN: Final = "pytest-kind"
OPTIONS: Final = (
    LabOption(
        "cluster-name",
        "the cluster's name",
        plugin=_PLUGIN,
        in_environment=False,
        plugin_default="pytest-kind",
    ),
    LabOption("keep-cluster", "leave the cluster", switch=True, plugin=_PLUGIN, in_environment=False),
    # EDGEBOOT_KUBECONFIG names a file to read: kind would write its own cluster into it.
    LabOption("kubeconfig", "where kind writes its own", plugin=_PLUGIN, in_environment=False),
    LabOption("kind-image", "the node image", plugin=_PLUGIN),
    LabOption("kind-bin", "the program kind", plugin=_PLUGIN, in_environment=False),
    LIBVIRT_URI,
)


@dataclass(frozen=True, slots=True)
class KindOptions:
    """pytest-kind's options, and libvirt's address."""

    cluster_name: str = DEFAULT_CLUSTER
    keep_cluster: bool = False
    kubeconfig: Path | None = None
    image: str | None = None
    kind: Path | None = None
    libvirt_uri: str = DEFAULT_URI

    def kind_program(self) -> Path:
        """``--kind-bin``, else kind on PATH, else the one built with the node image.

        Raises:
            LabError: there is none.
        """
        if self.kind is not None:
            return self.kind
        ours = cache_directory() / "kind-node" / "bin"
        path = os.pathsep.join((os.environ.get("PATH", ""), str(ours)))
        program = shutil.which("kind", path=path)
        if program is None:
            hint = "install kind (go install sigs.k8s.io/kind@v0.30.0), or make kind-image"
            raise LabError("kind", "is not on PATH", hint)
        return Path(program)


def read_options(values: OptionValues) -> KindOptions:
    """The options from the values given."""
    return KindOptions(
        cluster_name=values.text("cluster-name") or DEFAULT_CLUSTER,
        keep_cluster=values.flag("keep-cluster"),
        kubeconfig=values.path("kubeconfig"),
        image=values.text("kind-image"),
        kind=values.path("kind-bin"),
        libvirt_uri=values.text(LIBVIRT_URI.name) or DEFAULT_URI,
    )
