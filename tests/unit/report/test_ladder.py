"""Ladder charts: who takes part, what becomes an arrow, and what stands beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.base.errors import UsageError
from edgeboot.base.mac import MacAddress
from edgeboot.host.wire.frame import Frame, udp_frame
from edgeboot.host.wire.pcap import read_pcap, write_pcap
from edgeboot.report.findings import Finding, Sender
from edgeboot.report.ladder import svg
from edgeboot.report.ladder.chart import Kind, Ladder
from edgeboot.report.ladder.drawn import MOST_ARROWS, MOST_MACHINES, ladder
from edgeboot.report.ladder.logged import read_log
from edgeboot.report.ladder.machines import Role
from edgeboot.report.values import visible
from tests.unit.report.captured import (
    ADDRESS,
    BEGAN,
    BOOT,
    BOOT_MAC,
    DISCOVER,
    LOG,
    MACHINES,
    NAK,
    OFFER,
    from_server,
    who_has,
)
from tests.unit.samples import CONTRACT, NODE, SERVER, SERVER_MAC, message, promised

CHART: Final = ladder(BOOT, LOG, MACHINES)
SENDER: Final = Sender(SERVER, SERVER_MAC)


def labels(chart: Ladder) -> list[str]:
    """What stands at the arrows."""
    return [arrow.label for arrow in chart.arrows]


def test_machines_stand_by_their_roles() -> None:
    """The node first; the boot server is known by its address."""
    assert [(each.mac, each.role) for each in CHART.participants] == [
        (NODE.mac, Role.NODE),
        (SERVER_MAC, Role.SERVER),
        (BOOT_MAC, Role.BOOT_SERVER),
    ]
    assert CHART.participants[1].addresses == (str(SERVER),)


def test_repeated_frames_and_the_blocks_of_a_transfer_are_one_arrow() -> None:
    """A boot file has a thousand datagrams, and a ping check asks three times."""
    assert labels(CHART) == [
        "DHCPDISCOVER",
        "ARP who has 192.168.99.100 (3 frames)",
        f"DHCPOFFER {CONTRACT.pool.first}",
        "TFTP read signed_ipxe.efi",
        "TFTP data, block 1 … TFTP ACK 100 (200 frames)",
        "DHCPNAK",
    ]


def test_arrow_goes_from_sender_to_receiver_and_a_broadcast_to_everybody() -> None:
    """By the frame's MAC addresses, at its time after the first."""
    by_label = {arrow.label.split()[0] + arrow.label.split()[-1]: arrow for arrow in CHART.arrows}
    discover, read = by_label["DHCPDISCOVERDHCPDISCOVER"], by_label["TFTPsigned_ipxe.efi"]
    assert (discover.source, discover.destination, discover.at) == (0, None, 0.0)
    assert (read.source, read.destination, round(read.at, 3)) == (0, 2, 3.5)


def test_refusal_is_an_arrow_of_its_own_kind() -> None:
    """A DHCPNAK is not overlooked among offers."""
    assert CHART.arrows[-1].kind is Kind.REFUSAL


def test_message_is_decoded_with_every_option() -> None:
    """In its order, with the header's fields before."""
    rows = {row.name: row.value for row in CHART.arrows[2].rows}
    assert rows["yiaddr"] == str(CONTRACT.pool.first)
    assert rows["server-identifier (54)"] == str(SERVER)
    assert rows["ip-address-lease-time (51)"].startswith("43200 s")


def test_log_lines_stand_at_the_message_they_are_about() -> None:
    """Without those that repeat every option, of other times, or of other transactions."""
    discover, offer = CHART.arrows[0].log, CHART.arrows[2].log
    assert [line.partition(" ")[2].strip() for line in discover] == [
        "vendor class: PXEClient",
        f"DHCPDISCOVER(ens3) {NODE.mac}",
        "tags: ens3",
    ]
    assert [line.split()[1] for line in offer] == ["DHCPOFFER(ens3)", "next"]


def test_line_without_a_transaction_is_known_by_its_client() -> None:
    """A log without log-dhcp has no xid."""
    [arrow] = ladder([DISCOVER], read_log(f"2026-03-01T02:00:00.100Z DHCPDISCOVER(e) {NODE.mac}\n")).arrows
    assert len(arrow.log) == 1


@pytest.mark.parametrize(
    "finding,row,text",
    [
        (Finding("server_identifier", "a", SERVER, SENDER), "server-identifier (54)", "expected a"),
        (Finding("next_server", "a", CONTRACT.next_server, SENDER), "siaddr", "expected a"),
        (Finding("domain_name_servers", ("a",), (), SENDER), "domain-name-server (6)", "expected a"),
        (Finding("options", frozenset(), frozenset({54}), SENDER), "server-identifier (54)", "not in the"),
    ],
    ids=["option", "header", "missing", "unknown option"],
)
def test_deviation_is_marked_in_the_message_that_has_it(finding: Finding, row: str, text: str) -> None:
    """In the row that carries the value, also where it is missing."""
    [arrow] = ladder([OFFER], findings=[finding]).arrows
    [marked] = [each for each in arrow.rows if each.deviation]
    assert marked.name == row
    assert text in marked.deviation


def test_message_of_another_sender_or_value_is_not_marked() -> None:
    """The finding is about one sender's value, not about the field wherever it stands."""
    finding = Finding("server_identifier", "a", SERVER, Sender(SERVER, BOOT_MAC))
    assert not any(arrow.deviates for arrow in ladder(BOOT, findings=[finding]).arrows)


def test_chart_keeps_dhcp_where_there_are_more_frames_than_it_has_room_for() -> None:
    """And says how many it leaves out."""
    noise = [who_has(number / 100, MacAddress(bytes([2, 0xEB, 0, 1, 0, number]))) for number in range(90)]
    chart = ladder([*noise, DISCOVER, from_server(NAK, 2.0)])
    assert len(chart.arrows) == MOST_ARROWS
    assert {"DHCPDISCOVER", "DHCPNAK"} <= set(labels(chart))
    assert chart.left_out == 92 - MOST_ARROWS


def test_crowd_of_nodes_shares_a_lifeline() -> None:
    """A chart of fifty lifelines is read by nobody."""
    crowd = [who_has(number / 100, MacAddress(bytes([2, 0xEB, 0, 1, 0, number]))) for number in range(50)]
    chart = ladder([*crowd, OFFER], machines=MACHINES)
    assert len(chart.participants) <= MOST_MACHINES
    assert chart.participants[0].title == "edge nodes (50)"
    assert {arrow.source for arrow in chart.arrows[:-1]} == {0}


def test_silent_server_has_a_lifeline() -> None:
    """That nothing comes from it is what the chart shows."""
    assert [each.role for each in ladder([DISCOVER], machines=MACHINES).participants] == [
        Role.NODE,
        Role.SERVER,
    ]


def test_server_is_none_of_another_where_nobody_knows_the_one_under_test() -> None:
    """An older run's evidence does not say which it is."""
    assert [each.role for each in ladder([OFFER]).participants] == [Role.DHCP_SERVER]


def test_frame_that_says_nothing_of_a_boot_is_no_arrow() -> None:
    """IPv6, or octets that are no frame."""
    assert ladder([Frame(b"short", BEGAN), Frame(bytes(12) + b"\x86\xdd" + bytes(40), BEGAN)]).arrows == ()


def test_drawings_are_well_formed_whatever_a_machine_says() -> None:
    """A file's name is text, and stays text."""
    hostile = message(*promised(CONTRACT).options, file=b"</svg><script>alert(1)</script>")
    chart = ladder([DISCOVER, from_server(hostile, 1.0)])
    drawings = [svg.head(chart), svg.gap(chart, 1.0), *(svg.row(chart, arrow) for arrow in chart.arrows)]
    assert all(ET.fromstring(each).tag == "svg" for each in drawings)
    assert not any("<script" in each for each in drawings)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_head_names_each_address_of_a_machine(count: int) -> None:
    """A DHCP server has a second one for TFTP; of many the first three stand there."""
    own = [SERVER + number for number in range(count)]
    frames = [Frame(udp_frame(SERVER_MAC, NODE.mac, (each, 67), (ADDRESS, 68), b""), BEGAN) for each in own]
    head = ET.fromstring(svg.head(ladder([DISCOVER, *frames])))
    said = [each.text for each in head.iter("text") if each.get("class") == "address"]
    more = [f"and {count - 3} more"] if count > 3 else []
    assert said == [*map(str, own[:3]), *more]
    places = [float(each.get("y", "")) for each in head.iter("text")]
    assert max(places) < float(head.get("height", "")) - 10


@given(st.lists(st.binary(max_size=400), max_size=8), st.sampled_from([67, 69, 4011, 3000]))
def test_any_octets_have_a_chart(payloads: list[bytes], port: int) -> None:
    """Whatever a machine sends, the report of its failure can be made."""
    ends = ((SERVER, port), (SERVER, 68))
    frames = [Frame(udp_frame(SERVER_MAC, NODE.mac, *ends, each), BEGAN) for each in payloads]
    chart = ladder([*frames, *(Frame(each, BEGAN) for each in payloads)])
    assert all(ET.fromstring(visible(svg.row(chart, arrow))) for arrow in chart.arrows)


def test_arrow_is_told_in_words_beside_its_drawing() -> None:
    """For who does not see it."""
    drawing = ET.fromstring(svg.row(CHART, CHART.arrows[3]))
    assert drawing.findtext("title") == (
        f"3.500 s: TFTP read signed_ipxe.efi, from edge node {NODE.mac} to boot server"
    )


def test_capture_comes_back_from_its_file(tmp_path: Path) -> None:
    """To the microsecond; one that was cut off with the frames that are whole."""
    file = tmp_path / "capture.pcap"
    write_pcap(file, BOOT)
    frames = list(read_pcap(file))
    assert [frame.octets for frame in frames] == [frame.octets for frame in BOOT]
    assert max(abs(one.at - other.at) for one, other in zip(frames, BOOT, strict=True)) < 2e-6
    file.write_bytes(file.read_bytes()[:-1])
    assert len(list(read_pcap(file))) == len(BOOT) - 1


def test_file_that_is_no_capture_is_refused(tmp_path: Path) -> None:
    """Not read as one."""
    (tmp_path / "capture.pcap").write_bytes(b"no capture")
    with pytest.raises(UsageError, match="is no capture file"):
        list(read_pcap(tmp_path / "capture.pcap"))
