"""Which step a DHCP client may take from which state (RFC 2131 figure 5)."""

from __future__ import annotations

from typing import Final

import pytest

from edgeboot.dhcp.message import option
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.node.client_state import ClientEvent, ClientState, IllegalTransition, State
from edgeboot.node.exchange import Reply
from tests.unit.samples import exchange, message, reply

S, E = State, ClientEvent
STEPS: Final = [
    (S.INIT, E.DISCOVER, S.SELECTING),
    (S.SELECTING, E.DISCOVER, S.SELECTING),
    (S.SELECTING, E.REQUEST, S.REQUESTING),
    (S.REQUESTING, E.ACK, S.BOUND),
    (S.REQUESTING, E.NAK, S.INIT),
    (S.BOUND, E.DISCOVER, S.BOUND),
    (S.BOUND, E.REQUEST, S.REQUESTING),
    (S.BOUND, E.T1, S.RENEWING),
    (S.BOUND, E.RESTART, S.INIT_REBOOT),
    (S.BOUND, E.RELEASE, S.INIT),
    (S.BOUND, E.DECLINE, S.INIT),
    (S.RENEWING, E.ACK, S.BOUND),
    (S.RENEWING, E.NAK, S.INIT),
    (S.RENEWING, E.T2, S.REBINDING),
    (S.REBINDING, E.ACK, S.BOUND),
    (S.REBINDING, E.NAK, S.INIT),
    (S.INIT_REBOOT, E.REQUEST, S.REBOOTING),
    (S.REBOOTING, E.ACK, S.BOUND),
    (S.REBOOTING, E.NAK, S.INIT),
]
LEGAL: Final = {(state, event) for state, event, _ in STEPS}
ILLEGAL: Final = [(state, event) for state in State for event in ClientEvent if (state, event) not in LEGAL]
ASKING: Final = [S.SELECTING, S.REQUESTING, S.RENEWING, S.REBINDING, S.REBOOTING]


def answer(kind: MessageType) -> Reply:
    """A server's message of this type."""
    return reply(message(option(Code.DHCP_MESSAGE_TYPE, kind)))


ACK: Final = answer(MessageType.DHCPACK)


@pytest.mark.parametrize("state,event,following", STEPS)
def test_step_leads_to_the_state_of_the_figure(state: State, event: ClientEvent, following: State) -> None:
    """Each arrow of figure 5, and the two that the suite adds for a bound client."""
    assert ClientState(state).after(event).state is following


@pytest.mark.parametrize("state,event", ILLEGAL)
def test_every_other_step_is_an_error_in_plain_words(state: State, event: ClientEvent) -> None:
    """The error names the state and the step, since a test's author has to read it."""
    with pytest.raises(IllegalTransition, match=rf"^a client in state {state.value} cannot {event.value}$"):
        ClientState(state).after(event)


@pytest.mark.parametrize("state,event,following", STEPS)
def test_lease_ends_with_the_way_back_to_init(state: State, event: ClientEvent, following: State) -> None:
    """After a release, a decline or a DHCPNAK the address is no longer the client's; else it stays."""
    assert ClientState(state, ACK).after(event).lease is (None if following is State.INIT else ACK)


def test_first_reply_decides() -> None:
    """Firmware takes the first DHCPACK or DHCPNAK and reads no second one."""
    asking = ClientState().after(ClientEvent.DISCOVER, ClientEvent.REQUEST)
    assert asking.concluded(exchange(ACK, answer(MessageType.DHCPNAK))) == ClientState(State.BOUND, ACK)
    assert asking.concluded(exchange(answer(MessageType.DHCPNAK), ACK)) == ClientState()


@pytest.mark.parametrize("state", ASKING)
@pytest.mark.parametrize(
    "lease,following", [(None, State.INIT), (ACK, State.BOUND)], ids=["no lease", "lease"]
)
def test_client_without_an_answer_is_as_before(state: State, lease: Reply | None, following: State) -> None:
    """The lease has time left: T1 and T2 come when a test wants them."""
    assert ClientState(state, lease).concluded(exchange()) == ClientState(following, lease)
