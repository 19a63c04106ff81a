"""Contract terms about the Pod of the server under test."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from edgeboot.base.strict_model import StrictModel


class PodSecurity(StrictModel):
    """Why the API server refuses the Pod under a stricter Pod Security level, in its own words."""

    baseline: tuple[str, ...] = Field(min_length=1)
    restricted: tuple[str, ...] = Field(min_length=1)


class DeploymentTerms(StrictModel):
    """The required fields of the Pod, independent of how it is deployed."""

    host_network: bool = Field(strict=True)
    host_ports: frozenset[str]
    """Port and protocol, such as ``67/UDP``."""
    capabilities: frozenset[str]
    seccomp_profile: str
    restart_policy: Literal["Always", "OnFailure", "Never"]
    refused_by: PodSecurity
    closed_ports: dict[Annotated[int, Field(ge=1, le=65535)], str] = Field(default_factory=dict)
    """UDP ports on which the server must not listen, with the reason."""
