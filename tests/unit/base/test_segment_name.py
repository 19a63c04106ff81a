"""Names of segments."""

from __future__ import annotations

import pytest

from edgeboot.base.errors import UsageError
from edgeboot.base.segment_name import check_segment_name


@pytest.mark.parametrize("name", ["a", "9", "berlin-2.rack_7", "A" * 63])
def test_name_that_a_label_can_have_is_one(name: str) -> None:
    """Kubernetes' own limits."""
    assert check_segment_name(name, "--segment") == name


@pytest.mark.parametrize("name", ["", "-a", "a-", "a b", "a/b", "ä", "a\n", "A" * 64])
def test_name_that_no_label_can_have_is_refused(name: str) -> None:
    """With the place that gave it, and what may be written."""
    with pytest.raises(UsageError, match=r"^--segment: .* is no name of a segment; take at most 63 letters"):
        check_segment_name(name, "--segment")
