"""Who asks a lab's server first: its boot is the first one that tests look at."""

from __future__ import annotations

import pytest

from edgeboot.labs.readiness import readiness_identity
from edgeboot.spec.contract.reading import contract_path, load_contract


@pytest.mark.parametrize("profile,client", [("poc", "edk2-pxe-x86-64"), ("http-boot", "edk2-http-x86-64")])
def test_the_contracts_client_asks_first(profile: str, client: str) -> None:
    """A server of HTTP Boot names no file to a PXE client, and is right."""
    identity = readiness_identity(load_contract(contract_path(profile)), own_segment=True)
    assert (identity.client.name, str(identity.mac)[:5]) == (client, "02:eb")
