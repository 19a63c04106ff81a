"""Options that a term demands in every lease, and that ``options`` does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.dhcp.vocabulary import option_name
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.contradictions.contradiction import Contradiction


def forbidden(terms: Contract) -> Iterator[Contradiction]:
    """What a reply must hold, and must not."""
    for code, term in _demanded(terms).items():
        if code not in terms.options.codes:
            yield Contradiction(
                "options",
                f"{option_name(code)} is not allowed, and {term} has every reply hold it",
                f"add {int(code)} to the options that are allowed",
            )


def _demanded(terms: Contract) -> dict[Code, str]:
    """The options by which a node is told these terms; boot server and file have header fields, too."""
    always = {Code.DHCP_MESSAGE_TYPE: "the protocol", Code.SERVER_IDENTIFIER: "server_identifier"}
    if terms.proxy is not None:
        return always
    lease = {
        Code.SUBNET_MASK: "netmask",
        Code.BROADCAST_ADDRESS: "broadcast_address",
        Code.IP_ADDRESS_LEASE_TIME: "lease_time",
    }
    times = {Code.RENEWAL_TIME: "renewal_time", Code.REBINDING_TIME: "rebinding_time"}
    return {
        **always,
        **lease,
        **(times if terms.sends_renewal_times else {}),
        **({Code.ROUTER: "routers"} if terms.routers else {}),
    }
