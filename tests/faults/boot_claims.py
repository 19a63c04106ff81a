"""A boot directory on a PersistentVolumeClaim: lab netns fills it, lab kind says that it does not."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import ManifestChange
from tests.faults.fault import Fault
from tests.faults.manifest_changes import ANY_WITH_A_LAB, OVERLAY
from tests.faults.own_tftp import OWN_TFTP

ON_A_CLAIM: Final = (
    *OWN_TFTP,
    ManifestChange(
        f"{OVERLAY}/leases.yaml",
        "hostPath: {path: /srv/boot, type: Directory}",
        "persistentVolumeClaim: {claimName: boot-files}",
    ),
)
"""One Pod for addresses and boot file, whose files a claim keeps."""

BOOT_CLAIM_FAULTS: Final = (
    Fault(
        "boot directory on a claim",
        "tftp-root is on a PersistentVolumeClaim, which nobody has filled.",
        "Edge nodes get their address, and no boot file.",
        ON_A_CLAIM,
        refusal=r"\S+leases\.yaml:\d+: volume boot-files: is a claim behind the server's TFTP",
        files=ANY_WITH_A_LAB,
        lab="kind",
    ),
)
GOOD_BOOT_CLAIMS: Final = (
    Fault(
        "good: own TFTP from a claim",
        "one Pod for addresses and boot file, whose files are on a PersistentVolumeClaim",
        "nothing",
        ON_A_CLAIM,
        files=("test_boot_file.py", "test_firmware.py"),
    ),
)
"""Entries for the runner in which no test may fail."""
