"""A scripted TFTP server at a port: the test defines its answers to each packet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Final

from scapy.layers.inet import ICMP, IP
from scapy.layers.l2 import ARP, Ether

from edgeboot.base.deadline import Deadline, Wait
from edgeboot.host.wire.frame import Datagram, Frame, dissect, layers, udp_frame
from edgeboot.host.wire.port import Port
from edgeboot.node.boot.tftp_packets import Acknowledgement, Data, Packet, ReadRequest, decode
from tests.unit.samples import SERVER, SERVER_MAC

CONTENT: Final = bytes(range(256)) * 9
TRANSFER: Final = 40001
"""The server's transfer port."""

Answer = Callable[[Datagram], bytes]
"""Makes the frame that answers a datagram."""
Answers = Callable[[Packet], list[Answer]]


@contextmanager
def serving(port: Port, answers: Answers) -> Iterator[list[Packet]]:
    """Run a server that sends ``answers(packet)`` for each packet; yields the packets it received."""
    stopped, received = Event(), list[Packet]()

    def serve() -> None:
        while (frame := port.receive(Deadline.after(Wait.GRACE))) is not None or not stopped.is_set():
            if frame is None:
                continue
            datagram = dissect(frame)
            if datagram is None:
                answer_arp(port, frame)
                continue
            received.append(decode(datagram.payload))
            for answer in answers(received[-1]):
                port.send(answer(datagram))

    with ThreadPoolExecutor(1) as threads:
        server = threads.submit(serve)
        try:
            yield received
        finally:
            stopped.set()
            server.result()


def answer_arp(port: Port, frame: Frame) -> None:
    """Answer an ARP request for the server's address, as its kernel would."""
    arp = layers(frame).getlayer(ARP)
    if arp is not None and arp.op == 1 and arp.pdst == str(SERVER):
        answer = ARP(op="is-at", hwsrc=str(SERVER_MAC), psrc=arp.pdst, hwdst=arp.hwsrc, pdst=arp.psrc)
        port.send(bytes(Ether(src=str(SERVER_MAC), dst=arp.hwsrc) / answer))


def sent(packet: Packet, port: int = TRANSFER) -> Answer:
    """An answer with this packet, sent from a port of the server."""
    return lambda request: framed(packet.encode(), port, request)


def framed(payload: bytes, port: int, request: Datagram) -> bytes:
    """The payload in a frame from the server to the sender of a datagram."""
    return udp_frame(
        SERVER_MAC, request.source_mac, (SERVER, port), (request.source, request.source_port), payload
    )


def damaged(answer: Answer) -> Answer:
    """The answer with a wrong UDP checksum."""
    return lambda request: answer(request)[:40] + b"\xde\xad" + answer(request)[42:]


def block(number: int, size: int = 512) -> Answer:
    """An answer with this block of ``CONTENT``."""
    return sent(Data(number, CONTENT[(number - 1) * size : number * size]))


def honest(packet: Packet) -> list[Answer]:
    """The answers of a correct server without options (RFC 1350)."""
    match packet:
        case ReadRequest():
            return [block(1)]
        case Acknowledgement(number) if number * 512 <= len(CONTENT):
            return [block(number + 1)]
        case _:
            return []


def unreachable(request: Datagram) -> bytes:
    """ICMP port unreachable with the headers of the rejected datagram, as a kernel sends it."""
    ends = (request.source, request.source_port), (SERVER, request.destination_port)
    rejected = udp_frame(request.source_mac, SERVER_MAC, *ends, request.payload)
    ether = Ether(src=str(SERVER_MAC), dst=str(request.source_mac))
    return bytes(
        ether / IP(src=str(SERVER), dst=str(request.source)) / ICMP(type=3, code=3) / rejected[14:42]
    )
