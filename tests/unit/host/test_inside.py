"""Paths inside another root: a container's symbolic links lead inside the container."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from edgeboot.host.inside import inside


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root directory with a file and links to it."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "leases").touch()
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "run").symlink_to("/run")
    (tmp_path / "var" / "beside").symlink_to("../run")
    (tmp_path / "loop").symlink_to("loop")
    return tmp_path


@pytest.mark.parametrize(
    "path", ["/run/leases", "/var/run/leases", "/var/beside/leases", "/../run/leases", "/var/../run/leases"]
)
def test_path_is_found_inside_the_root(path: str, root: Path) -> None:
    """Absolute links start at that root, and nothing leads out of it."""
    assert inside(root, PurePosixPath(path)) == root / "run" / "leases"


def test_path_that_does_not_exist_is_where_it_would_be(root: Path) -> None:
    """Its reader finds that there is nothing."""
    assert inside(root, PurePosixPath("/var/run/absent/file")) == root / "run" / "absent" / "file"


def test_loop_of_links_is_an_error(root: Path) -> None:
    """As it is for the kernel."""
    with pytest.raises(OSError, match="too many symbolic links in /loop"):
        inside(root, PurePosixPath("/loop"))
