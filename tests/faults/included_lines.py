"""Lines of dnsmasq that are not in its dnsmasq.conf: in a file that it includes, or among its arguments."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ManifestChange, ManifestFile, config_change
from tests.faults.fault import Cause, Fault
from tests.faults.good_pods import good
from tests.faults.manifest_changes import OVERLAY

_POD: Final = "dhcp-server/base/pod.yaml"
_BOOT: Final = "dhcp-boot=signed_ipxe.efi,tinkerbell-nginx.cluster.onprem,192.168.99.40\n"
_FILES: Final = ("test_boot.py", "test_competition.py", "test_deployment.py", "test_restart.py")


def _in_a_directory(**files: str) -> tuple[Cause, ...]:
    """Further files of the ConfigMap, which dnsmasq.conf includes; ``dhcp-boot`` is not in it then."""
    keys = "".join(f"      - {name}.part\n" for name in files)
    return (
        config_change(_BOOT, "conf-dir=/etc/edgeboot/,*.part\n"),
        ManifestChange(
            f"{OVERLAY}/kustomization.yaml", "      - dnsmasq.conf\n", f"      - dnsmasq.conf\n{keys}"
        ),
        *(ManifestFile(f"{OVERLAY}/{name}.part", text) for name, text in files.items()),
    )


INCLUDED_LINES: Final = (
    Fault(
        "wrong boot file in an included file",
        "conf-dir includes a file that names another boot file",
        "nodes ask for a file that is not there, and dnsmasq.conf has no line about it",
        _in_a_directory(boot=_BOOT.replace("signed_ipxe", "ipxe_old")),
        {
            "test_boot.py::test_reply_names_the_boot_file[offer]": r"expected signed_ipxe\.efi, received "
            r"ipxe_old\.efi.*boot\.part:1 dhcp-boot=ipxe_old\.efi",
        },
        (
            "test_boot.py::test_reply_names_the_boot_file[ack]",
            "test_boot.py::test_boot_file_does_not_depend_on_the_parameter_list",
        ),
        files=("test_boot.py",),
    ),
)
"""Entries of the catalogue."""

GOOD_INCLUDED_LINES: Final = (
    good(
        "further lines in a directory",
        "conf-dir includes files of the ConfigMap: boot file, no-ping, the lease database in no volume",
        *_in_a_directory(boot=_BOOT, site="no-ping\ndhcp-leasefile=/tmp/site.leases\n"),
        files=_FILES,
    ),
    good(
        "lines among the arguments",
        "the Pod's arguments have no-ping and the lease database, in no volume",
        ManifestChange(
            _POD,
            "        - --log-dhcp\n",
            "        - --log-dhcp\n        - --no-ping\n        - --dhcp-leasefile=/tmp/site.leases\n",
        ),
        files=_FILES,
    ),
)
"""Entries for the runner in which no test may fail."""
