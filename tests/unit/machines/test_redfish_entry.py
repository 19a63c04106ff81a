"""A machine of kind redfish in the inventory: what is wrong with it is one line."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.machines.inventory import read_inventory
from edgeboot.machines.protocol import PowerState
from edgeboot.machines.redfish.as_found import RedfishAsFound
from edgeboot.machines.redfish.connection import machine_error
from edgeboot.machines.redfish.entry import RedfishEntry
from edgeboot.machines.redfish.orders import BootOverride

GOOD = {
    "name": "node-7",
    "mac": "52:54:00:00:00:07",
    "kind": "redfish",
    "url": "https://bmc-7.example",
    "username": "edgeboot",
    "password_variable": "BMC_PASSWORD",
}


def read(directory: Path, **changed: object) -> RedfishEntry:
    """The machine of an inventory with some fields changed; None takes one out."""
    fields = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}
    file = directory / "machines.toml"
    lines = [f"{name} = {json.dumps(value)}" for name, value in fields.items()]
    file.write_text("\n".join(["[[machine]]", *lines]), encoding="utf-8")
    (entry,) = read_inventory(file, {"redfish": RedfishEntry})
    assert isinstance(entry, RedfishEntry)
    return entry


@pytest.mark.parametrize(
    "changed,problem",
    [
        ({"url": "bmc-7"}, "machine node-7, field url: is not of the form https://HOST"),
        ({"url": "https://bmc-7/redfish/v1"}, "is not of the form https://HOST"),
        ({"url": "https://root:calvin@bmc-7"}, "has a user in it"),
        ({"url": "http://bmc-7"}, "url is http: the password crosses the network readable"),
        ({"password_variable": None}, "states one of password_variable and password_file"),
        ({"password_file": "/etc/password"}, "states one of password_variable and password_file"),
        ({"password": "calvin"}, "machine node-7: states the password itself; write it into a file"),
        ({"password_variable": "EDGEBOOT_BMC"}, "would be an option of the suite"),
        ({"ca_file": "ca.pem"}, "field ca_file: is no absolute path"),
        ({"ca_file": "/etc/ca.pem", "insecure": True}, "states ca_file or insecure, not both"),
        ({"system": "Systems/1"}, "field system: string should match pattern"),
        ({"network_boot": "Hdd"}, "field network_boot: input should be 'Pxe' or 'UefiHttp'"),
        ({"power_within": 60}, "field power_within: a bare number has no unit"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, changed: dict[str, object], problem: str) -> None:
    """File, field, what is wrong with it and what to write."""
    with pytest.raises(UsageError, match=problem):
        read(tmp_path, **changed)


def test_password_and_certificates_are_looked_for_before_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing has been switched by then."""
    entry = read(tmp_path, ca_file=str(tmp_path / "none.pem"))
    with pytest.raises(UsageError, match=r"machine node-7: field password_variable: \$BMC_PASSWORD is not"):
        entry.check()
    monkeypatch.setenv("BMC_PASSWORD", "calvin-1")
    with pytest.raises(UsageError, match="machine node-7: field ca_file: cannot read"):
        entry.check()


def test_the_journal_has_where_the_password_is_and_not_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another process undoes is what was found."""
    monkeypatch.setenv("BMC_PASSWORD", "calvin-1")
    entry = read(tmp_path, power_within="90s")
    found = RedfishAsFound(entry, BootOverride("Disabled", "None"), PowerState.OFF)
    written = json.dumps(found.to_json())
    assert "calvin-1" not in written + repr(entry)
    assert "BMC_PASSWORD" in written
    assert RedfishAsFound.from_json(json.loads(written)) == found


def test_an_error_has_no_password_in_any_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A BMC may repeat the field Authorization of the request that it refuses."""
    monkeypatch.setenv("BMC_PASSWORD", "calvin-1")
    sent = base64.b64encode(b"edgeboot:calvin-1").decode()
    text = str(machine_error(read(tmp_path), "what it is", f"says Basic {sent}, calvin-1", "read its log"))
    assert "says Basic (left out), (left out); read its log" in text
