"""Names and labels as Kubernetes takes them ("Object Names and IDs", "Labels and Selectors")."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator

INDEX_LABEL: Final = "batch.kubernetes.io/job-completion-index"
"""Of each Pod of an Indexed Job (Kubernetes, "Well-Known Labels")."""
_LABEL: Final = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_SUBDOMAIN: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_KEY: Final = re.compile(r"[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?")
_VALUE: Final = re.compile(r"([A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?")
_LONGEST: Final = 253
_LONGEST_SEGMENT: Final = 63
"""It is the value of a label, and a part of a Lease's name."""


def _segment(name: str) -> str:
    if len(name) > _LONGEST_SEGMENT or not _SUBDOMAIN.fullmatch(name):
        raise ValueError(
            "may have at most 63 small letters, digits, '-' and '.', and begins and ends with a letter or "
            f"digit, found {name!r}"
        )
    return name


def _label_name(name: str) -> str:
    if not re.fullmatch(_LABEL, name):
        raise ValueError(f"is no name such as edgeboot-nightly (RFC 1123 label), found {name!r}")
    return name


def _object_name(name: str) -> str:
    if len(name) > _LONGEST or not _SUBDOMAIN.fullmatch(name):
        raise ValueError(f"is no name of an object of Kubernetes such as site-7-kubeconfig, found {name!r}")
    return name


def _labels(labels: dict[str, str]) -> dict[str, str]:
    for key, value in labels.items():
        prefix, slash, name = key.rpartition("/")
        is_prefixed = len(prefix) <= _LONGEST and _SUBDOMAIN.fullmatch(prefix)
        if not _KEY.fullmatch(name) or (slash and not is_prefixed):
            raise ValueError(f"has {key!r}, which is no key of a label such as topology.kubernetes.io/zone")
        if not _VALUE.fullmatch(value):
            raise ValueError(f"has {value!r} for {key}, which is no value of a label")
    return labels


SegmentName = Annotated[str, AfterValidator(_segment)]
LabelName = Annotated[str, AfterValidator(_label_name)]
ObjectName = Annotated[str, AfterValidator(_object_name)]
Labels = Annotated[dict[str, str], AfterValidator(_labels)]
