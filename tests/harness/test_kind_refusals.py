"""What keeps the kind lab from coming up is reported once, with a hint, and the host is unchanged."""

from __future__ import annotations

import json
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from edgeboot.host.docker import docker
from tests.harness.suite import RunSuite

pytestmark = pytest.mark.kind_harness

TEST = "tests/e2e/test_boot.py::test_reply_names_the_next_server[offer]"
KIND = ("--lab=kind", "--cluster-name=edgeboot-refused")
LAB_BROKEN = 3


@dataclass(frozen=True, slots=True)
class Refusal:
    """Arguments and environment that make the lab impossible, and a text of the message."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    message: str


REFUSALS = {
    "docker not running": Refusal(
        (), {"DOCKER_HOST": "unix:///run/edgeboot-absent.sock"}, "docker: no engine answers"
    ),
    "kind missing": Refusal(
        ("--kind-bin=/absent/kind",), {}, "kind /absent/kind: cannot be run (No such file"
    ),
    "kind of another program": Refusal(
        ("--kind-bin=/bin/true",), {}, "prints '' as its version, and 0.20 or later is needed"
    ),
    "node image missing": Refusal(
        ("--kind-image=localhost/edgeboot/absent:1",),
        {},
        "kind create cluster edgeboot-refused: ERROR: failed to",
    ),
    "libvirtd refuses": Refusal(
        ("--libvirt-uri=qemu+unix:///system?socket=/run/absent",), {}, "does not answer (Failed to connect"
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_missing_prerequisite_is_refused_in_one_line(
    refusal: Refusal, run_suite: RunSuite, environment: dict[str, str]
) -> None:
    """The run ends with one line and exit status 3, and leaves nothing behind."""
    environment.update(refusal.environment)
    run = run_suite(*KIND, *refusal.arguments, TEST)
    assert run.status == LAB_BROKEN, run.output
    assert refusal.message in run.output
    assert run.output.count("the lab cannot be used") == 1
    assert list(Path(environment["XDG_STATE_HOME"]).glob("edgeboot/journal/*")) == []


@pytest.fixture
def foreign_bridge() -> Iterator[None]:
    """A foreign bridge with the name that the lab needs."""
    subprocess.run(["ip", "link", "add", "virbr1", "type", "bridge"], check=True)
    yield
    subprocess.run(["ip", "link", "delete", "virbr1"], check=True)


@pytest.mark.usefixtures("foreign_bridge")
def test_foreign_bridge_is_left_alone(run_suite: RunSuite) -> None:
    """A bridge without a libvirt network is named, with both remedies, and not touched."""
    run = run_suite(*KIND, TEST)
    assert run.status == LAB_BROKEN, run.output
    assert "bridge virbr1: exists and belongs to no libvirt network; remove it" in run.output
    assert Path("/sys/class/net/virbr1").is_dir()


@pytest.fixture
def foreign_image(tmp_path: Path) -> Iterator[str]:
    """An empty node image for another architecture."""
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
    """It is refused before anything is created: its container would only report exec format error."""
    run = run_suite(*KIND, f"--kind-image={foreign_image}", TEST)
    assert run.status == LAB_BROKEN, run.output
    assert f"node image {foreign_image}: is for s390x, this machine is" in run.output


@pytest.fixture
def full_disk(tmp_path: Path, environment: dict[str, str]) -> Iterator[None]:
    """A state directory on a full file system."""
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
def test_full_disk_is_reported_before_anything_is_made(run_suite: RunSuite) -> None:
    """Nothing is created that cannot be written into the journal."""
    run = run_suite(*KIND, TEST)
    assert run.status == LAB_BROKEN, run.output
    assert "No space left on device" in run.output
    assert "Traceback" not in run.output


def test_foreign_cluster_is_left_alone(run_suite: RunSuite) -> None:
    """A foreign container with the node's name is named, and not touched."""
    image = "localhost/edgeboot/dhcp-server:2.90"
    name = "edgeboot-refused-control-plane"
    docker("run", "--detach", "--rm", "--name", name, "--network=none", image, "--no-daemon", "--port=0")
    try:
        run = run_suite(*KIND, TEST)
        assert run.status == LAB_BROKEN, run.output
        assert name in docker("ps", "--format", "{{.Names}}")
    finally:
        docker("rm", "--force", name)
