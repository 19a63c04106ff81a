"""Who asks for an address: firmware, iPXE, a boot loader or a system, by the options of its messages.

Options that a program alone sends decide (77 and 175 of iPXE, the vendor class of U-Boot); the list of
parameters (option 55) does where it is that of a client in the table, in its order. What fits none is a
client that is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.clients import CLIENTS, HTTP_CLASS, PXE_CLASS, BootRules, ClientProfile
from edgeboot.dhcp.clients.versions import with_versions
from edgeboot.dhcp.firmware.names import printable
from edgeboot.dhcp.message import BOOTREQUEST, DhcpMessage
from edgeboot.dhcp.options import DhcpOption, Options
from edgeboot.dhcp.vocabulary import Architecture, MessageType, OptionCode
from edgeboot.report.capture_clients.story import Identity, Software
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.machine_boot.traffic import MachineTraffic, PassedMessage

_SOFTWARE: Final = {
    BootRules.EDK2_PXE: Software.EDK2_PXE,
    BootRules.EDK2_HTTP: Software.EDK2_HTTP,
    BootRules.PXE_BIOS: Software.PXE_ROM,
    BootRules.IPXE: Software.IPXE,
    BootRules.IPXE_BIOS: Software.IPXE,
    BootRules.U_BOOT: Software.U_BOOT,
    BootRules.U_BOOT_2021: Software.U_BOOT,
    BootRules.U_BOOT_HTTP: Software.U_BOOT,
    BootRules.RASPBERRY_PI: Software.RASPBERRY_PI,
    BootRules.RASPBERRY_PI_4: Software.RASPBERRY_PI,
    BootRules.GRUB: Software.GRUB,
}
_CLASSES: Final = {
    "U-Boot": Software.U_BOOT,
    "MSFT": Software.WINDOWS,
    "udhcp": Software.SYSTEM,
    "dhcpcd": Software.SYSTEM,
    "Linux ipconfig": Software.SYSTEM,
    "android-dhcp": Software.SYSTEM,
}
"""What the vendor classes (option 60) of programs begin with."""
_TRAITS: Final = frozenset(
    (
        OptionCode.DHCP_MESSAGE_TYPE,
        OptionCode.CLIENT_SYSTEM_ARCHITECTURE,
        OptionCode.VENDOR_CLASS_IDENTIFIER,
        OptionCode.USER_CLASS,
        OptionCode.PARAMETER_REQUEST_LIST,
        OptionCode.MAXIMUM_DHCP_MESSAGE_SIZE,
        OptionCode.FORCERENEW_NONCE_CAPABLE,
    )
)
"""Options whose data tell clients apart; of the others, that they are there does."""
_ANY: Final = MacAddress(bytes(6))
_UNDECIDED: Final = 1.4
"""How far waits may differ from the table: EDK2's first lasted 3.2 to 4.7 s where the source has 4."""


def identify(each: Round) -> Identity:
    """Who asks in a round."""
    return identified(each.traffic)


def identified(traffic: MachineTraffic) -> Identity:
    """Who has sent these DHCPDISCOVERs, DHCPREQUESTs and DHCPINFORMs, which are of one client."""
    discovers, requests = traffic.sent(MessageType.DHCPDISCOVER), traffic.sent(MessageType.DHCPREQUEST)
    asked = (*discovers, *requests, *traffic.sent(MessageType.DHCPINFORM))
    if not asked:
        return Identity(Software.UNKNOWN)
    message = asked[0].message
    architecture = message.architecture
    profile = _in_the_table(message)
    if profile is not None and (profile.parameters is not None or _requests_alike(profile, requests)):
        by = (*_shown_by(profile, message), *_by_waits(profile, discovers))
        return Identity(_software(profile), profile.name, architecture, by)
    software, shown = _by_what_it_alone_sends(message)
    return Identity(software, "", architecture, shown)


def _software(profile: ClientProfile) -> Software:
    windows = (profile.vendor_class or "").startswith("MSFT")
    return Software.WINDOWS if windows else _SOFTWARE.get(profile.rules, Software.SYSTEM)


def _requests_alike(profile: ClientProfile, requests: Sequence[PassedMessage]) -> bool:
    """Whether a DHCPREQUEST shows a client whose DHCPDISCOVER says nothing of it."""
    stated = profile.request_parameters and bytes(profile.request_parameters)
    return any(each.message.options.get(OptionCode.PARAMETER_REQUEST_LIST) == stated for each in requests)


def _in_the_table(message: DhcpMessage) -> ClientProfile | None:
    """The client whose options these are; None where none fits, or clients fit that boot otherwise."""
    shown = (DhcpOption(each.code, each.data if each.code in _TRAITS else b"") for each in message.options)
    return _fitting(DhcpMessage(BOOTREQUEST, 0, _ANY, Options(tuple(shown)), flags=message.flags))


@lru_cache(maxsize=1024)
def _fitting(message: DhcpMessage) -> ClientProfile | None:
    """The same, of what the messages of a client have in common: the machines of a rack ask alike."""
    # A DHCPREQUEST has another list (55) than its client's DHCPDISCOVER in some.
    fitting = [each for each in CLIENTS.values() if any(_fits(one, message) for one in with_versions(each))]
    if not fitting:
        return None
    best = max(_alike(each, message) for each in fitting)
    left = [each for each in fitting if _alike(each, message) == best]
    return left[0] if len(left) == 1 or len({each.rules for each in left}) == 1 else None


def _fits(profile: ClientProfile, message: DhcpMessage) -> bool:
    """Whether what tells the client from others is as in the table: 60, 77, 93 and 175, and 55's order."""
    options = message.options
    own = None if profile.architecture is None else profile.architecture.to_bytes(2)
    if options.get(OptionCode.CLIENT_SYSTEM_ARCHITECTURE) != own:
        return False
    if message.is_of_ipxe is not profile.is_ipxe:
        return False
    if _family(options.get(OptionCode.VENDOR_CLASS_IDENTIFIER)) != _family_of(profile):
        return False
    if profile.is_ipxe:
        return True
    asked = options.get(OptionCode.PARAMETER_REQUEST_LIST)
    if profile.rules is BootRules.EDK2_HTTP and asked is not None:
        # One octet of its list is never set.
        return _but_one(asked) == _but_one(bytes(profile.parameters or ()))
    lists = {each and bytes(each) for each in (profile.parameters, profile.request_parameters)}
    first = message.message_type is MessageType.DHCPDISCOVER
    return asked == (profile.parameters and bytes(profile.parameters)) if first else asked in lists


def _alike(profile: ClientProfile, message: DhcpMessage) -> int:
    """How many of the options that several clients have in common are as in the table."""
    options = message.options
    size = options.get(OptionCode.MAXIMUM_DHCP_MESSAGE_SIZE)
    known = [code for code in options.codes if code in profile.order]
    in_order = known == sorted(known, key=profile.order.index)
    return sum(
        (
            (OptionCode.RAPID_COMMIT in options) is profile.rapid_commit,
            size == (None if profile.maximum_size is None else profile.maximum_size.to_bytes(2)),
            options.get(OptionCode.FORCERENEW_NONCE_CAPABLE) == profile.forcerenew_nonce,
            message.wants_broadcast is profile.broadcast,
            in_order,
        )
    )


def _but_one(asked: bytes) -> bytes:
    return asked[:24] + asked[25:]


def _family(vendor_class: bytes | None) -> str:
    """What of a vendor class stays from version to version: up to a colon, a digit, or a machine's name."""
    text = "" if vendor_class is None else vendor_class.decode("latin-1")
    head = text.partition(":")[0]
    known = next((each for each in _CLASSES if head.startswith(each)), None)
    return head if known is None else known


def _family_of(profile: ClientProfile) -> str:
    return _family(None if profile.vendor_class is None else profile.vendor_class.encode())


def _shown_by(profile: ClientProfile, message: DhcpMessage) -> Iterator[str]:
    """The options by which the client was found, in words."""
    options = message.options
    if profile.is_ipxe:
        if OptionCode.USER_CLASS in options:
            yield f"option 77 {printable(options.get(OptionCode.USER_CLASS) or b'')}"
        if OptionCode.ETHERBOOT in options:
            yield "option 175"
    if profile.vendor_class is not None:
        yield f"option 60 {printable(options.get(OptionCode.VENDOR_CLASS_IDENTIFIER) or b'')}"
    if profile.architecture is not None:
        yield f"option 93 is {profile.architecture}"
    if profile.parameters is None:
        yield f"option 55 of its DHCPREQUEST is {profile.name}'s"
    elif not profile.is_ipxe:
        yield f"option 55 is {profile.name}'s"


def _by_waits(profile: ClientProfile, asked: Sequence[PassedMessage]) -> Iterator[str]:
    """That it has waited between its messages as the table says."""
    if profile.retransmission is None or len(asked) < 2:
        return
    waits = [later.at - earlier.at for earlier, later in pairwise(asked)]
    stated = profile.retransmission.discover
    if len(waits) <= len(stated) and all(
        own / _UNDECIDED <= wait <= own * _UNDECIDED for wait, own in zip(waits, stated, strict=False)
    ):
        yield f"it asks again after {', '.join(f'{wait:.1f}' for wait in waits)} s"


def _by_what_it_alone_sends(message: DhcpMessage) -> tuple[Software, tuple[str, ...]]:
    options = message.options
    if message.is_of_ipxe:
        return Software.IPXE, ("option 175" if OptionCode.ETHERBOOT in options else "option 77 iPXE",)
    vendor_class = printable(options.get(OptionCode.VENDOR_CLASS_IDENTIFIER) or b"")
    shown = (f"option 60 {vendor_class}",)
    for begin, software in _CLASSES.items():
        if vendor_class.startswith(begin):
            return software, shown
    if vendor_class.startswith(HTTP_CLASS):
        return Software.UEFI, shown
    architecture = message.architecture
    if vendor_class.startswith(PXE_CLASS) and architecture is not None:
        rom = architecture == Architecture.BIOS
        return Software.PXE_ROM if rom else Software.UEFI, (*shown, f"option 93 is {architecture}")
    return Software.UNKNOWN, ()
