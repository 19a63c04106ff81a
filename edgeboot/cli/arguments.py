"""Values of the command line, and the error where one cannot be used."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import timedelta
from ipaddress import AddressValueError
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from edgeboot.base.mac import MacAddress
from edgeboot.spec.contract.terms import Duration

_MULTICAST: Final = 0x01
T = TypeVar("T")


def argument(read: Callable[[str], T]) -> Callable[[str], T]:
    """What argparse calls for an argument: its error has the words of what reads it."""

    def parse(text: str) -> T:
        try:
            return read(text)
        except (ValueError, AddressValueError) as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parse


def duration(text: str) -> timedelta:
    """A time as a contract has it, such as 20s; raises ValueError."""
    try:
        wait = TypeAdapter(Duration).validate_python(text)
    except ValidationError as error:
        raise ValueError(str(error.errors()[0]["ctx"]["error"])) from None
    if not wait:
        raise ValueError(f"is no time at all, found {text!r}")
    return wait


def machine(text: str) -> MacAddress:
    """The Ethernet address of a machine, not of a group; raises ValueError."""
    mac = MacAddress.parse(text)
    if mac.packed[0] & _MULTICAST:
        raise ValueError(f"{mac} is an address of a group, not of a machine")
    return mac
