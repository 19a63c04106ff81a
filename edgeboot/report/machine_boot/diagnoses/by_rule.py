"""The rules by which what a client was sent leads to no boot, as ``dhcp.firmware`` has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from edgeboot.dhcp.firmware import Lack
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind


@dataclass(frozen=True, slots=True)
class Rule:
    """What a lack is called, which field it is about, and what mends it."""

    kind: Kind
    field: str
    needed: str


_TWICE: Final = "every option once: two of one code are read as one that is longer"

RULES: Final = {
    Lack.RULE: Rule(Kind.OTHER_RULE, "bootfile", "an answer by its rules"),
    Lack.ADDRESS: Rule(Kind.NO_ADDRESS, "answer", "an offer with an address (yiaddr) from a DHCP server"),
    Lack.SERVER_IDENTIFIER: Rule(
        Kind.NO_SERVER_IDENTIFIER, "server_identifier", "the server's address in option 54"
    ),
    Lack.SINGLE_OPTION: Rule(Kind.OPTION_TWICE, "options", _TWICE),
    Lack.SUBNET_MASK: Rule(Kind.NO_SUBNET_MASK, "netmask", "the subnet mask in option 1"),
    Lack.BOOT_FILE: Rule(
        Kind.NO_BOOT_FILE, "bootfile", "a boot file in option 67 or the field file, or a ProxyDHCP with one"
    ),
    Lack.BOOT_SERVER: Rule(Kind.NO_BOOT_SERVER, "next_server", "the boot server's address in siaddr"),
    Lack.HTTP_CLASS: Rule(Kind.NO_HTTP_CLASS, "options", "option 60 HTTPClient, and a URL in option 67"),
    Lack.URL: Rule(Kind.NO_BOOT_URL, "bootfile", "a URL with http or https in option 67"),
    Lack.NAME_SERVER: Rule(
        Kind.NO_NAME_SERVER, "domain_name_servers", "a DNS server in option 6, or an address in the URL"
    ),
    Lack.BOOT_SERVER_ANSWER: Rule(
        Kind.BOOT_SERVER_ANSWER, "boot_server", "an answer from port 4011 that it takes, or no option 60"
    ),
    Lack.MENU: Rule(Kind.BOOT_MENU, "options", "a boot menu in option 43 that leads to a boot server"),
    Lack.DHCP_TYPE: Rule(Kind.NO_MESSAGE_TYPE, "answer", "a DHCP server: its replies have option 53"),
}
