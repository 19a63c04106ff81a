"""What a contract says of the server itself: what RFC 2131 leaves to it, and what can be seen inside it."""

from __future__ import annotations

from enum import Enum

from pydantic import Field

from edgeboot.base.strict_model import StrictModel
from edgeboot.dhcp.vocabulary import MessageType


class Ability(Enum):
    """What not every good server has; a test that needs one carries ``ability`` with its name."""

    LOG = "log"
    LEASE_DATABASE = "lease_database"
    PING_CHECK = "ping_check"
    REMEMBERS_RELEASED = "remembers_released"
    OFFERS_TWICE = "offers_twice"
    EXPLAINS_REFUSALS = "explains_refusals"
    ANSWERS_INFORM = "answers_inform"
    RENEWAL_TIMES = "renewal_times"


class LogFormat(Enum):
    """In whose words the server writes what the suite reads."""

    DNSMASQ = "dnsmasq"
    OTHER = "other"
    """The suite does not read it."""


class Answer(Enum):
    """What becomes of a DHCPREQUEST for a lease of which the server has no record."""

    GRANTED = "granted"
    REFUSED = "refused"
    IGNORED = "ignored"

    @property
    def messages(self) -> list[MessageType]:
        """The replies it is told by."""
        told = {Answer.GRANTED: [MessageType.DHCPACK], Answer.REFUSED: [MessageType.DHCPNAK]}
        return told.get(self, [])


class ServerTerms(StrictModel):
    """The defaults are dnsmasq's; docs/contract.md tells what each rests on."""

    log: LogFormat = LogFormat.DNSMASQ
    """Of each message, and of what was refused."""
    lease_database: LogFormat = LogFormat.DNSMASQ
    """The file it keeps its leases in, read inside the server: its lease database."""
    ping_check: bool = Field(default=True, strict=True)
    """Whether it looks for a host at an address before it offers that (RFC 2131 section 3.1)."""
    remembers_released: bool = Field(default=True, strict=True)
    """Whether a node that released its address is offered it again (RFC 2131 section 4.3.1)."""
    reserves_offers: bool = Field(default=False, strict=True)
    """Whether an address that was offered is offered to no other node for a while (section 3.1)."""
    withholds_declined: bool = Field(default=False, strict=True)
    """Whether an address that was declined is kept from everybody for a while (section 4.3.3)."""
    grants_unoffered: bool = Field(default=True, strict=True)
    """Whether a DHCPREQUEST in its name is granted though it has offered nothing (section 4.3.2)."""
    explains_refusals: bool = Field(default=True, strict=True)
    """Whether a DHCPNAK carries option 56 (table 3: SHOULD)."""
    unknown_reboot: Answer | None = None
    """To a node in state INIT-REBOOT; without a word ignored, or granted where authoritative."""
    unknown_renewal: Answer | None = None
    """To a node in state RENEWING, by unicast; without a word refused, or granted where authoritative."""
    unknown_rebinding: Answer | None = None
    """To a node in state REBINDING, by broadcast; without a word ignored, or granted where authoritative."""
    answers_inform: bool = Field(default=True, strict=True)
    """Whether a DHCPINFORM is answered (section 4.3.5)."""
    sends_renewal_times: bool = Field(default=True, strict=True)
    """Whether T1 and T2 are sent; without them a node takes half and seven eighths (section 4.4.5)."""
    bootfile_terminators: int = Field(default=1, strict=True, ge=0, le=1)
    """NULs at the end of option 67."""

    @property
    def lacking(self) -> frozenset[Ability]:
        """What it has not, so that the tests of it are deselected."""
        has = {
            Ability.LOG: self.log is LogFormat.DNSMASQ,
            Ability.LEASE_DATABASE: self.lease_database is LogFormat.DNSMASQ,
            Ability.PING_CHECK: self.ping_check,
            Ability.REMEMBERS_RELEASED: self.remembers_released,
            Ability.OFFERS_TWICE: not self.reserves_offers,
            Ability.EXPLAINS_REFUSALS: self.explains_refusals,
            Ability.ANSWERS_INFORM: self.answers_inform,
            Ability.RENEWAL_TIMES: self.sends_renewal_times,
        }
        return frozenset(ability for ability, there in has.items() if not there)
