"""What lab kind refuses before its cluster is touched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.labs.kind.lab_kind import KIND
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.reading import contract_path, load_contract
from edgeboot.spec.manifests.deployment import Deployment, load_deployment
from edgeboot.spec.manifests.volumes import Volume, VolumeMount

POC: Final = load_deployment("poc")
CONTRACT: Final = load_contract(contract_path("poc"))
OWN: Final = CONTRACT.model_copy(update={"next_server": CONTRACT.server_identifier})
PROXY: Final = load_contract(contract_path("proxydhcp"))
CLAIM: Final = {"persistentVolumeClaim": {"claimName": "boot"}}


def with_boot_volume(source: dict[str, Any]) -> Deployment:
    """The proof of concept with TFTP of its own, from this volume."""
    volume = Volume.model_validate({"name": "boot", **source})
    mount = VolumeMount.model_validate({"name": "boot", "mountPath": "/srv/boot"})
    server = POC.pod.container
    mounted = server.model_copy(update={"volume_mounts": (*server.volume_mounts, mount)})
    containers = tuple(mounted if each == server else each for each in POC.pod.spec.containers)
    spec = POC.pod.spec.model_copy(
        update={"volumes": (*POC.pod.spec.volumes, volume), "containers": containers}
    )
    config = replace(POC.config, text=f"{POC.config.text}enable-tftp\ntftp-root=/srv/boot\n")
    return replace(POC, pod=POC.pod.model_copy(update={"spec": spec}), config=config)


@pytest.mark.parametrize("contract", [OWN, PROXY], ids=["own TFTP", "ProxyDHCP"])
def test_claim_behind_tftp_is_refused(contract: Contract) -> None:
    """The lab would find out when no node can fetch its file: it says so at once, and what does it."""
    with pytest.raises(UsageError, match=r"boot: is a claim behind the server's TFTP.*use --lab netns"):
        KIND.check(with_boot_volume(CLAIM), contract, KIND.defaults)


def test_claim_that_nodes_fetch_nothing_from_is_none_of_the_labs_business() -> None:
    """The boot server of the contract is another machine."""
    KIND.check(with_boot_volume(CLAIM), CONTRACT, KIND.defaults)


def test_directory_of_the_node_is_filled() -> None:
    """A hostPath behind TFTP is no error."""
    KIND.check(with_boot_volume({"hostPath": {"path": "/srv/boot"}}), OWN, KIND.defaults)
