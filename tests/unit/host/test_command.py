"""A command's output, or why there is none."""

from __future__ import annotations

import pytest

from edgeboot.host.command import find_program, output, run


def test_output_is_what_the_command_prints() -> None:
    """On its standard output, from what is given to it."""
    assert output("echo", "a", "b") == "a b\n"
    assert run("cat", content=b"\xff") == b"\xff"


@pytest.mark.parametrize(
    "script, reason", [("echo first >&2; echo last >&2; exit 1", "^last$"), ("exit 7", "^exit status 7$")]
)
def test_command_that_fails_raises_its_last_words(script: str, reason: str) -> None:
    """Or its exit status, where it says nothing."""
    with pytest.raises(ChildProcessError, match=reason):
        output("sh", "-c", script)


def test_program_that_is_not_installed_is_not_found() -> None:
    """Neither by its name nor by running it."""
    assert find_program("edgeboot-no-such-program") is None
    with pytest.raises(FileNotFoundError):
        output("edgeboot-no-such-program")
