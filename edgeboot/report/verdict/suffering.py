"""What an edge node suffers when a field is wrong, and how bad that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.report.findings import Finding
from edgeboot.report.rogue_servers import SERVERS


class Severity(IntEnum):
    """Of a cause; the worst first."""

    NOBODY = 0
    """No edge node boots, or none that is new."""
    SOME = 1
    """Some clients do not boot, or it depends on chance."""
    LEASE = 2
    """A node boots, and its lease or its network is not as stated."""
    DEPLOYMENT = 3
    """The server serves nodes, and its Pod, log or ports are not as stated."""
    OTHER = 4


class Family(IntEnum):
    """Fields that go wrong together: of two findings of one family the one may follow from the other."""

    ANSWER = 0
    BOOT = 1
    ADDRESS = 2
    TIMES = 3
    NETWORK = 4
    OPTIONS = 5
    DEPLOYMENT = 6
    HEADER = 7
    STORM = 8


@dataclass(frozen=True, slots=True)
class Suffering:
    """What a wrong field means for edge nodes."""

    severity: Severity
    family: Family
    sentence: str


_ANSWER: Final = Suffering(
    Severity.SOME, Family.ANSWER, "Messages of edge nodes stay without the answer that they need."
)
_OTHER_ANSWER: Final = Suffering(
    Severity.SOME, Family.ANSWER, "Edge nodes get another answer than they need."
)
_STRANGER: Final = Suffering(
    Severity.SOME, Family.ANSWER, "Two servers answer: chance decides whose lease and file a node takes."
)
_LATE: Final = Suffering(
    Severity.SOME, Family.ANSWER, "Firmware sends again, or has given up, before the answer comes."
)
_NOBODY_ANSWERED: Final = Suffering(
    Severity.NOBODY, Family.ANSWER, "A node that is new to the segment gets no address."
)
_TRANSFER: Final = Suffering(
    Severity.SOME, Family.BOOT, "The boot file is not transferred as some firmware needs it."
)
_DNS: Final = Suffering(Severity.LEASE, Family.NETWORK, "Nodes resolve no names, or by the wrong server.")
_HEADER: Final = Suffering(
    Severity.OTHER, Family.HEADER, "Firmware that checks this field may drop the reply."
)
_BY_FIELD: Final = {
    "answer": _ANSWER,
    "answer_time": _LATE,
    "first_answer_time": _LATE,
    "servers": _STRANGER,
    "boots": Suffering(Severity.SOME, Family.BOOT, "Clients do not boot what the contract says."),
    "next_server": Suffering(
        Severity.NOBODY, Family.BOOT, "Firmware asks the wrong machine for its boot file."
    ),
    "bootfile": Suffering(
        Severity.NOBODY, Family.BOOT, "Firmware asks for another file than the stated one."
    ),
    "server_name": Suffering(
        Severity.SOME, Family.BOOT, "Firmware that checks the boot server's name refuses it."
    ),
    "terminators": Suffering(
        Severity.SOME, Family.BOOT, "Some firmware reads another file name than was meant."
    ),
    "vendor_class": Suffering(
        Severity.SOME, Family.BOOT, "Firmware that looks for its class drops the offer."
    ),
    "boot_file": Suffering(Severity.NOBODY, Family.BOOT, "Firmware does not get its boot file."),
    "machine": Suffering(
        Severity.SOME, Family.BOOT, "A real machine stops before its boot file has started."
    ),
    "signature": Suffering(
        Severity.SOME, Family.BOOT, "A machine with Secure Boot refuses the boot file that it was sent."
    ),
    "boot_server": Suffering(Severity.NOBODY, Family.BOOT, "Firmware does not get its boot file."),
    "tftp_options": _TRANSFER,
    "tsize": _TRANSFER,
    "block": _TRANSFER,
    "blocks": _TRANSFER,
    "server": Suffering(Severity.NOBODY, Family.ANSWER, "The server ends, and nobody is answered."),
    "address": Suffering(Severity.LEASE, Family.ADDRESS, "Nodes get addresses that are not theirs."),
    "pool": Suffering(Severity.LEASE, Family.ADDRESS, "The pool does not serve as many nodes as it should."),
    "addresses_per_boot": Suffering(
        Severity.LEASE, Family.ADDRESS, "One boot takes another number of addresses than was planned."
    ),
    "lease_database": Suffering(
        Severity.LEASE, Family.ADDRESS, "The server's record of leases is not what nodes hold."
    ),
    "netmask": Suffering(Severity.LEASE, Family.NETWORK, "Nodes take the wrong machines for neighbours."),
    "broadcast_address": Suffering(Severity.LEASE, Family.NETWORK, "Broadcasts of nodes reach nobody."),
    "routers": Suffering(Severity.LEASE, Family.NETWORK, "Nodes do not reach other networks."),
    "default_route": Suffering(Severity.LEASE, Family.NETWORK, "Nodes do not reach other networks."),
    "static_routes": Suffering(
        Severity.LEASE,
        Family.NETWORK,
        "Nodes go to other networks by another way than stated, or not.",
    ),
    "domain_name_servers": _DNS,
    "server_identifier": Suffering(
        Severity.SOME, Family.ANSWER, "Nodes send their DHCPREQUEST and renewals to another address."
    ),
    "lease_time": Suffering(Severity.LEASE, Family.TIMES, "Leases last another time than was planned."),
    "renewal_time": Suffering(Severity.LEASE, Family.TIMES, "Nodes renew at another time than was planned."),
    "rebinding_time": Suffering(
        Severity.LEASE, Family.TIMES, "Nodes turn to other servers at another time than was planned."
    ),
    "options": Suffering(
        Severity.LEASE, Family.OPTIONS, "Nodes are sent other options than the contract states."
    ),
    "rapid_commit": Suffering(
        Severity.LEASE, Family.OPTIONS, "A node that asks with option 80 takes, or loses, an address at once."
    ),
    **dict.fromkeys(("xid", "flags", "ciaddr", "chaddr", "giaddr", "length"), _HEADER),
    "destination": Suffering(
        Severity.OTHER,
        Family.HEADER,
        "A node may not hear a reply that is sent to another address than its own.",
    ),
    "source_mac": Suffering(
        Severity.OTHER, Family.HEADER, "Another machine than the server under test has sent the reply."
    ),
    "closed_ports": Suffering(
        Severity.DEPLOYMENT, Family.DEPLOYMENT, "The server offers a service that nobody maintains."
    ),
    "log": Suffering(
        Severity.DEPLOYMENT, Family.ANSWER, "The log does not show what became of a node's messages."
    ),
    "probes": Suffering(
        Severity.DEPLOYMENT, Family.DEPLOYMENT, "The kubelet takes the server for dead, or for ready."
    ),
    "manifest": Suffering(
        Severity.DEPLOYMENT, Family.DEPLOYMENT, "The Pod is not the one that the contract states."
    ),
    "refused_by": Suffering(
        Severity.DEPLOYMENT, Family.DEPLOYMENT, "The cluster admits the Pod, or refuses it, unlike stated."
    ),
    "storm": Suffering(
        Severity.SOME, Family.STORM, "Of nodes that start at once some get no address, or too late."
    ),
    "storm_duplicates": Suffering(
        Severity.SOME, Family.STORM, "Two nodes use one address, and neither keeps its connections."
    ),
    "memory": Suffering(
        Severity.DEPLOYMENT, Family.DEPLOYMENT, "The server takes more memory the longer it runs."
    ),
}
_ONLY_NAK: Final = (MessageType.DHCPNAK.name,)
_MOST: Final = 0.25
"""The share of a run's tests that fails where no new node is answered: nearly every test needs one."""


def kin(field: str, other: str) -> bool:
    """Whether two fields go wrong together, so that the one may follow from the other."""
    if not {field, other} <= _BY_FIELD.keys():
        return False
    families = {_BY_FIELD[field].family, _BY_FIELD[other].family}
    if "lease_database" in {field, other}:  # It holds addresses, and when they are free again.
        return families <= {Family.ADDRESS, Family.TIMES}
    return len(families) == 1


def may_follow_from_a_stranger(field: str) -> bool:
    """Whether a field may be wrong since another server has answered: whatever a node sees, and no Pod."""
    return field not in _BY_FIELD or _BY_FIELD[field].family is not Family.DEPLOYMENT


def suffering(findings: Iterable[Finding], share: float) -> tuple[Severity, str]:
    """The worst that these findings mean for a node, as a sentence; empty where that is not known.

    Args:
        findings: of one cause.
        share: of the run's tests that this cause has turned red, from 0 to 1; 0 where new nodes got leases.
    """
    known = [each for finding in findings if (each := _of(finding, share)) is not None]
    if _STRANGER in known:  # Whatever else is wrong in the replies of a second server.
        known = [_STRANGER]
    if not known:
        return Severity.OTHER, ""
    worst = min(known, key=lambda each: each.severity)
    return worst.severity, worst.sentence


def _of(finding: Finding, share: float) -> Suffering | None:
    if finding.field == SERVERS and finding.cause is None:
        return None  # No stranger is known: a test of the suite's own machines, in its own words.
    if finding.field == "answer":
        words_of_a_nak = isinstance(finding.received, str)
        if (finding.received in (None, _ONLY_NAK) or words_of_a_nak) and share >= _MOST:
            return _NOBODY_ANSWERED
        return _ANSWER if finding.received is None else _OTHER_ANSWER
    return _BY_FIELD.get(finding.field)
