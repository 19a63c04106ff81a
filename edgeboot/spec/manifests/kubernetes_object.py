"""The base of all models of API objects, and Kubernetes' notation of quantities."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel

_QUANTITY: Final = re.compile(r"([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)")
_FACTORS: Final = {"n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "": Decimal(1)} | {
    suffix: Decimal(base) ** exponent
    for base, suffixes in ((1000, "kMGTPE"), (1024, ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei")))
    for exponent, suffix in enumerate(suffixes, start=1)
}


class KubernetesObject(BaseModel):
    """Part of an API object; unknown fields are ignored: the API server validates them.

    What a lab does not carry out of a Pod is found by ``unsupported``, not here.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


def _octets(value: object) -> object:
    """The number of octets of a quantity such as ``64Mi``, rounded up.

    Source: Kubernetes API reference, "Quantity".
    """
    match = _QUANTITY.fullmatch(str(value)) if isinstance(value, str | int | float) else None
    if match is None:
        raise ValueError(f"is no quantity such as 64Mi, found {value!r}")
    number, exponent, suffix = match.groups()
    amount = Decimal(f"{number}{exponent or ''}") * _FACTORS[suffix or ""]
    return int(amount.to_integral_value(rounding="ROUND_CEILING"))


Octets = Annotated[int, BeforeValidator(_octets)]
"""A quantity of memory."""
