"""Kubernetes' quantities."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from edgeboot.spec.manifests.kubernetes_object import Octets

OCTETS: TypeAdapter[int] = TypeAdapter(Octets)


@pytest.mark.parametrize(
    "text,octets",
    [
        ("64Mi", 64 << 20),
        ("64M", 64_000_000),
        ("1.5Ki", 1536),
        ("129e6", 129_000_000),
        ("2E", 2 * 10**18),
        ("128974848", 128_974_848),
        (1024, 1024),
        ("1500m", 2),
        (".5k", 500),
    ],
)
def test_quantity_is_a_number_of_octets(text: object, octets: int) -> None:
    """Binary suffixes end in i; a fraction of an octet is rounded up."""
    assert OCTETS.validate_python(text) == octets


@pytest.mark.parametrize("text", ["64MB", "", "Mi", "64 Mi", None, "1e"])
def test_what_is_no_quantity_is_an_error(text: object) -> None:
    """With the form that it should have."""
    with pytest.raises(ValidationError, match="is no quantity such as 64Mi"):
        OCTETS.validate_python(text)
