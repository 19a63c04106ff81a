"""sushy-tools' emulator with a machine whose power changes at once, or not as it should.

    python -m tests.bmc.emulator --config FILE

``DEFECT`` in FILE says what is wrong with its BMC. The fake driver of sushy-tools itself takes up to 11
seconds for each change, by chance.
"""

from __future__ import annotations

import json
import sys
from typing import Any

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

    def set_boot_device(self, identity: str, boot_source: str) -> None:
        """Change the boot override."""
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


if __name__ == "__main__":
    main.app.after_request(with_boot_progress)
    fakedriver.FakeDriver = Driver
    sys.exit(main.main())
