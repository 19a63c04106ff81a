"""What a JUnit report says of the whole run: properties of its suite, for CI systems that show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from edgeboot.report.result import Result
from edgeboot.report.verdict.headline import Verdict


def properties(result: Result, verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Names and values: the verdict, each cause, what was verified, and from what it was made."""
    yield "verdict", verdict.sentence
    for number, cause in enumerate(verdict.causes, start=1):
        yield f"cause.{number}", cause.title
    subject = result.subject
    if subject is not None:
        yield from (
            ("run", subject.run),
            ("lab", subject.lab),
            ("profile", subject.profile),
            ("contract", subject.contract),
            ("options", " ".join(subject.options)),
        )
    if result.server is not None:
        yield "server", result.server
    if result.provenance is not None:
        yield from ((f"provenance.{name}", str(value)) for name, value in asdict(result.provenance).items())
    for latency in result.latencies:
        yield f"offer_seconds.{latency.nodes.value}.p90", f"{latency.p90:g}"
