"""A BMC for tests: sushy-tools' emulator as a process, with TLS and a password."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import bcrypt
import trustme

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.paths import PROJECT
from edgeboot.machines.redfish.entry import RedfishEntry
from tests.bmc.defects import Defect

USER: Final = "edgeboot"
PASSWORD: Final = "calvin-and-hobbes"  # noqa: S105 - of this test's own BMC
UUID: Final = "27946b59-9e44-4fa7-8e91-f3527a1ef094"
MAC: Final = "52:54:00:00:00:07"
SYSTEM: Final = {"uuid": UUID, "name": "node-7", "power_state": "Off", "nics": [{"mac": MAC, "ip": ""}]}
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_RUNNING: Final = re.compile(r"Running on (https?://[\d.]+:\d+)")


@dataclass(frozen=True, slots=True)
class Bmc:
    """A running emulator."""

    url: str
    directory: Path
    """With ``password``, its user's, and ``ca.pem``, of who signed its certificate."""

    def entry(self, **changed: Any) -> RedfishEntry:
        """An inventory's machine of this BMC, with some fields changed; None takes one out."""
        fields = {
            "name": "node-7",
            "mac": MAC,
            "kind": "redfish",
            "url": self.url,
            "username": USER,
            "password_file": str(self.directory / "password"),
            "ca_file": str(self.directory / "ca.pem"),
            "answer_within": "5s",
            "power_within": "2s",
            "may_be_power_cycled": True,
            **changed,
        }
        return RedfishEntry.model_validate({k: v for k, v in fields.items() if v is not None})


@contextmanager
def emulator(
    directory: Path, *, name: str = "127.0.0.1", found: Mapping[str, str] = NOTHING, **config: Any
) -> Iterator[Bmc]:
    """A BMC that answers on return, and has ended afterwards.

    Args:
        directory: for its files.
        name: in its certificate.
        found: fields of its fake machine that are otherwise than ``SYSTEM`` has them.
        config: of sushy-emulator, beside TLS, password and port; a fake machine where nothing says libvirt.
    """
    ca = trustme.CA()
    ca.cert_pem.write_to_path(directory / "ca.pem")
    ca.issue_cert(name).private_key_and_cert_chain_pem.write_to_path(directory / "bmc.pem")
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(rounds=4)).decode()
    (directory / "users").write_text(f"{USER}:{hashed}\n", encoding="utf-8")
    (directory / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    fake = "SUSHY_EMULATOR_LIBVIRT_URI" not in config
    settings = {
        "SUSHY_EMULATOR_LISTEN_IP": "127.0.0.1",
        "SUSHY_EMULATOR_LISTEN_PORT": 0,
        "SUSHY_EMULATOR_SSL_CERT": str(directory / "bmc.pem"),
        "SUSHY_EMULATOR_SSL_KEY": str(directory / "bmc.pem"),
        "SUSHY_EMULATOR_AUTH_FILE": str(directory / "users"),
        "SUSHY_EMULATOR_STATE_DIR": str(directory),
        "SUSHY_EMULATOR_FAKE_DRIVER": fake,
        "SUSHY_EMULATOR_FAKE_SYSTEMS": [{**SYSTEM, **found}],
        "DEFECT": Defect.NONE.value,
        "BOOT_PROGRESS": None,
        **config,
    }
    file = directory / "emulator.conf"
    file.write_text("".join(f"{key} = {value!r}\n" for key, value in settings.items()), encoding="utf-8")
    log = directory / "emulator.log"
    command = [sys.executable, "-m", "tests.bmc.emulator", "--config", str(file)]
    with log.open("wb") as written:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=written, stderr=written)

    def url() -> str | None:
        found = _RUNNING.search(log.read_text(encoding="utf-8"))
        return found[1] if found else None

    try:
        yield Bmc(eventually("the emulator", url, Wait.SUITE_START, f"read {log}"), directory)
    finally:
        process.terminate()
        process.wait()
