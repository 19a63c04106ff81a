"""A result that was written by hand, or is damaged: one error, and no traceback of who puts it in order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.report.result import read_result
from tests.unit.report.segments.fleet import night


@pytest.mark.parametrize("name", ["segment", "run", "lab", "profile", "contract"])
def test_name_that_is_no_text_is_refused(tmp_path: Path, name: str) -> None:
    """Rows and groups are made by it."""
    fields = json.loads(night("a", 0).encode()) | {name: 5}
    (tmp_path / "result.json").write_text(json.dumps(fields))
    with pytest.raises(
        UsageError, match=rf"is no result, or a damaged one \(TypeError: {name} is 5, and no text\)"
    ):
        read_result(tmp_path / "result.json")
