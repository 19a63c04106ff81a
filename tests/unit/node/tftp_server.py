"""A scripted TFTP server at a port: what it answers to each packet is the test's to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Final

from scapy.layers.inet import ICMP, IP
from scapy.layers.l2 import ARP, Ether

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.machine.wire.frame import Datagram, Frame, dissect, layers, udp_frame
from edgeboot.machine.wire.port import Port
from edgeboot.node.boot.tftp_packets import Acknowledgement, Data, Packet, ReadRequest, decode
from tests.unit.samples import SERVER, SERVER_MAC

CONTENT: Final = bytes(range(256)) * 9
TRANSFER: Final = 40001
"""The server's port for the transfer."""

Answer = Callable[[Datagram], bytes]
"""A frame, once it is known to whom."""
Answers = Callable[[Packet], list[Answer]]


@contextmanager
def serving(port: Port, answers: Answers) -> Iterator[list[Packet]]:
    """A server that sends what ``answers`` says to each packet; yields the packets it got."""
    over, heard = Event(), list[Packet]()

    def serve() -> None:
        while (frame := port.receive(Deadline.after(Wait.GRACE))) is not None or not over.is_set():
            if frame is None:
                continue
            datagram = dissect(frame)
            if datagram is None:
                answer_arp(port, frame)
                continue
            heard.append(decode(datagram.payload))
            for answer in answers(heard[-1]):
                port.send(answer(datagram))

    with ThreadPoolExecutor(1) as threads:
        served = threads.submit(serve)
        try:
            yield heard
        finally:
            over.set()
            served.result()


def answer_arp(port: Port, frame: Frame) -> None:
    """As the server's kernel would."""
    arp = layers(frame).getlayer(ARP)
    if arp is not None and arp.op == 1 and arp.pdst == str(SERVER):
        answer = ARP(op="is-at", hwsrc=str(SERVER_MAC), psrc=arp.pdst, hwdst=arp.hwsrc, pdst=arp.psrc)
        port.send(bytes(Ether(src=str(SERVER_MAC), dst=arp.hwsrc) / answer))


def sent(packet: Packet, port: int = TRANSFER) -> Answer:
    """A packet, from a port of the server's."""
    return lambda asker: framed(packet.encode(), port, asker)


def framed(payload: bytes, port: int, to: Datagram) -> bytes:
    """The payload as a frame of the server's to who asked."""
    return udp_frame(SERVER_MAC, to.source_mac, (SERVER, port), (to.source, to.source_port), payload)


def damaged(answer: Answer) -> Answer:
    """The same with a UDP checksum that is wrong."""
    return lambda asker: answer(asker)[:40] + b"\xde\xad" + answer(asker)[42:]


def block(number: int, size: int = 512) -> Answer:
    """A block of the content."""
    return sent(Data(number, CONTENT[(number - 1) * size : number * size]))


def honest(packet: Packet) -> list[Answer]:
    """A server by RFC 1350 alone."""
    match packet:
        case ReadRequest():
            return [block(1)]
        case Acknowledgement(number) if number * 512 <= len(CONTENT):
            return [block(number + 1)]
        case _:
            return []


def unreachable(asker: Datagram) -> bytes:
    """What a kernel says of a port nobody listens on; the refused datagram's headers are in it."""
    ends = (asker.source, asker.source_port), (SERVER, asker.destination_port)
    asked = udp_frame(asker.source_mac, SERVER_MAC, *ends, asker.payload)
    ether = Ether(src=str(SERVER_MAC), dst=str(asker.source_mac))
    return bytes(ether / IP(src=str(SERVER), dst=str(asker.source)) / ICMP(type=3, code=3) / asked[14:42])
