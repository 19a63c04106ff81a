"""A DHCP client's states and the steps between them (RFC 2131 section 4.4, figure 5).

``ClientState`` is a value: ``after`` and ``concluded`` return the next one or raise. T1, T2 and
the restart of a machine are events of the test here, not of a clock: a lease that could not be
extended early has time left, so the client is then ``BOUND`` as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from edgeboot.dhcp.vocabulary import MessageType, OptionCode
from edgeboot.node.exchange import Exchange, Reply


class State(Enum):
    """The states of figure 5, with its names."""

    INIT = "INIT"
    SELECTING = "SELECTING"
    REQUESTING = "REQUESTING"
    BOUND = "BOUND"
    RENEWING = "RENEWING"
    REBINDING = "REBINDING"
    INIT_REBOOT = "INIT-REBOOT"
    REBOOTING = "REBOOTING"


class ClientEvent(Enum):
    """A step of the client, or a server's decision; the value describes it in an error."""

    DISCOVER = "send a DHCPDISCOVER"
    REQUEST = "send a DHCPREQUEST for an address"
    T1 = "renew a lease"
    T2 = "rebind a lease"
    RESTART = "restart with a remembered address"
    RELEASE = "release a lease"
    DECLINE = "decline an address"
    ACK = "take a DHCPACK"
    NAK = "take a DHCPNAK"


class IllegalTransition(ValueError):
    """Figure 5 has no such step from the client's state."""


TRANSITIONS: Final[Mapping[State, Mapping[ClientEvent, State]]] = {
    State.INIT: {ClientEvent.DISCOVER: State.SELECTING},
    State.SELECTING: {ClientEvent.DISCOVER: State.SELECTING, ClientEvent.REQUEST: State.REQUESTING},
    State.REQUESTING: {ClientEvent.ACK: State.BOUND, ClientEvent.NAK: State.INIT},
    State.BOUND: {
        # Figure 5 has a bound client discard offers. Its machine may boot again and take one.
        ClientEvent.DISCOVER: State.BOUND,
        ClientEvent.REQUEST: State.REQUESTING,
        ClientEvent.T1: State.RENEWING,
        ClientEvent.RESTART: State.INIT_REBOOT,
        ClientEvent.RELEASE: State.INIT,
        # Figure 5 declines instead of becoming bound; RFC 5227 section 2.4 finds conflicts later, too.
        ClientEvent.DECLINE: State.INIT,
    },
    State.RENEWING: {
        ClientEvent.T2: State.REBINDING,
        ClientEvent.ACK: State.BOUND,
        ClientEvent.NAK: State.INIT,
    },
    State.REBINDING: {ClientEvent.ACK: State.BOUND, ClientEvent.NAK: State.INIT},
    State.INIT_REBOOT: {ClientEvent.REQUEST: State.REBOOTING},
    State.REBOOTING: {ClientEvent.ACK: State.BOUND, ClientEvent.NAK: State.INIT},
}
"""State, event, next state; any other step is illegal."""


@dataclass(frozen=True, slots=True)
class ClientState:
    """A client's state, and the DHCPACK of its lease."""

    state: State = State.INIT
    lease: Reply | None = None

    def after(self, *events: ClientEvent) -> ClientState:
        """The state after these steps, one by one.

        Raises:
            IllegalTransition: one of them is illegal in the state it would be taken from.
        """
        state, lease = self.state, self.lease
        for event in events:
            following = TRANSITIONS[state].get(event)
            if following is None:
                raise IllegalTransition(f"a client in state {state.value} cannot {event.value}")
            state, lease = following, None if following is State.INIT else lease
        return ClientState(state, lease)

    def concluded(self, exchange: Exchange) -> ClientState:
        """The state after the first reply to a DHCPREQUEST; raises as ``after`` does.

        Any other reply decides nothing: the client is ``BOUND`` if it has a lease, else ``INIT``.
        """
        first = exchange.replies[0] if exchange.replies else None
        match first and first.message.message_type:
            case MessageType.DHCPACK:
                return ClientState(self.after(ClientEvent.ACK).state, first)
            case MessageType.DHCPNAK:
                return self.after(ClientEvent.NAK)
            case _:
                return self.unanswered

    def offered(self, exchange: Exchange) -> ClientState:
        """The state after the replies to a DHCPDISCOVER: a DHCPACK to option 80 is a lease (RFC 4039)."""
        if not exchange.replies:
            return self.unanswered
        first = exchange.replies[0]
        committed = first.message.message_type is MessageType.DHCPACK
        return (
            self.granted(first) if committed and OptionCode.RAPID_COMMIT in exchange.request.options else self
        )

    @property
    def unanswered(self) -> ClientState:
        """The state after a message without a reply: as before it."""
        return ClientState(State.INIT if self.lease is None else State.BOUND, self.lease)

    def granted(self, ack: Reply) -> ClientState:
        """The state after a lease was granted that should have been refused: it must be released."""
        return ClientState(State.BOUND, ack)
