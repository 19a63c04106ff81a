"""One Pod for addresses and boot file: poc-fixed with TFTP of its own, its volume and its contract."""

from __future__ import annotations

from typing import Final

from edgeboot.spec.contract.reading import contract_path, load_contract
from tests.faults.causes import ConfigChange, ContractTerms, ManifestChange
from tests.faults.manifest_changes import OVERLAY

_LEASES: Final = f"{OVERLAY}/leases.yaml"
_BOOT: Final = "dhcp-boot=signed_ipxe.efi,tinkerbell-nginx.cluster.onprem,192.168.99.40"
_OWN_BOOT: Final = "dhcp-boot=signed_ipxe.efi,edge,192.168.99.10"
_TFTP: Final = ("enable-tftp", "tftp-root=/srv/boot")

MOUNTED: Final = (
    ManifestChange(
        _LEASES,
        "          mountPath: /var/lib/misc\n",
        "          mountPath: /var/lib/misc\n"
        "        - name: boot-files\n          mountPath: /srv/boot\n          readOnly: true\n",
    ),
    ManifestChange(
        _LEASES,
        "      emptyDir: {}\n",
        "      emptyDir: {}\n    - name: boot-files\n      hostPath: {path: /srv/boot, type: Directory}\n",
    ),
)
"""The node's directory of boot files, in the container."""


def _terms() -> str:
    boots = load_contract(contract_path("poc-fixed")).boots.items()
    urls = {
        name: url.replace("//192.168.99.40/", "//192.168.99.10/")
        for name, url in boots
        if isinstance(url, str)
    }
    lines = (f'{name} = "{url}"' for name, url in urls.items())
    return "\n".join(('next_server = "192.168.99.10"', 'server_name = "edge"', "[boots]", *lines, ""))


PROMISED: Final = ContractTerms(_terms())
"""The server under test is named as the boot server, to every client."""


def own_boot_server(*lines: str) -> ConfigChange:
    """dnsmasq.conf that names the server itself, with these lines more."""
    return ConfigChange(((_BOOT, "\n".join((_OWN_BOOT, *lines))),))


OWN_TFTP: Final = (*MOUNTED, PROMISED, own_boot_server(*_TFTP))
"""A server that serves its boot file itself, and is right."""
WITHOUT_TFTP: Final = (*MOUNTED, PROMISED, own_boot_server())
"""It names itself, and serves no file."""
