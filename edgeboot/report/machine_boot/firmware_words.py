"""What the messages of firmware mean; where one has several causes, the wire decides which it was.

The texts are those that consoles of EDK2 (2022.11), iPXE (1.0.0, 2019), SeaBIOS (1.16) and U-Boot
(2023.01) have shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.machines.console import ConsoleLine
from edgeboot.report.machine_boot.diagnoses.after_lease import about_what_followed
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.boot_file import about_a_signature, about_the_file
from edgeboot.report.machine_boot.diagnoses.boot_servers import about_boot_servers
from edgeboot.report.machine_boot.diagnoses.diagnosis import Diagnosis
from edgeboot.report.machine_boot.diagnoses.downloads import about_downloads
from edgeboot.report.machine_boot.diagnoses.lease import about_a_decline, about_the_lease
from edgeboot.report.machine_boot.diagnoses.offers import about_offers
from edgeboot.report.machine_boot.rounds import Round


@dataclass(frozen=True, slots=True)
class Explained:
    """A message of firmware, what it means in general, and what it meant here."""

    at: float
    """When it was written, in seconds since the epoch."""
    text: str
    meaning: str
    """What firmware says by it, which may be one of several things."""
    here: str = ""
    """Which of them it was, by the capture; empty where that does not show it."""

    def __str__(self) -> str:
        return f"{self.text}: {self.meaning}{f'; here: {self.here}' if self.here else ''}"

    def to_json(self) -> dict[str, Any]:
        """An object of these fields."""
        return {"at": self.at, "text": self.text, "meaning": self.meaning, "here": self.here}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What ``to_json`` wrote."""
        return cls(**data)


def _no_answer(each: Attempt) -> Iterator[Diagnosis]:
    """What an error means that is the same for a silent DHCP server and a silent boot server."""
    if not each.traffic.sent(MessageType.DHCPREQUEST):
        yield from about_offers(each)
    elif not each.traffic.received(MessageType.DHCPACK):
        yield from about_the_lease(each)
    else:
        yield from about_what_followed(each)


def _no_size(each: Attempt) -> Iterator[Diagnosis]:
    yield from _no_answer(each)
    yield from about_the_file(each)


def _no_valid_offer(each: Attempt) -> Iterator[Diagnosis]:
    yield from about_boot_servers(each)
    if not each.traffic.boot_requests:
        yield from about_offers(each)


def _cancelled(each: Attempt) -> Iterator[Diagnosis]:
    yield from about_a_decline(each)


def _refused(each: Attempt) -> Iterator[Diagnosis]:
    yield from about_the_lease(each)


def _download(each: Attempt) -> Iterator[Diagnosis]:
    yield from about_downloads(each)


def _file(each: Attempt) -> Iterator[Diagnosis]:
    yield from about_the_file(each)


def _signature(each: Attempt) -> Iterator[Diagnosis]:
    yield from about_a_signature(each, tuple(about_the_file(each)))


@dataclass(frozen=True, slots=True)
class FirmwareMessage:
    """A message by its text, what it means, and the question that the wire answers."""

    pattern: re.Pattern[str]
    meaning: str
    here: Callable[[Attempt], Iterator[Diagnosis]]
    is_consequence: bool = False
    """Whether it only says that another message's failure was one: told where the wire adds to it."""
    refuses_signature: bool = False
    """Whether the file was refused for its signature, not for the network."""


def _row(
    text: str,
    meaning: str,
    here: Callable[[Attempt], Iterator[Diagnosis]],
    *,
    consequence: bool = False,
    signature: bool = False,
) -> FirmwareMessage:
    return FirmwareMessage(re.compile(text), meaning, here, consequence, signature)


MESSAGES: Final = (
    _row(
        r"PXE-E07: Network device error",
        "the lease was refused (DHCPNAK), or the card failed",
        _refused,
    ),
    _row(r"PXE-E16\b", "no valid offer: no boot file is named, or port 4011 is silent", _no_valid_offer),
    _row(r"PXE-E18\b", "no usable offer, or the TFTP server does not answer", _no_answer),
    _row(
        r"PXE-E21\b", "boot cancelled: the address was declined, or the menu has no item for it", _cancelled
    ),
    _row(r"PXE-E23\b", "the TFTP server refused the file", _download),
    _row(r"PXE-E53\b", "the boot server's answer names no file that it takes", _no_valid_offer),
    _row(
        r"PXE-E99\b",
        "a network error: nobody listens on the TFTP port, or the boot menu leads nowhere",
        _no_answer,
    ),
    _row(
        r"Could not retrieve NBP file size from HTTP server",
        "no offer for HTTP Boot, no usable URL, or an answer that is no boot file",
        _no_size,
    ),
    _row(
        r"failed to (load|start) .*: (Access Denied|Security Violation)",
        "Secure Boot refused the file: no signature that the machine accepts",
        _signature,
        signature=True,
    ),
    _row(
        r"failed to (load|start) .*(PXE|HTTP)v4.*: Unsupported",
        "the file is no program that this firmware can start",
        _file,
    ),
    _row(
        r"failed to load .*(PXE|HTTP)v4.*: Not Found",
        "the boot option led to no program",
        _file,
        consequence=True,
    ),
    _row(r"ipxe\.org/4c\w+|Connection timed out", "the server does not answer", _no_answer),
    _row(r"ipxe\.org/2d\w+|No such file or directory", "the server has no such file", _download),
    _row(r"ipxe\.org/2e\w+|Exec format error", "the file is no program that iPXE can start", _file),
    _row(r"Nothing to boot", "no offer names a boot file, or its server", _no_valid_offer),
    _row(r"^No bootable device", "nothing is left to boot from", _no_answer, consequence=True),
    _row(r"No configuration methods succeeded", "no usable offer", _no_answer),
    _row(r"`?serverip'? not set", "no offer names the boot server", _no_valid_offer),
    _row(r"TFTP error: ", "the TFTP server refused the file", _download),
    _row(r"Retry count exceeded|Retry time exceeded", "nobody answers", _no_answer),
)
"""The more telling ones of a console's last lines are above those that follow from them."""


def explained(lines: Sequence[ConsoleLine], rounds: Sequence[Round]) -> tuple[Explained, ...]:
    """Every line that says why firmware did not boot, in the order in which they were written.

    Args:
        lines: of the console.
        rounds: of the machine; a line is about the last one that had begun.
    """
    return tuple(each for line in lines if (each := _explained(line, rounds)) is not None)


def _explained(line: ConsoleLine, rounds: Sequence[Round]) -> Explained | None:
    message = message_in(line.text)
    if message is None:
        return None
    here = _here(message, line.at, rounds)
    return (
        None if message.is_consequence and not here else Explained(line.at, line.text, message.meaning, here)
    )


def message_in(text: str) -> FirmwareMessage | None:
    """The message that a line has, if it is one of these."""
    return next((each for each in MESSAGES if each.pattern.search(text)), None)


def _here(message: FirmwareMessage, at: float, rounds: Sequence[Round]) -> str:
    begun = [each for each in rounds if each.began <= at]
    if not begun:
        return "no DHCPDISCOVER had passed its port"
    return "; ".join(dict.fromkeys(fact.sentence for fact in message.here(Attempt(begun[-1]))))
