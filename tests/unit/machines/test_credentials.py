"""Passwords: where they are from, and that no text has them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.machines.credentials import password_from, without


def test_a_password_is_a_variables_value_or_a_files_first_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read at the moment it is needed."""
    monkeypatch.setenv("BMC_PASSWORD", "from-variable")
    file = tmp_path / "password"
    file.write_text("from-file\n", encoding="utf-8")
    assert password_from("node-7", "BMC_PASSWORD", None) == "from-variable"
    assert password_from("node-7", None, file) == "from-file"


def test_a_password_that_is_not_there_is_named_by_its_place(tmp_path: Path) -> None:
    """The machine, the field, and what to do."""
    empty = tmp_path / "password"
    empty.touch()
    with pytest.raises(UsageError, match=r"node-7: field password_variable: \$BMC_PASSWORD is not set; expo"):
        password_from("node-7", "BMC_PASSWORD", None)
    with pytest.raises(UsageError, match=r"node-7: field password_file: .* has no first line"):
        password_from("node-7", None, empty)
    with pytest.raises(UsageError, match="node-7: field password_file: cannot read"):
        password_from("node-7", None, tmp_path / "none")


def test_a_text_loses_a_password_in_both_forms() -> None:
    """HTTP's basic authentication has it in base64; a short one would be in every text."""
    encoded = base64.b64encode(b"calvin-1").decode()
    assert without(f"401 for calvin-1 ({encoded})", "calvin-1") == "401 for (left out) ((left out))"
    assert without("a cat", "a") == "a cat"
