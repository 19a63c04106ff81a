"""The netns lab takes a site's machines of any kind (pytest -p tests.bmc.any_machine).

Its segment is joined with a machine's by tests.bmc.uplink, or the machine has to do nothing on it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from edgeboot.labs import registry
from edgeboot.labs.netns.lab_kind import KIND

pytest.MonkeyPatch().setitem(registry.LABS, KIND.name, replace(KIND, no_place_for=lambda *_: None))
