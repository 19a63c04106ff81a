"""A machine of kind ``redfish`` in the inventory.

[[machine]]
name = "node-7"
mac = "52:54:00:12:34:57"
kind = "redfish"
url = "https://bmc-node-7.example"
username = "edgeboot"
password_file = "/etc/edgeboot/bmc.password"
ca_file = "/etc/edgeboot/bmc-ca.pem"
may_be_power_cycled = true
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictBool, field_validator, model_validator

from edgeboot.base.strict_model import read_text
from edgeboot.machines.credentials import SUITE_PREFIX, password_from
from edgeboot.machines.inventory import MachineEntry
from edgeboot.spec.contract.terms import Limit


def _absolute(path: Path) -> Path:
    expanded = path.expanduser()
    if not expanded.is_absolute():
        raise ValueError(f"is no absolute path, found {str(path)!r}; write it from / or ~ on")
    return expanded


AbsolutePath = Annotated[Path, AfterValidator(_absolute)]
"""``edgeboot clean`` reads it in another directory."""


class RedfishEntry(MachineEntry):
    """Where a machine's BMC is, who asks it, and how it is known to be that BMC."""

    kind: Literal["redfish"]
    url: str
    """``https://HOST[:PORT]``."""
    system: str | None = Field(default=None, pattern=r"^/\S+$")
    """The path of its ComputerSystem; None where its BMC has one only."""
    username: str = Field(min_length=1)
    password_variable: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    """The environment variable that has the password."""
    password_file: AbsolutePath | None = None
    """The file whose first line is the password."""
    ca_file: AbsolutePath | None = None
    """Certificates, in PEM, of who signs the BMC's; None for those that this machine trusts."""
    insecure: StrictBool = False
    """Whether its certificate is not checked, or it is asked by HTTP: whoever answers gets the password."""
    network_boot: Literal["Pxe", "UefiHttp"] = "Pxe"
    """The ``BootSourceOverrideTarget`` of its network boot."""
    answer_within: Limit = timedelta(seconds=30)
    """For an answer of the BMC, whatever it was asked."""
    power_within: Limit = timedelta(seconds=60)
    """From an accepted order until the BMC says that the power is as ordered."""

    @model_validator(mode="before")
    @classmethod
    def _no_password(cls, stated: Any) -> Any:
        if isinstance(stated, dict) and "password" in stated:
            raise ValueError(
                "states the password itself; write it into a file of its own, and name that as password_file"
            )
        return stated

    @field_validator("url")
    @classmethod
    def _url(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError("is not of the form https://HOST[:PORT]; the path is found from /redfish/v1/ on")
        if parts.username is not None or parts.password is not None:
            raise ValueError("has a user in it; state username, and the password by a variable or file")
        return url.rstrip("/")

    @field_validator("password_variable")
    @classmethod
    def _variable(cls, name: str | None) -> str | None:
        if name is not None and name.startswith(SUITE_PREFIX):
            raise ValueError(f"{name} would be an option of the suite; name one without {SUITE_PREFIX}")
        return name

    @model_validator(mode="after")
    def _consistent(self) -> RedfishEntry:
        if (self.password_variable is None) == (self.password_file is None):
            raise ValueError("states one of password_variable and password_file, never the password itself")
        if self.ca_file is not None and self.insecure:
            raise ValueError("states ca_file or insecure, not both")
        if self.url.startswith("http:") and not self.insecure:
            raise ValueError(
                "url is http: the password crosses the network readable; say https, or insecure = true"
            )
        return self

    @property
    def password(self) -> str:
        """The password, read now; raises UsageError where it is not there."""
        return password_from(self.name, self.password_variable, self.password_file)

    @property
    def password_place(self) -> str:
        """Where the password is from, for an error."""
        return f"${self.password_variable}" if self.password_variable else str(self.password_file)

    def check(self) -> None:
        """Return where password and certificates can be read; raises UsageError."""
        super().check()
        assert self.password  # noqa: S101 - read, and given to nobody
        if self.ca_file is not None:
            read_text(self.ca_file, f"machine {self.name}: field ca_file")
