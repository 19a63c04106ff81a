"""Machines with an address of their own: what each gets, and that nobody else gets it."""

from __future__ import annotations

import pytest

from edgeboot.labs.settings import Settings
from edgeboot.node.edge_node import EdgeNode
from edgeboot.report.check import Check
from edgeboot.report.reserved_machine import deviations_from
from edgeboot.spec.contract.reservations import Reservation

pytestmark = [pytest.mark.e2e, pytest.mark.address_server, pytest.mark.own_segment]


@pytest.mark.covers("RFC2131-4.3.1-reserved", "RFC2132-3.14-host-name")
def test_reserved_machine_gets_what_is_reserved_for_it(
    reservation: Reservation, reserved_machine: EdgeNode, settings: Settings, check: Check
) -> None:
    """Address, name and boot file: other machines, and name servers, count on them."""
    offer = reserved_machine.discover().offer
    for reply in (offer, reserved_machine.request(offer).ack):
        check.nothing_differs(deviations_from(reservation, reply, settings.deployment.config))


@pytest.mark.covers("RFC2131-4.3.1-reserved")
def test_reserved_address_is_given_to_no_other_machine(
    reservation: Reservation, other_machine: EdgeNode, check: Check
) -> None:
    """It would be in use when its machine is switched on."""
    offer = other_machine.discover(requested_address=reservation.address).offer
    reserved = f"{offer.address}, which is reserved for {reservation}"
    told = f"{offer.sender} offers {reserved}, to {other_machine.mac}"
    check.another(offer, "address", offer.address, reservation.address, told)
