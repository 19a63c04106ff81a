"""What one client would boot, step by step, as texts that a result keeps."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from edgeboot.dhcp.clients import ClientProfile
from edgeboot.dhcp.firmware import Boot, NoBoot
from edgeboot.dhcp.vocabulary import OptionCode
from edgeboot.node.exchange import Exchange
from edgeboot.spec.contract.contract import Contract


@dataclass(frozen=True, slots=True)
class ClientBoot:
    """One client of the table, or of the contract."""

    client: str
    rules: str
    """The family by whose rules it boots."""
    stated: str | None
    """The URL that the contract states; empty where it states that nothing is booted, None where nothing."""
    boots: str | None
    """The URL that it would fetch; None for nothing."""
    reason: str
    """Why it would boot nothing; empty where it would boot."""
    steps: tuple[str, ...]
    """What is sent and answered, up to what it fetches."""

    @property
    def differs(self) -> bool:
        """Whether it would boot something else than is stated."""
        return self.stated is not None and (self.boots or "") != self.stated

    def to_json(self) -> dict[str, Any]:
        """An object of these fields."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(**data | {"steps": tuple(data["steps"])})


def client_boot(
    client: ClientProfile, outcome: Boot | NoBoot, exchange: Exchange, contract: Contract
) -> ClientBoot:
    """What the client would boot after the replies to its DHCPDISCOVER."""
    stated = (contract.url_for(client) or "") if contract.states(client) else None
    reason = outcome.reason if isinstance(outcome, NoBoot) else ""
    steps = tuple(_steps(client, outcome, exchange))
    return ClientBoot(client.name, client.rules.name, stated, outcome.url, reason, steps)


def _steps(client: ClientProfile, outcome: Boot | NoBoot, exchange: Exchange) -> list[str]:
    option = exchange.request.options.get(OptionCode.VENDOR_CLASS_IDENTIFIER) or b"none"
    vendor = option.decode("ascii", "backslashreplace")
    sent = f"{client} sends {exchange.request.name}, vendor class {vendor}"
    answers = [
        f"{reply.sender} answers by {reply.message.name} of {reply.address}: next server "
        f"{reply.next_server or 'none'}, boot file {reply.bootfile or 'none'}"
        for reply in exchange.replies
    ]
    asks = [f"it asks {request}" for request in outcome.requests]
    end = f"it would fetch {outcome.url}" if outcome.url else f"it would boot {outcome}"
    return [sent, *(answers or ["nobody answers"]), *asks, end]
