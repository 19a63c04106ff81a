"""The table [storm]: what cannot be stated, and what is said of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from edgeboot.spec.contract.reading import contract_path, load_contract
from edgeboot.spec.contract.storm_terms import StormTerms


@pytest.mark.parametrize(
    "terms,problem",
    [
        ({"nodes": 0}, "greater than or equal to 1"),
        (
            {"arrival": "flood"},
            "no arrival is called 'flood'; there are constant, poisson, burst, power-returns",
        ),
        ({"arrival": "constant"}, "arrival constant needs a rate"),
        ({"rate": 5}, "arrival power-returns has no rate: leave it out"),
        ({"rounds": []}, "has to be firmware, or firmware and ipxe"),
        ({"rounds": ["firmware", "system"]}, "has to be firmware, or firmware and ipxe"),
        ({"file_p99": "9s"}, "file_p99 is of a file that nobody fetches: state fetch = true, too"),
        ({"offer_p99": "0s"}, "is no time at all"),
        ({"ack_p99": 5}, "a bare number has no unit"),
    ],
)
def test_what_cannot_be_stated_is_refused(terms: dict[str, Any], problem: str) -> None:
    """The error says what is wrong with which term."""
    with pytest.raises(ValidationError, match=problem):
        StormTerms.model_validate({"nodes": 10} | terms)


def test_a_storm_is_of_one_contract_alone(tmp_path: Path) -> None:
    """Another site, with another pool, says itself what its server withstands."""
    path = tmp_path / "site.toml"
    path.write_text(f'based_on = "{contract_path("poc-fixed")}"\n', encoding="utf-8")
    assert load_contract(contract_path("poc-fixed")).storm is not None
    assert load_contract(path).storm is None


def test_only_stated_times_are_limits() -> None:
    """In the order in which a node meets them, the whole storm first."""
    terms = StormTerms.model_validate({"nodes": 10, "ack_p99": "9s", "all_ready_within": "1m"})
    assert terms.limits == {"all_ready_within": timedelta(minutes=1), "ack_p99": timedelta(seconds=9)}
