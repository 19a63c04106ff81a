"""What keeps the kind lab from coming up is told once, with its mend, and the host stays as it was."""

from __future__ import annotations

import json
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from edgeboot.machine.docker import docker
from tests.harness.suite import RunSuite

pytestmark = pytest.mark.kind_harness

TEST = "tests/e2e/test_boot.py::test_reply_names_the_next_server[offer]"
KIND = ("--lab=kind", "--cluster-name=edgeboot-refused")
LAB_BROKEN = 3


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with the machine or the options, and the words."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    says: str


REFUSALS = {
    "docker not running": Refusal(
        (), {"DOCKER_HOST": "unix:///run/edgeboot-absent.sock"}, "docker: no engine answers"
    ),
    "kind missing": Refusal(
        ("--kind-bin=/absent/kind",), {}, "kind /absent/kind: cannot be run (No such file"
    ),
    "kind not kind": Refusal(("--kind-bin=/bin/true",), {}, "says 'nothing', and 0.20 or later is needed"),
    "node image not to be had": Refusal(
        ("--kind-image=localhost/edgeboot/absent:1",),
        {},
        "kind create cluster edgeboot-refused: ERROR: failed to",
    ),
    "libvirtd refuses": Refusal(
        ("--libvirt-uri=qemu+unix:///system?socket=/run/absent",), {}, "does not answer (Failed to connect"
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_machine_that_cannot_is_told_so(
    refusal: Refusal, run_suite: RunSuite, environment: dict[str, str]
) -> None:
    """One line, exit status 3, nothing left behind."""
    environment.update(refusal.environment)
    run = run_suite(*KIND, *refusal.arguments, TEST)
    assert run.status == LAB_BROKEN, run.output
    assert refusal.says in run.output
    assert run.output.count("the lab cannot be used") == 1
    assert list(Path(environment["XDG_STATE_HOME"]).glob("edgeboot/journal/*")) == []


@pytest.fixture
def strange_bridge() -> Iterator[None]:
    """Somebody's bridge of the name the lab wants."""
    subprocess.run(["ip", "link", "add", "virbr1", "type", "bridge"], check=True)
    yield
    subprocess.run(["ip", "link", "delete", "virbr1"], check=True)


@pytest.mark.usefixtures("strange_bridge")
def test_stranger_s_bridge_is_left_alone(run_suite: RunSuite) -> None:
    """A bridge that is no libvirt network's is named, with the two ways out, and stays."""
    run = run_suite(*KIND, TEST)
    assert run.status == LAB_BROKEN, run.output
    assert "bridge virbr1: exists and is no libvirt network's; remove it (ip link del virbr1)" in run.output
    assert Path("/sys/class/net/virbr1").is_dir()


@pytest.fixture
def foreign_image(tmp_path: Path) -> Iterator[str]:
    """A node image for another architecture, without anything in it."""
    name = "localhost/edgeboot/foreign:1"
    contents = {
        "manifest.json": [{"Config": "config.json", "RepoTags": [name], "Layers": []}],
        "config.json": {"architecture": "s390x", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}},
    }
    with tarfile.open(tmp_path / "image.tar", "w") as archive:
        for file, content in contents.items():
            (tmp_path / file).write_text(json.dumps(content))
            archive.add(tmp_path / file, file)
    docker("load", "--input", str(tmp_path / "image.tar"))
    yield name
    docker("rmi", name)


def test_image_of_another_architecture_is_refused(foreign_image: str, run_suite: RunSuite) -> None:
    """Before anything is made: the container would only say exec format error."""
    run = run_suite(*KIND, f"--kind-image={foreign_image}", TEST)
    assert run.status == LAB_BROKEN, run.output
    assert f"node image {foreign_image}: is for s390x, this machine is" in run.output


@pytest.fixture
def full_disk(tmp_path: Path, environment: dict[str, str]) -> Iterator[None]:
    """A state directory on a file system without room."""
    state = tmp_path / "full"
    state.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(state)], check=True)
    (state / "edgeboot").mkdir()
    with (state / "ballast").open("wb", buffering=0) as ballast:
        try:
            while ballast.write(bytes(512)):
                pass
        except OSError:
            environment["XDG_STATE_HOME"] = str(state)
    yield
    subprocess.run(["umount", str(state)], check=True)


@pytest.mark.usefixtures("full_disk")
def test_full_disk_is_told_before_anything_is_made(run_suite: RunSuite) -> None:
    """What cannot be written down is not made."""
    run = run_suite(*KIND, TEST)
    assert run.status == LAB_BROKEN, run.output
    assert "No space left on device" in run.output
    assert "Traceback" not in run.output


def test_cluster_of_a_stranger_is_left_alone(run_suite: RunSuite) -> None:
    """A node container of the wanted name that was made from something else is named, and stays."""
    image = "localhost/edgeboot/dhcp-server:2.90"
    name = "edgeboot-refused-control-plane"
    docker("run", "--detach", "--rm", "--name", name, "--network=none", image, "--no-daemon", "--port=0")
    try:
        run = run_suite(*KIND, TEST)
        assert run.status == LAB_BROKEN, run.output
        assert name in docker("ps", "--format", "{{.Names}}")
    finally:
        docker("rm", "--force", name)
