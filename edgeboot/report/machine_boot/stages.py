"""The stages of a machine's boot: which were seen, when, by which witness, and the first that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import cached_property
from typing import Any, Final, Self

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.host.wire.frame import Frame
from edgeboot.machines.console import ConsoleLine
from edgeboot.report.machine_boot.rounds import Round, rounds
from edgeboot.report.machine_boot.traffic import MachineTraffic, offers_in
from edgeboot.server.log import LogLine


class BootStage(IntEnum):
    """From power-on to the system's kernel, in their order."""

    POWER = 1
    LINK = 2
    """Its network interface has sent a frame."""
    DISCOVER = 3
    OFFER = 4
    """It has taken an offer: its DHCPREQUEST says which."""
    ACK = 5
    BOOT_SERVER_4011 = 6
    """A boot server has answered it from port 4011 (PXE 2.1)."""
    FILE = 7
    """A boot file was fetched whole."""
    STARTED = 8
    """Its firmware has started that file."""
    SECOND_ROUND = 9
    """The started file, iPXE, asks for an address itself."""
    SCRIPT = 10
    """iPXE has fetched a script whole."""
    KERNEL = 11

    @property
    def title(self) -> str:
        """As reports name it."""
        return _TITLES[self]


_TITLES: Final = {
    BootStage.POWER: "power on",
    BootStage.LINK: "link",
    BootStage.DISCOVER: "DHCPDISCOVER",
    BootStage.OFFER: "offer taken",
    BootStage.ACK: "DHCPACK",
    BootStage.BOOT_SERVER_4011: "answer from port 4011",
    BootStage.FILE: "boot file fetched",
    BootStage.STARTED: "boot file started",
    BootStage.SECOND_ROUND: "second round of iPXE",
    BootStage.SCRIPT: "script fetched",
    BootStage.KERNEL: "kernel started",
}


class Witness(Enum):
    """What shows a stage."""

    MACHINE = "the machine"
    """It says that its power is on."""
    CAPTURE = "capture"
    SERVER_LOG = "server's log"
    BOOT_SERVER_LOG = "boot server's log"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class StageSeen:
    """One stage, seen by one witness for the first time."""

    stage: BootStage
    at: float
    """In seconds since the epoch."""
    witness: Witness
    what: str
    """What was seen, such as a console's line."""

    def to_json(self) -> dict[str, Any]:
        """An object of these fields, stage and witness by name."""
        return {
            "stage": self.stage.name,
            "at": self.at,
            "witness": self.witness.value,
            "what": self.what,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(BootStage[data["stage"]], data["at"], Witness(data["witness"]), data["what"])


@dataclass(frozen=True)
class Watched:
    """Everything that was seen of a machine since its power-on."""

    mac: MacAddress
    frames: Sequence[Frame] = ()
    """At the machine's own port of the bridge."""
    server_log: Sequence[LogLine] = ()
    boot_server_log: Sequence[LogLine] = ()
    """Of the boot server, where that is another machine than the server under test."""
    console: Sequence[ConsoleLine] = ()
    powered_on: float | None = None
    """When it was switched on, in seconds since the epoch."""

    @cached_property
    def traffic(self) -> MachineTraffic:
        """Its frames, read."""
        return MachineTraffic(self.mac, self.frames)

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """Of its firmware, and of what that has started."""
        return rounds(self.traffic)


_STARTING: Final = re.compile(r'BdsDxe: starting Boot\w+ "[^"]*(PXE|HTTP)v[46]')
"""What EDK2 writes before it starts what was loaded, also a program that it cannot run."""
_CANNOT: Final = re.compile(r"BdsDxe: failed to start .*: Unsupported")
_OF_FIRMWARE: Final = "BdsDxe: "
_STARTED: Final = re.compile(
    r"^iPXE initialising devices|^iPXE \d|^edgeboot: started |## Starting EFI application"
)
"""The first lines of iPXE and of the boot program that is built here; U-Boot."""
_KERNEL: Final = re.compile(r"\bLinux version \d|EFI stub: |^edgeboot: started kernel on ")
"""Linux, and the boot program in its place."""
_LOGGED: Final = (
    (BootStage.DISCOVER, r"\bDHCPDISCOVER\(\S+\) .*{mac}"),
    (BootStage.OFFER, r"\bDHCPREQUEST\(\S+\) .*{mac}"),
    (BootStage.ACK, r"\bDHCPACK\(\S+\) .*{mac}"),
    (BootStage.BOOT_SERVER_4011, r"\bPXE\(\S+\) \d\S+ {mac} (?!proxy)"),
)
"""dnsmasq's lines; those about port 4011 begin with the client's address."""
_SENT: Final = (
    r"\bdnsmasq-tftp(?:\[\d+\])?: (?:\d+ \S+ )?sent \S.* to {address}\b"
    r"|^{address} .*\"GET \S+ HTTP/\S+\" 200 "
)
"""dnsmasq's line about a whole transfer, and one of an access log."""
_ENDED: Final = r"\bdnsmasq-tftp(?:\[\d+\])?: (?:\d+ \S+ )?error \d+ .*received from {address}\b"
"""dnsmasq's line about a transfer that the client ended, such as EDK2's question for the size."""
_ANSWERS: Final = frozenset({BootStage.ACK, BootStage.BOOT_SERVER_4011, BootStage.FILE})
_SCRIPT: Final = b"#!ipxe"


def stages_of(watched: Watched) -> tuple[StageSeen, ...]:
    """Every stage that was seen, by each of its witnesses the first time, in the order of the stages."""
    found: dict[tuple[BootStage, Witness], StageSeen] = {}
    for each in (*_by_power(watched), *_by_capture(watched), *_by_logs(watched), *_by_console(watched)):
        key = (each.stage, each.witness)
        if key not in found or each.at < found[key].at:
            found[key] = each
    return tuple(sorted(found.values(), key=lambda each: (each.stage, each.at)))


def reached(seen: Sequence[StageSeen]) -> BootStage | None:
    """The furthest stage that was seen; None where nothing was.

    That a server has sent an answer does not count where a capture could have shown that it came.
    """
    captured = any(each.witness is Witness.CAPTURE for each in seen)
    came = (each.stage for each in seen if not (captured and _is_only_sent(each)))
    return max(came, default=None)


def _is_only_sent(each: StageSeen) -> bool:
    """A web server logs a file as soon as the kernel has it, which sends it for as long as it takes."""
    return each.witness in {Witness.SERVER_LOG, Witness.BOOT_SERVER_LOG} and each.stage in _ANSWERS


def missing(seen: Sequence[StageSeen], expected: Sequence[BootStage]) -> BootStage | None:
    """The first expected stage behind the furthest that was seen; None where all were reached.

    A stage whose witness was blind, and that a later one proves, is not missing.
    """
    there = reached([each for each in seen if each.stage in expected])
    return next((each for each in sorted(expected) if there is None or each > there), None)


def _by_power(watched: Watched) -> Iterator[StageSeen]:
    if watched.powered_on is not None:
        yield StageSeen(BootStage.POWER, watched.powered_on, Witness.MACHINE, "switched on")


def _by_capture(watched: Watched) -> Iterator[StageSeen]:
    traffic = watched.traffic
    for frame in traffic.own[:1]:
        yield _captured(BootStage.LINK, frame.at, f"the first frame of {watched.mac}")
    for passed in traffic.sent(MessageType.DHCPDISCOVER)[:1]:
        yield _captured(BootStage.DISCOVER, passed.at, f"DHCPDISCOVER, xid {passed.message.shown_xid}")
    offered = offers_in(traffic.messages)
    for passed in traffic.sent(MessageType.DHCPREQUEST):
        if any(offer.message.xid == passed.message.xid for offer in offered):
            chosen = passed.server_identifier
            of = "an offer" if chosen is None else f"that of {chosen}"
            yield _captured(BootStage.OFFER, passed.at, f"DHCPREQUEST takes {of}")
    for passed in traffic.received(MessageType.DHCPACK)[:1]:
        of = f"DHCPACK of {passed.message.yiaddr} from {passed.datagram.sender}"
        yield _captured(BootStage.ACK, passed.at, of)
    for passed in traffic.boot_answers[:1]:
        yield _captured(BootStage.BOOT_SERVER_4011, passed.at, f"answer from {passed.datagram.sender}")
    yield from _later(watched)


def _later(watched: Watched) -> Iterator[StageSeen]:
    """What the capture shows of files, and of clients that they hold."""
    has_file = False
    for each in watched.rounds:
        if each.is_ipxe and has_file:
            began = "DHCPDISCOVER of iPXE"
            yield _captured(BootStage.STARTED, each.began, f"{began}, which the boot file holds")
            yield _captured(BootStage.SECOND_ROUND, each.began, began)
        for fetched in each.fetched:
            told = f"{fetched.told}, SHA-256 {fetched.sha256}"
            is_script = fetched.content.startswith(_SCRIPT)
            if is_script and each.is_ipxe and has_file:
                yield _captured(BootStage.SCRIPT, fetched.ended, told)
            elif not is_script or not each.is_ipxe:
                yield _captured(BootStage.FILE, fetched.ended, told)
                has_file = True


def _by_logs(watched: Watched) -> Iterator[StageSeen]:
    server = tuple(watched.server_log)
    patterns = [(stage, re.compile(text.format(mac=watched.mac), re.IGNORECASE)) for stage, text in _LOGGED]
    for stage, pattern in patterns:
        for line in server:
            if pattern.search(line.text):
                yield StageSeen(stage, line.at, Witness.SERVER_LOG, line.text.strip())
                break
    address = watched.traffic.address
    if address is None:
        return
    for lines, witness in (
        (server, Witness.SERVER_LOG),
        (watched.boot_server_log, Witness.BOOT_SERVER_LOG),
    ):
        whole = _sent_whole(lines, str(address))
        if whole is not None:
            yield StageSeen(BootStage.FILE, whole.at, witness, whole.text.strip())


def _sent_whole(lines: Sequence[LogLine], address: str) -> LogLine | None:
    """The first line about a whole transfer; dnsmasq logs one also for what the client has just ended."""
    sent, ended = (re.compile(each.format(address=re.escape(address))) for each in (_SENT, _ENDED))
    was_ended = False
    for line in lines:
        if ended.search(line.text):
            was_ended = True
        elif sent.search(line.text):
            if not was_ended:
                return line
            was_ended = False
    return None


def _by_console(watched: Watched) -> Iterator[StageSeen]:
    """A console shows what is started; its lines of addresses and files say what the wire shows better."""
    fetched = [each.ended for one in watched.rounds for each in one.fetched]
    for number, line in enumerate(watched.console):
        after = watched.console[number + 1 : number + 3]
        if _KERNEL.search(line.text):
            yield StageSeen(BootStage.KERNEL, line.at, Witness.CONSOLE, line.text)
        elif fetched and line.at >= min(fetched) and _is_start(line, after):
            # iPXE in a machine's own ROM says the same before anything was fetched.
            yield StageSeen(BootStage.STARTED, line.at, Witness.CONSOLE, line.text)


def _is_start(line: ConsoleLine, after: Sequence[ConsoleLine]) -> bool:
    """Whether a program has begun: by its own line, or by firmware's, unless it cannot run it."""
    if not _STARTING.search(line.text):
        return _STARTED.search(line.text) is not None
    if not after or _CANNOT.search(after[0].text):
        return False
    # The last line may be half of one, whose end says that it cannot.
    return len(after) > 1 or not after[0].text.startswith(_OF_FIRMWARE[: len(after[0].text)])


def _captured(stage: BootStage, at: float, what: str) -> StageSeen:
    return StageSeen(stage, at, Witness.CAPTURE, what)
