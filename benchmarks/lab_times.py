"""From nothing to the first verdict: the kind lab beside a bare ``kind create cluster``, in one run.

usage: python benchmarks/lab_times.py        (make bench-labs; needs what the kind lab needs)

A verdict is the first DHCPOFFER's next server compared with the contract's. The second lab
adopts the cluster that the first kept.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from edgeboot.host.docker import engine_version
from edgeboot.labs.clean import clean
from edgeboot.labs.kind.cluster import CONFIG
from edgeboot.labs.kind.lab import KindLab
from edgeboot.labs.kind.options import KindOptions
from edgeboot.labs.kind.prerequisites import chosen_node_image
from edgeboot.labs.protocol import NodeContent
from edgeboot.spec.contract.reading import contract_path, load_contract
from edgeboot.spec.manifests.deployment import load_deployment

OPTIONS = KindOptions(cluster_name="edgeboot-bench")


def bare_create() -> float:
    """Seconds that ``kind create cluster`` takes by itself."""
    kind, name = str(OPTIONS.kind_program()), "edgeboot-bench-bare"
    with tempfile.TemporaryDirectory() as directory:
        common = [f"--name={name}", f"--kubeconfig={Path(directory) / 'kubeconfig'}", "--quiet"]
        image = chosen_node_image(OPTIONS)
        create = [kind, "create", "cluster", *common, f"--config={CONFIG}"]
        started = time.monotonic()
        subprocess.run([*create, f"--image={image}"] if image else create, check=True)
        took = time.monotonic() - started
        subprocess.run([kind, "delete", "cluster", *common], check=True)
    return took


def first_verdict(run: str, options: KindOptions) -> tuple[float, str]:
    """Seconds until the first offer has been compared with the contract, and the stages."""
    contract = load_contract(contract_path("poc"))
    started = time.monotonic()
    lab = KindLab(run, NodeContent(load_deployment("poc")), options)
    lab.up()
    try:
        assert lab.readiness_probe is not None
        assert lab.readiness_probe[1].offer.next_server == contract.next_server
        return time.monotonic() - started, str(lab.stages)
    finally:
        lab.down()


def main() -> int:
    """Measure and print; the exit status is 1 when a goal is missed."""
    engine_version()
    clean()
    bare = bare_create()
    fresh, stages = first_verdict("bench1", replace(OPTIONS, keep_cluster=True))
    again, stages_again = first_verdict("bench2", replace(OPTIONS, keep_cluster=True))
    subprocess.run(
        [str(OPTIONS.kind_program()), "delete", "cluster", f"--name={OPTIONS.cluster_name}"], check=True
    )
    print(f"bare kind create cluster     {bare:5.1f} s")
    print(f"first verdict, from nothing  {fresh:5.1f} s   bare + {fresh - bare:.1f} s (goal: 6)   {stages}")
    print(f"first verdict, kept cluster  {again:5.1f} s   (goal: 8)   {stages_again}")
    return int(fresh > bare + 6 or again > 8)


if __name__ == "__main__":
    sys.exit(main())
