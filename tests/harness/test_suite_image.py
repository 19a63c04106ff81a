"""The image of the suite, in containers with the rights that a Pod has."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from edgeboot.base.paths import PROJECT

pytestmark = pytest.mark.kind_harness

IMAGE: Final = "localhost/edgeboot/edgeboot:test"
LARGEST: Final = 270_000_000
"""Octets. A Pod's node unpacks them before its first run; docs/scale.md has what ten thousand nodes pull."""
AS_IN_A_POD: Final = ("--read-only", "--tmpfs=/tmp", "--network=none", "--cap-drop=ALL", "--env=COLUMNS=200")
RIGHTS: Final = ("--cap-add=NET_RAW", "--cap-add=NET_ADMIN")
NO_RIGHTS: Final = "not CAP_NET_ADMIN and CAP_NET_RAW"
SEND: Final = (Path(__file__).parent / "first_packet.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    """The image by the packages' way, as it is in this clone."""
    subprocess.run(
        [PROJECT / "images" / "edgeboot" / "build.sh"],
        env={**os.environ, "EDGEBOOT_IMAGE": IMAGE},
        check=True,
    )


def run(*command: str, options: tuple[str, ...] = RIGHTS) -> str:
    """What a container prints, in one line; another entry point than edgeboot is among the options."""
    whole = ["docker", "run", "--rm", *AS_IN_A_POD, *options, IMAGE, *command]
    finished = subprocess.run(whole, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return " ".join(finished.stdout.replace("│", " ").split())


def inspected() -> dict[str, Any]:
    """Docker's description of the image."""
    printed = subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=True).stdout
    image: dict[str, Any] = json.loads(printed)[0]
    return image


def bill() -> dict[str, Any]:
    """The image's bill of materials, from inside it."""
    show = "print(open('/usr/share/edgeboot/sbom.cdx.json').read())"
    made: dict[str, Any] = json.loads(run("-c", show, options=("--entrypoint=python3.11",)))
    return made


def test_image_is_small_and_runs_as_another_user_than_root() -> None:
    """Verify is what it does without a command."""
    image = inspected()
    assert image["Size"] < LARGEST
    assert (image["Config"]["User"], image["Config"]["Entrypoint"], image["Config"]["Cmd"]) == (
        "65532:65532",
        ["edgeboot"],
        ["verify"],
    )


def test_packet_is_sent_by_another_user_than_root_with_two_capabilities() -> None:
    """By a process that the first one has started, as a worker of pytest-xdist is."""
    assert "received" in run("-c", SEND, options=(*RIGHTS, "--entrypoint=python3.11"))


@pytest.mark.parametrize(
    "options",
    [(), ("--cap-add=NET_RAW",), (*RIGHTS, "--security-opt=no-new-privileges")],
    ids=["none", "half", "no_new_privs"],
)
def test_missing_rights_are_told_and_not_a_program_that_cannot_start(options: tuple[str, ...]) -> None:
    """The kernel refuses a program with effective capabilities that its container does not have."""
    assert NO_RIGHTS in run("doctor", "--lab=orchestrator", options=options)


def test_root_with_the_same_two_needs_no_others() -> None:
    """For a site whose policy is allowPrivilegeEscalation: false."""
    options = (*RIGHTS, "--user=0", "--security-opt=no-new-privileges")
    assert "ok rights" in run("doctor", "--lab=orchestrator", options=options)


def test_whole_suite_is_in_the_image() -> None:
    """On a root file system that cannot be written; nothing of it needs this lab's site."""
    printed = run("verify", "--collect-only", "-qq", "--lab=netns")
    assert "test_lease_time.py" in printed
    assert "ERROR" not in printed


@pytest.mark.parametrize("program", ["sh", "bash", "apt", "dpkg", "pip", "gcc"])
def test_image_has_no_shell_package_manager_or_compiler(program: str) -> None:
    """What is not there needs no fixes."""
    assert f'exec: "{program}": executable file not found' in run(options=(f"--entrypoint={program}",))


def test_each_distribution_of_the_image_is_in_its_bill_of_materials() -> None:
    """As Python itself lists them, by name and version."""
    listing = "import importlib.metadata as m; print(*(f'{d.name}=={d.version}' for d in m.distributions()))"
    installed = set(run("-c", listing, options=("--entrypoint=python3.11",)).split())
    made = bill()
    components = [made["metadata"]["component"], *made["components"]]
    python = {f"{each['name']}=={each['version']}" for each in components if "pkg:pypi/" in each["purl"]}
    assert installed - python == {"libvirt-python==9.0.0"}  # Debian's, listed as its package.
    assert {"libc6", "libvirt0", "libpcap0.8"} <= {each["name"] for each in components}
