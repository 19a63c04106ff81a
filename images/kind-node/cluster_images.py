#!/usr/bin/env python3
"""Writes the docker archive of the cluster's own images, for a node's containerd.

usage: cluster_images.py ROOT ARCHITECTURE ARCHIVE NAME...

Every image has the same single layer (ROOT), so it is stored and unpacked once; they
differ in name and entrypoint only. The same files give the same archive.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

ENTRYPOINTS = {"coredns": ["/coredns"], "pause": ["/pause"]}
"""The others are started by a command of their Pods."""
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def main(root: str, architecture: str, archive: str, *names: str) -> None:
    """Write the archive; its layer is beside it for as long as that takes."""
    layer = Path(f"{archive}.layer.new")
    as_one = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"]
    subprocess.run(["tar", *as_one, "-C", root, "-cf", layer, "."], check=True)
    with layer.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    manifest = []
    with tarfile.open(archive, "w") as tar:
        member = tarfile.TarInfo(f"{digest}.tar")
        member.size = layer.stat().st_size
        with layer.open("rb") as content:
            tar.addfile(member, content)
        layer.unlink()
        for name in names:
            config = json.dumps(_config(name, architecture, digest), sort_keys=True).encode()
            config_name = f"{hashlib.sha256(config).hexdigest()}.json"
            _add(tar, config_name, config)
            manifest.append({"Config": config_name, "RepoTags": [name], "Layers": [member.name]})
        _add(tar, "manifest.json", json.dumps(manifest).encode())


def _config(name: str, architecture: str, digest: str) -> dict[str, object]:
    container: dict[str, object] = {"Env": [PATH]}
    component = name.rpartition("/")[2].partition(":")[0]
    if component in ENTRYPOINTS:
        container["Entrypoint"] = ENTRYPOINTS[component]
    return {
        "architecture": architecture,
        "os": "linux",
        "created": "1970-01-01T00:00:00Z",
        "config": container,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
    }


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


if __name__ == "__main__":
    main(*sys.argv[1:])
