"""A system's client and a row: which routes its interface has got, beside those that the suite reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from ipaddress import IPv4Network
from typing import Final

from edgeboot.base.deadline import Deadline
from edgeboot.base.mac import MacAddress
from edgeboot.dhcp.client_routes import routes_of_client
from edgeboot.dhcp.clients import CLIENTS, ClientProfile
from edgeboot.dhcp.clients.versions import version_asked
from edgeboot.dhcp.message import UNSPECIFIED
from edgeboot.dhcp.routes import StaticRoute
from edgeboot.host.wire.frame import Frame
from tests.firmware.clients.linux import LinuxClient, routes
from tests.firmware.comparison import Compared
from tests.firmware.messages import differences
from tests.firmware.offer import LEASED, Row
from tests.firmware.repeats import ENOUGH, repeat_differences, waits_told
from tests.firmware.scripted_server import ScriptedServer
from tests.firmware.seen import Seen, seen
from tests.firmware.segment import Segment

MACHINE: Final = MacAddress.parse("52:54:00:99:00:07")
PATIENCE: Final = timedelta(seconds=60)
"""For a client to say that it is set up, on a busy machine."""
_OWN: Final = IPv4Network(f"{LEASED}/24", strict=False)


def compare(client: LinuxClient, row: Row, segment: Segment, server: ScriptedServer) -> Compared:
    """Run the client on an interface of its own until it has said that it is set up.

    Raises:
        AssertionError: it does not say so.
    """
    with segment.plugged_in(MACHINE) as end:
        server.play(row)
        with client.started(end) as console:
            deadline = Deadline.after(PATIENCE)
            answered = row.is_answered
            said = client.is_configured(console, deadline) if answered else _asks_again(server, deadline)
            assert said, f"{client.name} is not set up: {[each.text for each in console.lines[-5:]]}"
            real = _beyond(routes(end))
        done = seen(server.frames, MACHINE)
    asked = version_asked(client.name, client.version.partition(" ")[2])
    profile = asked or CLIENTS[client.name]
    read = routes_of_client(done.acks[-1].options, profile).routes if done.acks else ()
    told = (
        *_messages(done, profile),
        *(() if row.is_answered else repeat_differences(profile, done.discovers)),
    )
    remark = "" if row.is_answered else waits_told(server.frames, MACHINE)
    return Compared(
        client.name,
        client.version,
        row.name,
        real,
        _beyond(read),
        told,
        remark,
        version_asked=asked is not None,
    )


def _asks_again(server: ScriptedServer, deadline: Deadline) -> bool:
    def observe(frames: tuple[Frame, ...]) -> bool | None:
        return True if len(seen(frames, MACHINE).discovers) >= ENOUGH else None

    return server.wait_for(observe, deadline) is not None


def _messages(done: Seen, client: ClientProfile) -> tuple[str, ...]:
    request = () if done.request is None else (done.request,)
    return tuple(each for sent in (*done.discovers[:1], *request) for each in differences(sent, client))


def _beyond(found: Iterable[StaticRoute]) -> str:
    """The best route to each network, but those of the interface's own, which each system has in its way."""
    beyond = (each for each in found if each.router != UNSPECIFIED or not each.network.subnet_of(_OWN))
    best = {each.network: each for each in reversed(list(beyond))}
    return ", ".join(map(str, sorted(best.values()))) or "no route"
