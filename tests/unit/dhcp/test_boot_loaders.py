"""What a Raspberry Pi, GRUB and U-Boot by HTTP fetch: they read replies as no PXE client does."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.clients.versions import VERSIONS
from edgeboot.dhcp.firmware.raspberry_pi import MEANT
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage, option
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import OptionCode as Code

from ..offers import FROM, HTTP_CLASS, PLAIN, boots, file, proxy, vendor
from ..samples import BOOT_SERVER, OFFER, message

PI: Final = CLIENTS["raspberry-pi"]
PI_4: Final = CLIENTS["raspberry-pi-4"]
GRUB: Final = CLIENTS["grub"]
U_BOOT: Final = CLIENTS["u-boot-arm64"]
U_BOOT_HTTP: Final = CLIENTS["u-boot-http-arm64"]
FOR_PI: Final = vendor((9, b"\0\0\x11" + MEANT))


def offer(*options: DhcpOption, **header: object) -> DhcpMessage:
    """A DHCPOFFER of an address."""
    return message(OFFER, FROM, *options, **header)


@pytest.mark.parametrize(
    "client,replies,url",
    [
        (PI, [offer(FOR_PI, file(b"other.efi"))], "tftp://192.168.99.40/bootcode.bin"),
        (PI, [offer()], None),
        (PI, [offer(FOR_PI, siaddr=UNSPECIFIED)], None),
        (PI, [PLAIN, proxy(FOR_PI, siaddr=BOOT_SERVER)], "tftp://192.168.99.40/bootcode.bin"),
        (PI, [proxy(FOR_PI, siaddr=BOOT_SERVER)], None),
        (PI_4, [offer()], "tftp://192.168.99.40/start4.elf"),
        (
            PI_4,
            [offer(option(Code.TFTP_SERVER_NAME, b"192.168.99.41"), siaddr=UNSPECIFIED)],
            "tftp://192.168.99.41/start4.elf",
        ),
        (PI_4, [offer(option(Code.TFTP_SERVER_NAME, b"boot.lan"), siaddr=UNSPECIFIED)], None),
        (PI_4, [PLAIN, proxy(FOR_PI, siaddr=BOOT_SERVER)], "tftp://192.168.99.40/start4.elf"),
        (PI_4, [PLAIN, proxy(siaddr=BOOT_SERVER)], None),
    ],
)
def test_raspberry_pi_fetches_its_own_file_where_it_is_meant(
    client: ClientProfile, replies: list[DhcpMessage], url: str | None
) -> None:
    """Option 43 has to contain its string; the boot file is not read."""
    assert boots(client, *replies) == url


@pytest.mark.parametrize(
    "reply,url",
    [
        (offer(file(b"grub/grubx64.efi")), "tftp://192.168.99.40/grub/grub.cfg"),
        (offer(file(b"grubx64.efi"), file=b"other/file"), "tftp://192.168.99.40/grub.cfg"),
        (offer(file=b"/boot/grubx64.efi"), "tftp://192.168.99.40/boot/grub.cfg"),
        (
            offer(file(b"a"), option(Code.TFTP_SERVER_NAME, b"boot.lan"), siaddr=UNSPECIFIED),
            "tftp://boot.lan/grub.cfg",
        ),
        (offer(file(b"a"), siaddr=UNSPECIFIED), None),
        (offer(), None),
        (offer(HTTP_CLASS, file=b"http://192.168.99.40/g/grubx64.efi"), "http://192.168.99.40/g/grub.cfg"),
        (offer(HTTP_CLASS, file(b"http://192.168.99.40/g/grubx64.efi")), None),
    ],
)
def test_grub_looks_for_its_configuration_beside_the_boot_file(reply: DhcpMessage, url: str | None) -> None:
    """On siaddr, else on the server of option 66; with HTTPClient by the header's URL."""
    assert boots(GRUB, reply) == url


@pytest.mark.parametrize(
    "reply,url",
    [
        (offer(file(b"http://192.168.99.41/a.efi")), "http://192.168.99.41/a.efi"),
        (offer(file(b"/a.efi")), "http://192.168.99.40/a.efi"),
        (offer(file(b"a.efi"), siaddr=UNSPECIFIED), None),
        (offer(), None),
    ],
)
def test_u_boot_fetches_by_http_what_dhcp_has_named(reply: DhcpMessage, url: str | None) -> None:
    """A URL as it is, a path from siaddr."""
    assert boots(U_BOOT_HTTP, reply) == url


@pytest.mark.parametrize(
    "name,url,url_of_2021",
    [
        (b"192.168.99.41:a.efi", "tftp://192.168.99.41/a.efi", "tftp://192.168.99.41/a.efi"),
        (
            b"http://192.168.99.41/a.efi",
            "tftp://192.168.99.40/http://192.168.99.41/a.efi",
            "tftp://255.255.255.255/192.168.99.41/a.efi",
        ),
        (b"c:a.efi", "tftp://192.168.99.40/c:a.efi", "tftp://255.255.255.255/a.efi"),
    ],
)
def test_u_boot_takes_an_address_before_a_colon_for_the_server(
    name: bytes, url: str, url_of_2021: str
) -> None:
    """Version 2021.01 anything: of a URL it asks every host of the link for what is behind the scheme."""
    old = VERSIONS["u-boot-arm64"]["2021.01+dfsg-5"]
    assert boots(U_BOOT, offer(file(name))) == url
    assert boots(old, offer(file(name))) == url_of_2021


@pytest.mark.parametrize("client", [PI, PI_4, GRUB, U_BOOT_HTTP], ids=str)
def test_loader_without_an_address_boots_nothing(client: ClientProfile) -> None:
    """A ProxyDHCP's offer alone has none."""
    assert boots(client, proxy(file(b"a"), siaddr=BOOT_SERVER)) is None
