"""Contract terms about the server's choices under RFC 2131 and about its log and lease database."""

from __future__ import annotations

from enum import Enum

from pydantic import Field

from edgeboot.base.strict_model import StrictModel
from edgeboot.dhcp.vocabulary import MessageType


class Ability(Enum):
    """Optional abilities of a server; a test that needs one is marked ``ability`` with its name."""

    LOG = "log"
    LEASE_DATABASE = "lease_database"
    PING_CHECK = "ping_check"
    KEEPS_LEASES = "keeps_leases"
    REMEMBERS_RELEASED = "remembers_released"
    OFFERS_TWICE = "offers_twice"
    EXPLAINS_REFUSALS = "explains_refusals"
    ANSWERS_INFORM = "answers_inform"
    RENEWAL_TIMES = "renewal_times"
    UNICASTS = "unicasts"


class LogFormat(Enum):
    """The format of the server's log or lease database."""

    DNSMASQ = "dnsmasq"
    OTHER = "other"
    """A format the suite cannot parse."""


class Answer(Enum):
    """The server's answer to a DHCPREQUEST for a lease it has no record of."""

    GRANTED = "granted"
    REFUSED = "refused"
    IGNORED = "ignored"

    @property
    def messages(self) -> list[MessageType]:
        """The types of the replies to expect; empty where the request is ignored."""
        replies = {Answer.GRANTED: [MessageType.DHCPACK], Answer.REFUSED: [MessageType.DHCPNAK]}
        return replies.get(self, [])


class ServerTerms(StrictModel):
    """The server's behaviour; defaults are dnsmasq's, and docs/contract.md gives the sources."""

    log: LogFormat = LogFormat.DNSMASQ
    """Format of its log of messages and refusals."""
    lease_database: LogFormat = LogFormat.DNSMASQ
    """Format of its lease database, which the suite reads inside the server."""
    ping_check: bool | None = Field(default=None, strict=True)
    """Whether it pings an address before it offers it (RFC 2131 section 3.1); None: unless no-ping is set."""
    keeps_leases: bool | None = Field(default=None, strict=True)
    """Whether its leases outlive its container (section 2.1); None: unless dhcp-leasefile is in no volume."""
    remembers_released: bool = Field(default=True, strict=True)
    """Whether it offers a node the address it released before (RFC 2131 section 4.3.1)."""
    reserves_offers: bool = Field(default=False, strict=True)
    """Whether it reserves an offered address for the node for some time (section 3.1)."""
    withholds_declined: bool = Field(default=False, strict=True)
    """Whether it does not offer a declined address to any node for some time (section 4.3.3)."""
    grants_unoffered: bool = Field(default=True, strict=True)
    """Whether it grants a DHCPREQUEST with its identifier without an offer before (section 4.3.2)."""
    explains_refusals: bool = Field(default=True, strict=True)
    """Whether a DHCPNAK has option 56, the error message (table 3: SHOULD)."""
    unknown_reboot: Answer | None = None
    """Answer in INIT-REBOOT; default: granted if authoritative, else ignored."""
    unknown_renewal: Answer | None = None
    """Answer in RENEWING, to a unicast; default: granted if authoritative, else refused."""
    unknown_rebinding: Answer | None = None
    """Answer in REBINDING, to a broadcast; default: granted if authoritative, else ignored."""
    other_servers_offer: Answer | None = None
    """Answer to a DHCPREQUEST that selects another server's offer; default: refused if authoritative."""
    ignores_client_identifiers: bool | None = Field(default=None, strict=True)
    """Whether it knows a client by its MAC address alone; default: if each boot leases one address
    though its stages send different client identifiers."""
    answers_inform: bool = Field(default=True, strict=True)
    """Whether it answers a DHCPINFORM (section 4.3.5)."""
    sends_renewal_times: bool = Field(default=True, strict=True)
    """Whether it sends T1 and T2; without them a node uses 1/2 and 7/8 of the lease (section 4.4.5)."""
    unicasts: bool = Field(default=True, strict=True)
    """Whether a reply to a node that does not set the B flag goes to that node alone (section 4.1)."""
    bootfile_terminators: int = Field(default=1, strict=True, ge=0, le=1)
    """Number of NULs at the end of option 67."""

    @property
    def lacking(self) -> frozenset[Ability]:
        """The abilities the server does not have; tests that need them are deselected."""
        available = {
            Ability.LOG: self.log is LogFormat.DNSMASQ,
            Ability.LEASE_DATABASE: self.lease_database is LogFormat.DNSMASQ,
            Ability.PING_CHECK: self.ping_check is not False,
            Ability.KEEPS_LEASES: self.keeps_leases is not False,
            Ability.REMEMBERS_RELEASED: self.remembers_released,
            Ability.OFFERS_TWICE: not self.reserves_offers,
            Ability.EXPLAINS_REFUSALS: self.explains_refusals,
            Ability.ANSWERS_INFORM: self.answers_inform,
            Ability.RENEWAL_TIMES: self.sends_renewal_times,
            Ability.UNICASTS: self.unicasts,
        }
        return frozenset(ability for ability, present in available.items() if not present)
