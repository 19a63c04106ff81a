"""The variables of a run: known, or refused."""

from __future__ import annotations

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.labs.environment import check_variables
from edgeboot.labs.run_options import every_option


def test_every_variable_that_help_lists_is_known() -> None:
    """And that of the manifests, of nightly results and of injected faults."""
    listed = {option.variable: "x" for option in every_option() if option.in_environment}
    check_variables(
        listed
        | {
            "EDGEBOOT_MANIFESTS": "x",
            "EDGEBOOT_RESULTS": "x",
            "EDGEBOOT_NODE": "x",
            "EDGEBOOT_FAULT_FRAMES": "x",
        }
    )
    check_variables({"PATH": "x", "XEDGEBOOT_LAB": "x"})


@pytest.mark.parametrize(
    "name,message",
    [
        ("EDGEBOOT_INTERFASE", "no such variable; did you mean EDGEBOOT_INTERFACE?"),
        ("EDGEBOOT_DHCP_CONF", "no such variable; did you mean EDGEBOOT_DHCP_CONFIG?"),
        ("EDGEBOOT_ZZZ", "no such variable; edgeboot verify --help lists the variables"),
        ("EDGEBOOT_CLUSTER_NAME", "is not read from the environment; say --cluster-name on the command line"),
    ],
)
def test_unknown_variable_is_refused(name: str, message: str) -> None:
    """A typo in a nightly run's environment would be a run of something else."""
    with pytest.raises(UsageError, match=f"^{name}: ") as refused:
        check_variables({"EDGEBOOT_LAB": "netns", name: "x"})
    assert str(refused.value) == f"{name}: {message}"
