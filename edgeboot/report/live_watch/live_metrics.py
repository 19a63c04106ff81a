"""A watch in Prometheus' text format, for node_exporter's textfile collector."""

from __future__ import annotations

from collections import Counter

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client import Counter as Total

from edgeboot.report.capture_clients.end import End
from edgeboot.report.live_watch.events import BootEnded


class LiveMetrics:
    """Counts since the watch began.

    Args:
        interface: the label of every number.
    """

    def __init__(self, interface: str) -> None:
        self._interface = interface
        self._ends: Counter[End] = Counter()
        self._kinds: Counter[str] = Counter()
        self._last = 0.0

    def note(self, ended: BootEnded) -> None:
        """One more boot has ended."""
        self._ends[ended.end] += 1
        self._kinds.update(ended.kinds)
        self._last = max(self._last, ended.at)

    def text(self, booting: int, packets: int, dropped: int) -> bytes:
        """The file's content.

        Args:
            booting: clients that are not at their end.
            packets: heard so far.
            dropped: that passed and were not heard, so far.
        """
        registry = CollectorRegistry()

        def total(name: str, text: str, *labels: str) -> Total:
            return Total(f"edgeboot_watch_{name}", text, ("interface", *labels), registry=registry)

        def gauge(name: str, text: str) -> Gauge:
            return Gauge(f"edgeboot_watch_{name}", text, ("interface",), registry=registry)

        boots = total("boots", "Boots that ended, by how", "outcome")
        for end in End:
            boots.labels(self._interface, end.label).inc(self._ends[end])
        diagnoses = total("diagnoses", "Boots that ended by this, or with it", "kind")
        for kind, count in sorted(self._kinds.items()):
            diagnoses.labels(self._interface, kind).inc(count)
        gauge("booting", "Clients that have begun and are not at their end").labels(self._interface).set(
            booting
        )
        total("packets", "Packets heard").labels(self._interface).inc(packets)
        total("dropped_packets", "Packets that this machine was too slow for").labels(self._interface).inc(
            dropped
        )
        if self._last:
            last = gauge("last_boot_timestamp_seconds", "When a boot ended last, since the epoch")
            last.labels(self._interface).set(self._last)
        return generate_latest(registry)
