"""Options that take a file, joined with it so that pytest cannot take the file for a test."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.joined_options import join_values

OPTIONS: Final = (
    *("--boot-file", "--contract", "--coverage-table", "--dhcp-config", "--evidence"),
    *("--machines", "--result"),
)
OTHER: Final = st.sampled_from(["-q", "-n2", "--lab", "netns", "tests/e2e", "--contract=a.toml", ""])


@pytest.mark.parametrize("option", OPTIONS)
def test_option_is_joined_with_its_file(option: str) -> None:
    """What comes before and after stays where it is."""
    assert list(join_values(["-q", option, "/tmp/a b", "tests"])) == [  # noqa: S108 - a name, never opened
        "-q",
        f"{option}=/tmp/a b",
        "tests",
    ]


@pytest.mark.parametrize(
    "given_arguments",
    [
        [],
        ["-m", "e2e"],
        ["--dhcp-config=a.conf"],
        ["--lab", "netns", "--profile", "poc"],
        ["--contracts", "a.toml"],
        ["tests/e2e/test_boot.py::test_a[--contract]"],
    ],
)
def test_other_arguments_stay_as_they_are(given_arguments: list[str]) -> None:
    """Joined already, of another option, or no option at all."""
    assert list(join_values(given_arguments)) == given_arguments


@pytest.mark.parametrize("option", OPTIONS)
def test_option_without_a_file_is_left_to_pytest(option: str) -> None:
    """Its own message about the missing value is the better one."""
    assert list(join_values(["-q", option])) == ["-q", option]


def test_two_options_are_joined_each_with_its_own() -> None:
    """The order is kept, and a repeated option is repeated."""
    arguments = ["--contract", "a", "--dhcp-config", "b", "--contract", "c"]
    assert list(join_values(arguments)) == ["--contract=a", "--dhcp-config=b", "--contract=c"]


def test_value_that_looks_like_an_option_is_a_value() -> None:
    """As argparse would not have it, but as it was written."""
    assert list(join_values(["--evidence", "--contract", "a"])) == ["--evidence=--contract", "a"]


@given(st.lists(OTHER | st.sampled_from(OPTIONS)))
def test_nothing_is_lost_by_joining(arguments: list[str]) -> None:
    """Every argument is in the result, alone or behind its option."""
    assert "=".join(join_values(arguments)) == "=".join(arguments)
