"""Ethernet addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TEXT: Final = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", re.IGNORECASE)


@dataclass(frozen=True, order=True, slots=True)
class MacAddress:
    """A 48-bit Ethernet address (IEEE 802), printed as Linux prints it."""

    packed: bytes

    def __post_init__(self) -> None:
        if len(self.packed) != 6:
            raise ValueError(f"an Ethernet address has 6 octets, not {len(self.packed)}")

    @classmethod
    def parse(cls, text: str) -> MacAddress:
        """The address written as ``02:eb:00:00:00:01``.

        Raises:
            ValueError: the text is no Ethernet address.
        """
        if not _TEXT.fullmatch(text):
            raise ValueError(f"{text!r} is no Ethernet address; write six octets as 02:eb:00:00:00:01")
        return cls(bytes.fromhex(text.replace(":", "")))

    def __str__(self) -> str:
        return self.packed.hex(":")


BROADCAST: Final = MacAddress(b"\xff" * 6)
NO_MAC: Final = MacAddress(bytes(6))
"""What stands in the place of one that was not captured, as in a capture of raw IP."""
