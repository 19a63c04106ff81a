"""Comparison of the Pod with what it should be; the cause is the line of the manifests that says so."""

from __future__ import annotations

from dataclasses import dataclass

from edgeboot.report.findings import Finding
from edgeboot.spec.manifests.deployment import Deployment


@dataclass(frozen=True, slots=True)
class PodCheck:
    """``check_pod("hostNetwork", True, stated)``: a field of the Pod is as expected."""

    deployment: Deployment

    def __call__(self, field: str, expected: object, stated: object, told: str | None = None) -> None:
        """Compare one field.

        Args:
            field: its name in a manifest.
            expected: what it should be, or what should come of it.
            stated: what it is, or what came of it.
            told: describes the difference where the values are not enough.

        Raises:
            AssertionError: they differ; its only argument is the ``Finding``.
        """
        __tracebackhide__ = True
        if stated != expected:
            cause = self.deployment.cause_at("spec", field)
            raise AssertionError(Finding(field, expected, stated, None, (cause,), told))
