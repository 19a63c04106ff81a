"""What dnsmasq is known to do wrong with some lines, for a drafted contract."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from edgeboot.server.dnsmasq.config import Directive
from edgeboot.spec.contract.draft import Term, place

_SEQUENTIAL: Final = "dhcp-sequential-ip"


def known_defects_terms(lines: Sequence[Directive]) -> Iterator[Term]:
    """What dnsmasq is known to do wrong with a line of this configuration, beside the base's own."""
    line = next((each for each in lines if each.name == _SEQUENTIAL), None)
    if line is not None:
        stated = [
            {
                "test": "test_node_that_declined_an_address_is_offered_another",
                "reason": f"with {_SEQUENTIAL} dnsmasq offers the first free address again",
                "words": "expected another than",
            },
            {
                "test": "test_declined_address_is_offered_to_nobody_else",
                "reason": "dnsmasq remembers no declined address of a range",
                "words": "was declined, and is offered again",
            },
            {
                "test": "test_inform_is_answered_without_a_lease_time",
                "reason": "dnsmasq answers a DHCPINFORM of a client that lists option 51 with the lease time",
                "words": "expected no option 51",
            },
        ]
        tables = (
            "{ " + ", ".join(f"{k} = {json.dumps(v)}" for k, v in each.items()) + " }" for each in stated
        )
        yield Term("known_defects", f"[{', '.join(tables)}]", place(line))
