"""What the boot file boots: iPXE asks for an address again, and gets another file than firmware did."""

from __future__ import annotations

from typing import Final

from edgeboot.dhcp.clients import BOOT_STAGES
from edgeboot.spec.contract.contract import Contract

_BY_HTTP: Final = "http://"
_SECOND: Final = BOOT_STAGES[1]


def script_url(contract: Contract) -> str | None:
    """Where iPXE gets its script by HTTP, as the contract states it; None where it states no such script."""
    url = contract.boots.get(_SECOND.name)
    own = contract.boots.get(contract.default_client.name)
    return url if isinstance(url, str) and url != own and url.startswith(_BY_HTTP) else None
