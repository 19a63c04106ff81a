"""sushy-tools' emulator with a machine whose power changes at once, or not as it should.

    python -m tests.bmc.emulator --config FILE

``DEFECT`` in FILE says what is wrong with its BMC. The fake driver of sushy-tools itself takes up to 11
seconds for each change, by chance.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import flask
from sushy_tools import error
from sushy_tools.emulator import main
from sushy_tools.emulator.resources.systems import fakedriver

from tests.bmc.defects import Defect


class Driver(fakedriver.FakeDriver):  # type: ignore[misc]  # untyped
    """A machine in memory."""

    def get_power_state(self, identity: str) -> str:
        """On or Off."""
        return "On" if self._defect is Defect.SAYS_ON else str(super().get_power_state(identity))

    def set_power_state(self, identity: str, state: str) -> None:
        """Change it at once."""
        if self._defect is Defect.REFUSES_POWER:
            raise error.FishyError("Power supply 1 has failed")
        if self._defect is not Defect.STAYS_OFF:
            self._update(identity, power_state="On" if "On" in state or "Restart" in state else "Off")

    def get_boot_device(self, identity: str) -> str | None:
        """None where there is no boot override, as most BMCs say."""
        device = super().get_boot_device(identity)
        return None if device == "None" else str(device)

    def set_boot_device(self, identity: str, boot_source: str) -> None:
        """Change the boot override; ``None`` is no device."""
        if self._defect is not Defect.IGNORES_BOOT:
            super().set_boot_device(identity, boot_source)

    @property
    def _defect(self) -> Defect:
        config: dict[str, Any] = self._config
        return Defect(config["DEFECT"])


def with_boot_progress(response: Any) -> Any:
    """What sushy-tools' machines do not say: how far a boot has come (``BOOT_PROGRESS``)."""
    progress, document = main.app.config["BOOT_PROGRESS"], response.get_json(silent=True)
    if progress and "PowerState" in (document or {}):
        response.set_data(json.dumps({**document, "BootProgress": progress}))
    return response


def without_override() -> tuple[str, int] | None:
    """What BMCs take and sushy-tools' do not: an order of no boot override alone."""
    document = flask.request.get_json(silent=True) or {}
    if document != {"Boot": {"BootSourceOverrideEnabled": "Disabled"}}:
        return None
    main.app.systems.set_boot_device((flask.request.view_args or {})["identity"], "None")
    return "", 204


if __name__ == "__main__":
    main.app.before_request(without_override)
    main.app.after_request(with_boot_progress)
    fakedriver.FakeDriver = Driver
    sys.exit(main.main())
