"""A program for a container: how long it takes until a probe has sent its first packet.

It makes a card and a cable in its own network, which needs CAP_NET_ADMIN, and waits at the cable's end for
what ``edgeboot probe`` sends on the card, which needs CAP_NET_RAW.
"""

import subprocess
import sys
import time

from edgeboot.base.mac import MacAddress
from edgeboot.host.links import LinkEnd, add_veth
from edgeboot.host.process_use import ProcessUse
from edgeboot.host.processes import Process
from edgeboot.host.wire.packet_socket import attach_filter, packet_socket

_IPV4 = 0x0800


def main() -> None:
    """Print the octets of the first DHCP message, and the seconds and the processor time until then."""
    add_veth(LinkEnd(None, "card"), LinkEnd(None, "cable"), mac=MacAddress.parse("02:eb:00:00:00:01"))
    sock = packet_socket(None)
    attach_filter(sock, "udp dst port 67")
    sock.bind(("cable", _IPV4))
    sock.settimeout(120)
    started = time.monotonic()
    # A process of its own, as the workers of pytest-xdist are.
    probe = subprocess.Popen([sys.executable, "-m", "edgeboot.cli.main", "probe", "-i", "card"])
    octets = len(sock.recv(2048))
    used = ProcessUse.of(Process(probe.pid)).processor
    seconds = time.monotonic() - started
    sys.stdout.write(f"received {octets} octets after {seconds:.2f} s, {used:.2f} s of processor time\n")
    probe.kill()


if __name__ == "__main__":
    main()
