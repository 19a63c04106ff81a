"""What a user may choose about the kind lab."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from edgeboot.base.errors import LabError
from edgeboot.base.paths import cache_directory
from edgeboot.labs.protocol import Feature
from edgeboot.machine.libvirt.connection import DEFAULT_URI

FEATURES = frozenset(
    {Feature.RESTART, Feature.OWN_SEGMENT, Feature.SECOND_SEGMENT, Feature.NEIGHBOURS, Feature.KUBERNETES}
)
LOCAL_NODE_IMAGE = "localhost/edgeboot/kind-node:v1.33.13"


@dataclass(frozen=True, slots=True)
class KindOptions:
    """pytest-kind's options, and libvirt's address."""

    cluster_name: str = "edgeboot"
    keep_cluster: bool = False
    kubeconfig: Path | None = None
    image: str | None = None
    kind: Path | None = None
    libvirt_uri: str = DEFAULT_URI

    def kind_program(self) -> Path:
        """``--kind-bin``, else kind on PATH, else the one built beside the node image.

        Raises:
            LabError: there is none.
        """
        if self.kind is not None:
            return self.kind
        ours = cache_directory() / "kind-node" / "bin"
        path = os.pathsep.join((os.environ.get("PATH", ""), str(ours)))
        found = shutil.which("kind", path=path)
        if found is None:
            hint = "install kind (go install sigs.k8s.io/kind@v0.30.0), or make kind-image"
            raise LabError("kind", "is not on PATH", hint)
        return Path(found)


DEFAULTS = KindOptions()
