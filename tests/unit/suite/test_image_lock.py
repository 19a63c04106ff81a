"""The packages of the suite's image are those that the tests ran with."""

from __future__ import annotations

import re
from typing import Final

from edgeboot.base.paths import PROJECT

_PIN: Final = re.compile(r"^([a-z0-9.-]+)==([^ ;]+)", re.MULTILINE)


def pinned(name: str) -> set[tuple[str, str]]:
    """Names and versions of a lock."""
    return set(_PIN.findall((PROJECT / name).read_text(encoding="utf-8")))


def test_image_has_the_versions_of_the_cluster_labs() -> None:
    """make lock makes it after the other, and by it."""
    image = pinned("requirements-image.lock")
    assert image
    assert image <= pinned("requirements-kind.lock")


def test_image_has_every_package_of_the_orchestrator_lab_but_libvirt() -> None:
    """libvirt's binding is Debian's: it would have to be compiled."""
    assert {"kubernetes", "pytest", "scapy", "sushy"} <= {
        name for name, _ in pinned("requirements-image.lock")
    }
    assert "libvirt-python" not in {name for name, _ in pinned("requirements-image.lock")}
