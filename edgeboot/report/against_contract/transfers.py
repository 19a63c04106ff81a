"""Transfers by TFTP held against a contract: their ports, the size of their blocks, and that of the file."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.base.counted import counted
from edgeboot.node.boot.tftp_packets import DEFAULT_BLKSIZE
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.machine_boot.download import Ending
from edgeboot.report.machine_boot.tftp_download import TftpDownload
from edgeboot.report.machine_boot.traffic import MachineTraffic
from edgeboot.spec.contract.contract import Contract


def wrong_transfers(traffic: MachineTraffic, contract: Contract) -> Iterator[Finding]:
    """What differs in the transfers from the contract's servers; nothing of those without an answer."""
    for each in traffic.downloads:
        if isinstance(each, TftpDownload) and each.server_mac is not None:
            sender = Sender(each.server, each.server_mac)
            yield from _of_ports(each, sender, contract)
            yield from _of_blocks(each, sender, contract)
            yield from _of_size(each, sender)
            yield from _of_repeated(each, sender)


def _of_ports(each: TftpDownload, sender: Sender, contract: Contract) -> Iterator[Finding]:
    """Of a ProxyDHCP alone the contract states its ports."""
    if contract.proxy is None or each.server != contract.server_identifier or each.port is None:
        return
    first, last = contract.proxy.tftp_ports
    if not first <= each.port <= last:
        told = f"{sender} sends {each.url} from port {each.port}, expected {first} to {last}"
        yield Finding("tftp_ports", (first, last), each.port, sender, (), told)


def _of_blocks(each: TftpDownload, sender: Sender, contract: Contract) -> Iterator[Finding]:
    """The server under test may have reasons to grant less (RFC 2348); the boot server beside it has none."""
    beside = each.server == contract.next_server != contract.server_identifier
    asked = each.asked.blksize
    if not beside or asked is None or each.granted.blksize is not None:
        return
    # Its OACK may lack in the capture; a file that came whole in small blocks shows that there was none.
    if asked > DEFAULT_BLKSIZE and each.ending is Ending.WHOLE and len(each.content) > DEFAULT_BLKSIZE:
        blocks = f"{len(each.content) // DEFAULT_BLKSIZE + 1} blocks of {DEFAULT_BLKSIZE} octets"
        told = f"{sender} sends {each.url} in {blocks}, and was asked for blksize {asked}"
        yield Finding("blksize", asked, DEFAULT_BLKSIZE, sender, (), told)


def _of_size(each: TftpDownload, sender: Sender) -> Iterator[Finding]:
    """Whether the OACK states what came (RFC 2349): firmware makes room for so many octets."""
    stated, came = each.granted.tsize, len(each.content)
    if stated is not None and each.ending is Ending.WHOLE and stated != came:
        told = f"{sender} states that {each.url} has {stated} octets (tsize), and sends {came}"
        yield Finding("tsize", came, stated, sender, (), told)


def _of_repeated(each: TftpDownload, sender: Sender) -> Iterator[Finding]:
    """The sorcerer's apprentice: from there on each block comes twice."""
    if each.provoked:
        told = (
            f"{sender} sends {counted(each.provoked, 'block')} of {each.url} again for an ACK that came twice"
        )
        told = f"{told} (RFC 1123 section 4.2.3.1)"
        yield Finding("blocks_twice", 0, each.provoked, sender, (), told)
