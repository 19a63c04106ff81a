"""The options of labs: from the command line, else from the environment, and checked."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.labs.options import LabOption, OptionValues

RATE: Final = LabOption("max-rate", "frames a second")
LOUD: Final = LabOption("loud", "say all", switch=True)
HERE: Final = LabOption("kubeconfig", "a file to write", in_environment=False)
ENVIRONMENT: Final = {"EDGEBOOT_MAX_RATE": "7", "EDGEBOOT_LOUD": "yes", "EDGEBOOT_KUBECONFIG": "/x"}


def test_environment_counts_where_the_command_line_is_silent() -> None:
    """A nightly run is configured by variables."""
    values = OptionValues.read((RATE, LOUD), ENVIRONMENT)
    assert (values.number("max-rate", 100), values.flag("loud")) == (7, True)


def test_command_line_comes_first() -> None:
    """By its parser's name for the option."""
    values = OptionValues.read((RATE,), ENVIRONMENT, {"max_rate": "9"}.get)
    assert values.number("max-rate", 100) == 9


def test_variable_of_an_option_that_is_not_for_the_environment_is_not_read() -> None:
    """EDGEBOOT_KUBECONFIG is a file to read; the kind lab would write its own into it."""
    assert OptionValues.read((HERE,), ENVIRONMENT).path("kubeconfig") is None


@pytest.mark.parametrize("empty", ["", None, False])
def test_empty_value_is_none_given(empty: str | bool | None) -> None:
    """The default holds then."""
    values = OptionValues({"max-rate": empty, "loud": empty})
    assert (values.text("max-rate"), values.number("max-rate", 5), values.flag("loud")) == (None, 5, False)


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many", "101"])
def test_number_that_is_out_of_range_is_refused(value: str) -> None:
    """With the range."""
    with pytest.raises(UsageError, match=f"^--share {value}: is out of range; .* from 1 to 100$"):
        OptionValues({"share": value}).number("share", 25, largest=100)


def test_switch_that_is_neither_yes_nor_no_is_refused() -> None:
    """A typo in a variable is not taken for no."""
    with pytest.raises(UsageError, match=r"^--loud maybe: is neither yes nor no; say yes or no$"):
        OptionValues({"loud": "maybe"}).flag("loud")


def test_error_names_the_variable_that_a_value_is_from() -> None:
    """Nobody gave the option on the command line."""
    values = OptionValues.read((LOUD, RATE), {"EDGEBOOT_LOUD": "maybe"}, {"max_rate": "none"}.get)
    with pytest.raises(UsageError, match=r"^EDGEBOOT_LOUD=maybe: is neither yes nor no"):
        values.flag("loud")
    with pytest.raises(UsageError, match=r"^--max-rate none: is out of range"):
        values.number("max-rate", 5)


@pytest.mark.parametrize(
    "where,shown",
    [
        ("--max-rate 9 --loud", "EDGEBOOT_MAX_RATE=9 EDGEBOOT_LOUD"),
        ("--max-rate", "EDGEBOOT_MAX_RATE"),
        ("--max-rate-of-change 9", "--max-rate-of-change 9"),
        ("contract.toml: field rate", "contract.toml: field rate"),
    ],
)
def test_error_of_a_deeper_place_names_the_variable_too(where: str, shown: str) -> None:
    """Whoever checks a value need not know where it is from."""
    values = OptionValues.read((RATE, LOUD), ENVIRONMENT)
    assert values.as_given(UsageError(where, "is wrong", "mend it")).where == shown


def test_empty_value_of_the_command_line_hides_the_variable() -> None:
    """As a shell's variable that is set to nothing."""
    assert OptionValues.read((RATE,), ENVIRONMENT, {"max_rate": ""}.get).text("max-rate") is None


def test_default_counts_where_nobody_gives_a_value() -> None:
    """It is of no variable."""
    values = OptionValues.read((LabOption("lab", "where", default="auto"),), {"EDGEBOOT_LAB": ""})
    assert (values.text("lab"), values.variable("lab")) == ("auto", None)


def test_option_that_is_given_several_times_has_several_values() -> None:
    """Its variable has them with commas between."""
    option = LabOption("machine", "one of them", repeated=True)
    given = OptionValues.read((option,), {}, {"machine": ["a", "b"]}.get)
    from_variable = OptionValues.read((option,), {"EDGEBOOT_MACHINE": "a, b"})
    assert given.texts("machine") == from_variable.texts("machine") == ("a", "b")
    assert OptionValues.read((option,), {}).texts("machine") == ()
