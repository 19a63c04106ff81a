"""Why no file came whole: what became of each request by TFTP and HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

from edgeboot.dhcp.firmware import Boot
from edgeboot.node.boot import tftp_packets as tftp
from edgeboot.report.findings import Sender
from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.boot_file import wrong_kind
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis
from edgeboot.report.machine_boot.diagnoses.evidence import shown_by_download
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.diagnoses.reach import is_absent, why_unreached
from edgeboot.report.machine_boot.download import Download, Ending
from edgeboot.report.machine_boot.http_download import HttpDownload
from edgeboot.report.machine_boot.tftp_download import TftpDownload

_HEADERS: Final = 32
"""Octets of a block's packet before its content: IPv4, UDP and TFTP."""


def about_downloads(attempt: Attempt) -> Iterator[Diagnosis]:
    """What became of what it asked for behind the last file that came whole, the last request first.

    Of requests for one file that ended alike, such as EDK2's HEAD and GET, the last is told.
    """
    seen = set[tuple[str, Ending]]()
    for each in reversed(attempt.traffic.downloads):
        if each.ending is Ending.WHOLE:
            return  # The machine went on after what was refused before: iPXE asks for autoexec.ipxe at first.
        if (each.url, each.ending) in seen:
            continue
        seen.add((each.url, each.ending))
        match each.ending:
            case Ending.SILENT if _is_unanswered(attempt, each):
                yield _silent(attempt, each)
            case Ending.REFUSED:
                yield _refused(attempt, each)
            case Ending.ELSEWHERE | Ending.NO_FILE:
                yield _no_file(attempt, each)
            case Ending.CUT | Ending.SIZE_ONLY if isinstance(each, TftpDownload) and _was_refused(each):
                yield _refused_options(attempt, each)
            case Ending.CUT if _was_left(each) or attempt.is_over(_stood_from(each)):
                yield _cut(attempt, each)
            case _:
                continue


def _stood_from(each: Download) -> float:
    """Since when nothing of it has come: a client asks for the next block again and again."""
    if isinstance(each, TftpDownload):
        return each.progressed or each.at
    return each.ended


def _is_unanswered(attempt: Attempt, each: Download) -> bool:
    refused = attempt.traffic.refused_port(each.server, tftp.SERVER_PORT)
    return refused or is_absent(attempt.traffic, each.server) or attempt.is_over(each.at)


def _silent(attempt: Attempt, each: Download) -> Diagnosis:
    by_tftp, why = isinstance(each, TftpDownload), ""
    if isinstance(each, TftpDownload) and each.answered_from is not None:
        return _from_elsewhere(attempt, each, each.answered_from)
    if by_tftp:
        why = why_unreached(attempt.traffic, each.server, tftp.SERVER_PORT)
    kind = Kind.TFTP_SILENT if by_tftp else Kind.HTTP_SILENT
    if by_tftp and attempt.traffic.refused_port(each.server, tftp.SERVER_PORT):
        kind = Kind.TFTP_CLOSED
    elif is_absent(attempt.traffic, each.server):
        kind = Kind.HOST_ABSENT
    needed = f"a {'TFTP' if by_tftp else 'web'} server at {each.server} that answers"
    return _diagnosis(attempt, each, kind, f"{each.told}{why}", needed, "next_server", each.server)


def _from_elsewhere(attempt: Attempt, each: Download, source: IPv4Address) -> Diagnosis:
    told = f"{each.told} by {each.server}: answers came from {source}, which it did not ask, and drops"
    needed = f"answers from {each.server}: the boot server's own address, or NAT that knows TFTP"
    return _diagnosis(attempt, each, Kind.TFTP_OTHER_END, told, needed, "next_server", source)


def _refused(attempt: Attempt, each: Download) -> Diagnosis:
    kind = Kind.HTTP_STATUS
    if isinstance(each, TftpDownload):
        missing = each.error is not None and each.error.code == tftp.ErrorCode.FILE_NOT_FOUND
        kind = Kind.FILE_NOT_FOUND if missing else Kind.FILE_REFUSED
    told = f"{each.told} by {_sender(each)}{_named_otherwise(attempt, each)}"
    needed = f"{name_of(each)} on {each.server}, or another name in the offer"
    return _diagnosis(attempt, each, kind, told, needed, "bootfile", name_of(each))


def _named_otherwise(attempt: Attempt, each: Download) -> str:
    """That its offer names another file than it asks for, as where the NUL behind a name lacks."""
    outcome = attempt.outcome
    if not isinstance(outcome, Boot) or not isinstance(each, TftpDownload) or outcome.name is None:
        return ""
    asks_it = each.name.startswith(outcome.name) and each.name != outcome.name
    return f"; the offer names {outcome.name}, without a NUL behind it" if asks_it else ""


def _no_file(attempt: Attempt, each: Download) -> Diagnosis:
    kind = Kind.HTTP_REDIRECT if each.ending is Ending.ELSEWHERE else Kind.HTTP_STATUS
    told, needed = f"{each.told}, says {_sender(each)}", "an answer by status 200 with the whole file"
    return _diagnosis(attempt, each, kind, told, needed, "bootfile", name_of(each))


def _cut(attempt: Attempt, each: Download) -> Diagnosis:
    if isinstance(each, TftpDownload) and _is_of_large_blocks(each):
        return _lost_blocks(attempt, each)
    why = wrong_kind(attempt.round, each) if _was_left(each) else ""
    told = f"{each.told}, from {_sender(each)}{why or _not_sent_again(each)}"
    kind = Kind.HTTP_TYPE if why else Kind.FILE_CUT
    needed = "a content type or a name by which it knows a boot file" if why else "the whole file"
    return _diagnosis(attempt, each, kind, told, needed, "boot_file", len(each.content))


def _not_sent_again(each: Download) -> str:
    """That the server waits for an ACK, and does not send its block again (RFC 1350 section 2)."""
    if not isinstance(each, TftpDownload) or each.unacknowledged is None or each.repeated or each.left:
        return ""
    return f": block {each.unacknowledged} was not acknowledged, and no block came again"


def _was_refused(each: TftpDownload) -> bool:
    """Whether its client ended it before the first block, where the server grants what was not asked for."""
    return each.left and not each.content and bool(each.beyond_asked)


def _refused_options(attempt: Attempt, each: TftpDownload) -> Diagnosis:
    granted = f"{_sender(each)} grants {each.beyond_asked} (OACK)"
    told = f"{each.url} asked for, and ended by the client before its first block: {granted}"
    needed = "an OACK that grants what was asked for, or less (RFC 2347, RFC 2348, RFC 7440)"
    return _diagnosis(attempt, each, Kind.TFTP_OPTIONS, told, needed, "tftp_options", each.granted)


def _is_of_large_blocks(each: TftpDownload) -> bool:
    """Whether none of its blocks was acknowledged, and they are longer than every client takes them."""
    window = each.asked.windowsize or 1
    first = len(each.content) <= window * each.blksize
    return each.blksize > tftp.DEFAULT_BLKSIZE and first and (bool(each.repeated) or not each.content)


def _lost_blocks(attempt: Attempt, each: TftpDownload) -> Diagnosis:
    packet = each.blksize + _HEADERS
    stood = f"blocks of {each.blksize} octets were granted, and it came no further than the first"
    again = f" ({each.repeated} were sent again)" if each.repeated else ""
    told = f"{each.told}, from {_sender(each)}: {stood}{again}"
    needed = f"an MTU of {packet} octets on the whole way, or a boot server without large blocks"
    found = _diagnosis(attempt, each, Kind.BLOCKS_LOST, told, needed, "boot_file", 0)
    return replace(found, certainty=Certainty.LIKELY)


def _diagnosis(
    attempt: Attempt, each: Download, kind: Kind, told: str, needed: str, field: str, received: object
) -> Diagnosis:
    shown = shown_by_download(attempt.traffic, each)
    return Diagnosis(kind, told, needed, Certainty.CERTAIN, shown, field, received, _sender(each))


def _sender(each: Download) -> Sender | None:
    return None if each.server_mac is None else Sender(each.server, each.server_mac)


def _was_left(each: Download) -> bool:
    return isinstance(each, HttpDownload) and each.left


def name_of(each: Download) -> str:
    """As an offer has it: the name alone by TFTP, the URL by HTTP."""
    return each.name if isinstance(each, TftpDownload) else each.url
