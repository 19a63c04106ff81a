"""``--machines FILE``: the machines of a site, a TOML table each.

    [[machine]]
    name = "node-7"
    mac = "52:54:00:12:34:57"
    kind = "redfish"
    …

What a kind needs beyond ``MachineEntry`` is in its own subclass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, ConfigDict, StrictBool, ValidationError, field_validator

from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.base.paths import shown
from edgeboot.base.strict_model import StrictModel, first_problem, read_toml
from edgeboot.spec.contract.terms import Limit

OPTION: Final = "--machines"
_GROUP: Final = 1
"""The bit of the first octet that says: several receivers (IEEE 802)."""
_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}"


def _name(text: str) -> str:
    if re.fullmatch(_NAME, text) is None:
        raise ValueError(f"may have letters, digits, dot, dash and underscore, at most 63, found {text!r}")
    return text


Name = Annotated[str, AfterValidator(_name)]


class MachineEntry(StrictModel):
    """A machine as the inventory states it; a kind's own fields are added by a subclass."""

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid", frozen=True)

    name: Name
    """Unique in the file; ``--machine`` selects by it."""
    mac: MacAddress
    """Of the interface that boots from the segment."""
    kind: str
    client: str | None = None
    """The client of the contract's table that its firmware is, such as ``edk2-pxe-x86-64``."""
    secure_boot: StrictBool = False
    """Whether its firmware starts signed boot files only."""
    starts_within: Limit = timedelta(minutes=10)
    """From power on until its firmware asks for an address: servers test themselves for minutes."""
    may_be_power_cycled: StrictBool = False
    """A machine that is not made by the lab is left alone without this."""

    @field_validator("mac", mode="before")
    @classmethod
    def _mac(cls, value: object) -> object:
        return value if isinstance(value, MacAddress) else MacAddress.parse(str(value))

    @field_validator("mac")
    @classmethod
    def _of_one(cls, mac: MacAddress) -> MacAddress:
        if mac.packed[0] & _GROUP or not any(mac.packed):
            raise ValueError(
                f"{mac} is no machine's own address; write that of its interface, as its label has it"
            )
        return mac

    @property
    def plan(self) -> str:
        """What a run does with it, and what becomes of it afterwards."""
        return f"boot the network once, switched on and off ({self.kind}); boot order and power are put back"

    def check(self) -> None:
        """Return where all that it refers to is there: passwords, files, programs.

        Raises:
            UsageError: something is not.
        """

    @property
    def stated(self) -> dict[str, Any]:
        """The fields that the file states, as TOML and JSON have them."""
        return {name: _plain(getattr(self, name)) for name in sorted(self.model_fields_set)}


def _plain(value: object) -> object:
    match value:
        case MacAddress() | Path():
            return str(value)
        case timedelta():
            return f"{value // timedelta(seconds=1)}s"
        case tuple():
            return [_plain(each) for each in value]
        case _:
            return value


def read_inventory(path: Path, models: Mapping[str, type[MachineEntry]]) -> tuple[MachineEntry, ...]:
    """The machines of a file, each as its kind's own model.

    Args:
        path: the file.
        models: by kind.

    Raises:
        UsageError: the file cannot be read, a field is wrong, a kind is unknown, or two machines share a
            name or a MAC address.
    """
    table = read_toml(path, OPTION)
    tables = table.get("machine")
    is_list = isinstance(tables, list) and all(isinstance(each, dict) for each in tables)
    if set(table) != {"machine"} or not tables or not is_list:
        raise UsageError(
            shown(path), "is no list of machines", "write a [[machine]] table for each, nothing else"
        )
    entries = tuple(_entry(each, path, number, models) for number, each in enumerate(tables, 1))
    _unique(entries, path)
    return entries


def _entry(
    data: Mapping[str, Any], path: Path, number: int, models: Mapping[str, type[MachineEntry]]
) -> MachineEntry:
    name, kind = data.get("name"), data.get("kind")
    who = f"machine {name if isinstance(name, str) else number}"
    model = models.get(kind) if isinstance(kind, str) else None
    if model is None:
        problem = "is missing" if kind is None else f"{kind!r} is no kind of machine"
        where = f"{shown(path)}: {who}, field kind"
        raise UsageError(where, problem, f"choose from {', '.join(sorted(models))}")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        field, problem = first_problem(error)
        where = f"{shown(path)}: {who}{', field ' + field if field else ''}"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        unknown = error.errors()[0]["type"] == "extra_forbidden"
        its = ", ".join(model.model_fields)
        hint = f"kind {kind} has {its}" if unknown else f"docs/machines.md has the fields of kind {kind}"
        raise UsageError(where, problem + more, hint) from None


def _unique(entries: tuple[MachineEntry, ...], path: Path) -> None:
    for field in ("name", "mac"):
        seen: dict[object, int] = {}
        for number, entry in enumerate(entries, 1):
            value = getattr(entry, field)
            if value in seen:
                problem = f"{value} is stated twice, by machines {seen[value]} and {number} of the file"
                hint = f"give each machine a {field} of its own"
                raise UsageError(f"{shown(path)}: field {field}", problem, hint)
            seen[value] = number
