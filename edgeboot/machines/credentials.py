"""A password that an inventory does not hold: it says where it is, an environment variable or a file."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Final

from edgeboot.base.errors import UsageError
from edgeboot.base.strict_model import read_text

LEFT_OUT: Final = "(left out)"
SUITE_PREFIX: Final = "EDGEBOOT_"
"""Variables of this prefix are options; a run refuses others."""
_SHORTEST: Final = 4
"""A shorter word is in every text: it is not looked for."""


def password_from(machine: str, variable: str | None, file: Path | None) -> str:
    """The password, read anew each time, so that no object holds it.

    Args:
        machine: whose it is, for the error.
        variable: the environment variable that has it, or None.
        file: else the file whose first line it is.

    Raises:
        UsageError: it is not there.
    """
    if variable is not None:
        value = os.environ.get(variable, "")
        where = f"machine {machine}: field password_variable"
        if not value:
            raise UsageError(where, f"${variable} is not set", f"export {variable} with the password in it")
        return value
    assert file is not None, "the entry states one of both"  # noqa: S101
    where = f"machine {machine}: field password_file"
    lines = read_text(file, where).splitlines()
    if not lines or not lines[0]:
        raise UsageError(where, f"{file} has no first line", "write the password into it, and nothing else")
    return lines[0]


def without(text: str, *secrets: str) -> str:
    """The text without these passwords, as they are and in base64.

    HTTP's basic authentication (RFC 7617) has ``user:password`` in base64: give that as one, too.
    """
    for secret in secrets:
        if len(secret) < _SHORTEST:
            continue
        for form in (secret, base64.b64encode(secret.encode()).decode()):
            text = text.replace(form, LEFT_OUT)
    return text
