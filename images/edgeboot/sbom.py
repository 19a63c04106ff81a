"""The image's bill of materials, as CycloneDX 1.5: each Debian and Python package that has a file in it.

usage: python3 sbom.py FROM TO     as root.sh has them; Debian's files are looked up in the database of FROM
"""

from __future__ import annotations

import json
import sys
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any


def main(origin: Path, image: Path) -> None:
    """Print it. The same files give the same text: no time, no serial number."""
    debian = _debian_components(origin, image / "system")
    python = [each for part in ("packages", "suite") for each in _python_components(image / part)]
    [suite] = [each for each in python if each["name"] == "edgeboot"]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": suite | {"type": "application"}},
        "components": [*debian, *(each for each in python if each is not suite)],
    }
    json.dump(bill, sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")


def _debian_components(origin: Path, system: Path) -> list[dict[str, Any]]:
    here = {f"/{each.relative_to(system)}" for each in system.rglob("*") if not each.is_dir()}
    status = (origin / "var/lib/dpkg/status").read_text(encoding="utf-8")
    packages = [HeaderParser().parsestr(each) for each in status.strip().split("\n\n")]
    return [_debian_component(each) for each in packages if _files(origin, each) & here]


def _files(origin: Path, package: Message) -> set[str]:
    """Where Debian has merged /lib and /usr/lib, its packages have not."""
    names = (package["Package"], f"{package['Package']}:{package['Architecture']}")
    lists = [origin / "var/lib/dpkg/info" / f"{name}.list" for name in names]
    texts = [each.read_text(encoding="utf-8") for each in lists if each.exists()]
    paths = [path for text in texts for path in text.splitlines()]
    return {path if path.startswith("/usr/") else f"/usr{path}" for path in paths}


def _debian_component(package: Message) -> dict[str, Any]:
    name, version, architecture = package["Package"], package["Version"], package["Architecture"]
    place = f"pkg:deb/debian/{name}@{version.replace(':', '%3A').replace('+', '%2B')}?arch={architecture}"
    return {"type": "library", "name": name, "version": version, "purl": place, "bom-ref": place}


def _python_components(part: Path) -> list[dict[str, Any]]:
    metadata = sorted(part.glob("usr/local/lib/python3*/dist-packages/*.dist-info/METADATA"))
    return [_python_component(HeaderParser().parsestr(each.read_text(encoding="utf-8"))) for each in metadata]


def _python_component(package: Message) -> dict[str, Any]:
    name, version = package["Name"], package["Version"]
    place = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    component = {"type": "library", "name": name, "version": version, "purl": place, "bom-ref": place}
    expression = package["License-Expression"]
    return component | ({"licenses": [{"expression": expression}]} if expression else {})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
