"""What a control plane has done so far, by its own metrics and by /proc, and what etcd holds of it."""

from __future__ import annotations

import base64
import json
import re
import urllib.request
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from prometheus_client.parser import text_string_to_metric_families

from benchmarks.indexed_job.api import Api
from edgeboot.host.process_use import ProcessUse
from edgeboot.host.processes import Process
from tests.control_plane.plane import ControlPlane

_SAMPLE: Final = 500
"""Objects of a kind whose octets are counted; more would be as much to carry as to measure."""
_ETCD: Final = {
    "etcd_mvcc_db_total_size_in_bytes": "file",
    "etcd_mvcc_db_total_size_in_use_in_bytes": "in use",
    "etcd_mvcc_put_total": "puts",
    "etcd_debugging_mvcc_put_total": "puts",
}


@dataclass(frozen=True, slots=True)
class Load:
    """By one moment."""

    processor: dict[str, float]
    """Seconds of processor time of each program."""
    memory: dict[str, int]
    """Octets of each program's memory at its largest (VmHWM, proc(5))."""
    requests: Counter[str]
    """That the API server has answered, by verb and resource (apiserver_request_total)."""
    etcd: dict[str, int]
    """Octets of its file, of that in use, and its puts."""

    @classmethod
    def of(cls, plane: ControlPlane, pids: Mapping[str, int], api: Api) -> Self:
        """By now, of the processes with these names."""
        processor = {name: ProcessUse.of(Process(pid)).processor for name, pid in pids.items()}
        memory = {name: _largest(pid) for name, pid in pids.items()}
        return cls(processor, memory, _requests(api.text("GET", "/metrics")), _etcd(plane.etcd))

    def since(self, earlier: Load) -> dict[str, Any]:
        """What has come since, ready for JSON; memory and etcd's octets are those of now."""
        requests = self.requests - earlier.requests
        puts = self.etcd["puts"] - earlier.etcd["puts"]
        return {
            "processor seconds": {
                name: round(each - earlier.processor[name], 1) for name, each in self.processor.items()
            },
            "largest memory, MB": {name: round(each / 1e6) for name, each in self.memory.items()},
            "requests": dict(requests.most_common()),
            "requests, all": requests.total(),
            "etcd": self.etcd | {"puts": puts},
        }


def kept(etcd: str, prefix: str) -> dict[str, float]:
    """How many objects etcd has below /registry/PREFIX, and their octets in the mean, keys included."""
    found = _range(etcd, f"/registry/{prefix}", limit=_SAMPLE)
    pairs = [each["key"] + each["value"] for each in found.get("kvs", [])]
    octets = sum(len(each) for each in pairs) * 3 // 4  # Of base64.
    return {"objects": int(found.get("count", 0)), "octets of one": round(octets / max(1, len(pairs)))}


def _range(etcd: str, prefix: str, **fields: int) -> Any:
    """Of etcd's JSON gateway (etcd, "gRPC gateway")."""
    start, end = prefix.encode(), prefix[:-1].encode() + bytes([ord(prefix[-1]) + 1])
    body = {"key": base64.b64encode(start).decode(), "range_end": base64.b64encode(end).decode(), **fields}
    request = urllib.request.Request(f"{etcd}/v3/kv/range", json.dumps(body).encode())  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - a URL of our own
        return json.load(answer)


def _largest(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    assert found
    return int(found[1]) * 1024


def _requests(metrics: str) -> Counter[str]:
    found: Counter[str] = Counter()
    lines = "\n".join(line for line in metrics.splitlines() if "apiserver_request_total" in line)
    for family in text_string_to_metric_families(lines + "\n"):
        for each in family.samples:
            resource, subresource = each.labels["resource"], each.labels["subresource"]
            place = f"{resource}/{subresource}" if subresource else resource
            found[f"{each.labels['verb']} {place}"] += int(each.value)
    return found


def _etcd(url: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{url}/metrics") as answer:  # noqa: S310 - a URL of our own
        lines = [line.split(" ") for line in answer.read().decode().splitlines() if not line.startswith("#")]
    return {_ETCD[name]: int(float(value)) for name, value in lines if name in _ETCD}
