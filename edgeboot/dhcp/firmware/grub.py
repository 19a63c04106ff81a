"""GRUB's own network client (grub-core/net/bootp.c: grub_net_configure_by_dhcp_ack).

GRUB does not load the boot file: its directory is where it looks for grub.cfg. The server is
``siaddr``, else option 66; with option 60 HTTPClient the header's ``file`` is a URL. An offer without
option 54, or with zeros in it, it ignores (seen on the wire of GRUB 2.06), a BOOTP reply without it not.

GRUB that firmware has loaded sends no DHCP message: it reads the firmware's DHCPACK. A ProxyDHCP's file
names no server to it then: it asks the server of the site's DHCPACK (seen on the wire, too). Debian's image
has a prefix of its own, /grub, and does not look beside the boot file.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from edgeboot.dhcp.clients import HTTP_CLASS
from edgeboot.dhcp.firmware.answers import Answers
from edgeboot.dhcp.firmware.names import bootfile, header_file, server_name
from edgeboot.dhcp.firmware.verdict import Boot, Lack, NoBoot, host_of_url
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.vocabulary import OptionCode

_CONFIG: Final = "grub.cfg"
_SLASHES: Final = re.compile("/+")


def boots(answers: Answers) -> Boot | NoBoot:
    """The configuration that GRUB reads from the network, or the reason for none."""
    if not answers.addressed:
        return NoBoot("no address is offered", lacks=Lack.ADDRESS)
    taken = next(filter(_is_taken, answers.addressed), None)
    if taken is None:
        reason = "it ignores an offer without a server identifier (option 54)"
        return NoBoot(reason, lacks=Lack.SERVER_IDENTIFIER)
    reply = answers.acknowledged(taken)
    if reply.options.get(OptionCode.VENDOR_CLASS_IDENTIFIER) == HTTP_CLASS.encode():
        return _by_http(reply)
    name, server = bootfile(reply), server_of(reply)
    if not server:
        return NoBoot("no server is named (siaddr, option 66)", lacks=Lack.BOOT_SERVER)
    if name is None or not name.text:
        reason = "no boot file is named, in whose directory GRUB would look for grub.cfg"
        return NoBoot(reason, lacks=Lack.BOOT_FILE)
    return Boot(f"tftp://{server}/{_beside(name.text)}", name=_asked_for(name.text))


def server_of(reply: DhcpMessage) -> str | None:
    """The server whose files it reads by TFTP, as its address or name; None where none is named."""
    stated = server_name(reply)
    if reply.siaddr != UNSPECIFIED:
        return str(reply.siaddr)
    return None if stated is None else stated.text


def _is_taken(offer: DhcpMessage) -> bool:
    return offer.message_type is None or any(offer.options.get(OptionCode.SERVER_IDENTIFIER) or b"")


def _by_http(reply: DhcpMessage) -> Boot | NoBoot:
    url = header_file(reply)
    if url is None or host_of_url(url.text) is None:
        return NoBoot("option 60 is HTTPClient, and the header's file is no URL", lacks=Lack.URL)
    parts = urlsplit(url.text)
    return Boot(f"{parts.scheme}://{parts.netloc}/{_beside(parts.path)}")


def _asked_for(name: str) -> str:
    """The name it asks a TFTP server for: slashes beside one another are one, and one is there at least."""
    return _SLASHES.sub("/", f"{name.rpartition('/')[0]}/{_CONFIG}")


def _beside(path: str) -> str:
    directory = path.lstrip("/").rpartition("/")[0]
    return f"{directory}/{_CONFIG}" if directory else _CONFIG
