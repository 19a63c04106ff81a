"""A site's own client, ``[clients.NAME]`` of a contract: what it sends, and by whose rules it boots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, model_validator

from edgeboot.base.strict_model import StrictModel
from edgeboot.dhcp.clients import CLIENTS, BootRules, ClientIdentifier, ClientProfile
from edgeboot.spec.contract.terms import OptionNumber

_PLAIN: Final = replace(CLIENTS["dhclient"], parameters=None, order=())
"""What a client of a contract sends that is like none of the table: option 53."""


class OwnClient(StrictModel):
    """A client of the site that is not in the table; every field in place of the one it is ``like``."""

    like: str | None = None
    """The client of the table that it differs from."""
    rules: str | None = None
    """The family by whose rules it boots, a name of ``BootRules``."""
    vendor_class: str | None = None
    """Option 60 as it is sent."""
    user_class: str | None = None
    """Option 77 as it is sent."""
    architecture: int | None = Field(default=None, strict=True, ge=0, le=65535)
    """Option 93."""
    parameters: tuple[OptionNumber, ...] | None = None
    """Option 55."""
    maximum_size: int | None = Field(default=None, strict=True, ge=576, le=65535)
    """Option 57, in octets."""
    client_identifier: str | None = None
    """The format of option 61: none, hardware, duid or duid_llt."""
    rapid_commit: bool | None = Field(default=None, strict=True)
    """Whether it sends option 80."""
    broadcast: bool | None = Field(default=None, strict=True)
    """Whether it sets the B flag."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.like is None and self.rules is None:
            raise ValueError("has neither like, a client of the table, nor rules, a family")
        _one_of(self.like, CLIENTS, "client of the table", "like")
        families = [each.lower() for each in BootRules.__members__]
        _one_of(self.rules and self.rules.lower(), families, "family", "rules")
        formats = [each.lower() for each in ClientIdentifier.__members__]
        identifier = self.client_identifier
        _one_of(identifier and identifier.lower(), formats, "format", "client_identifier")
        return self

    def profile(self, name: str) -> ClientProfile:
        """The client as a row of the table."""
        stated = self.model_dump(exclude_none=True, exclude={"like", "rules"})
        if self.vendor_class is not None:
            stated["vendor_class"] = self.vendor_class.replace("{", "{{").replace("}", "}}")
        if self.user_class is not None:
            stated["user_class"] = self.user_class.encode()
        if self.client_identifier is not None:
            stated["client_identifier"] = ClientIdentifier[self.client_identifier.upper()]
        if self.rules is not None:
            stated["rules"] = BootRules[self.rules.upper()]
        base = CLIENTS[self.like] if self.like is not None else _PLAIN
        return replace(base, name=name, source="the contract's table [clients]", unverified="", **stated)


def _one_of(name: str | None, known: Iterable[str], kind: str, field: str) -> None:
    if name is not None and name not in known:
        raise ValueError(f"{field}: no {kind} is called {name!r}; there are {', '.join(known)}")


def _new_name(name: object) -> object:
    if name in CLIENTS:
        raise ValueError(f"{name} is a client of the table already: give yours another name, and say like")
    return name


OwnClients = dict[
    Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$"), BeforeValidator(_new_name)], OwnClient
]
