"""Many segments together: rows, and causes that several have."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address

from edgeboot.report.findings import Sender
from edgeboot.report.recorded_failure import Failure
from edgeboot.spec.manifests.cause import Cause
from tests.unit.report.failed_runs import NEXT_SERVER, SILENCE, STARTED, failure, renamed
from tests.unit.report.segments.fleet import BOOT, LEASE, UNCAUSED, broken, names, night, together
from tests.unit.samples import SERVER_MAC


def by(address: str, **fields: object) -> Failure:
    """A boot that fails by a field of this server, without a known line."""
    finding = renamed(NEXT_SERVER, causes=(), sender=Sender(IPv4Address(address), SERVER_MAC), **fields)
    return failure("b.py::test_boot", finding)


def own_line(number: int) -> Failure:
    """A boot that fails by a line with an address of its segment."""
    line = Cause("dnsmasq.conf", 7, f"dhcp-boot=signed_ipxe.efi,,192.0.2.{number}")
    return failure("b.py::test_boot", renamed(NEXT_SERVER, causes=(line,)))


def test_worst_segment_is_the_first() -> None:
    """One that is not known is worse than one that boots; then by name."""
    merged = together(night("d", 0), night("e", 0, LEASE), broken("c", 0), night("b", 0, BOOT), night("a", 0))
    assert names(merged) == ["b", "c", "e", "a", "d"]


def test_good_segment_that_is_overdue_stands_before_those_that_are_not() -> None:
    """Its verdict is an old one."""
    assert names(together(night("a", 2), night("b", 0), night("c", 2), day=2)) == ["b", "a", "c"]


def test_cause_of_many_segments_is_told_once() -> None:
    """By its file and line, though the line stands elsewhere on some."""
    [line] = NEXT_SERVER.causes
    moved = failure("b.py::test_boot", renamed(NEXT_SERVER, causes=(Cause(line.file, 9, line.text),)))
    merged = together(night("a", 0, BOOT), night("b", 1, BOOT), night("c", 1, moved), night("d", 1))
    [shared] = merged.causes
    assert [each.name for each in shared.segments] == ["a", "b", "c"]
    assert shared.since == STARTED
    assert "dhcp-boot=signed_ipxe.efi" in shared.title


def test_only_the_last_run_counts_for_a_cause() -> None:
    """What was mended is no cause of today."""
    assert together(night("a", 0, BOOT), night("a", 1), night("b", 1)).causes == ()


def test_lines_of_other_fields_are_causes_of_their_own() -> None:
    """Though they are of one file."""
    merged = together(night("a", 0, BOOT), night("b", 0, LEASE))
    assert [len(each.segments) for each in merged.causes] == [1, 1]


def test_lines_of_one_field_are_told_once_where_each_segment_has_its_own() -> None:
    """They have addresses of the segment; what they share is the file and the field that is wrong."""
    [shared] = together(*(night(f"rack-{number}", 0, own_line(number)) for number in range(3))).causes
    assert shared.title == "dnsmasq.conf: next_server, on each segment by another line"
    assert len(shared.segments) == 3


def test_two_lines_of_one_segment_stay_with_it() -> None:
    """It counts once, and both of its lines have the number of the cause."""
    both = night("a", 0, own_line(1), replace(own_line(2), test="tests/e2e/c.py::test_c"))
    merged = together(both, night("b", 0, own_line(3)))
    [shared] = merged.causes
    assert [each.name for each in shared.segments] == ["a", "b"]
    assert {merged.numbers[each.shared] for each in merged.segments[0].last.causes} == {1}


def test_run_of_a_day_to_come_is_left_out() -> None:
    """It would be the last for ever, and never overdue."""
    merged = together(night("a", 900), night("a", 0, BOOT), night("b", 0), day=0)
    assert names(merged) == ["a", "b"]
    [line] = merged.unreadable
    assert line.endswith("began 2028-08-17 02:00, which is yet to come")


def test_run_that_ended_on_a_day_to_come_is_left_out() -> None:
    """Its segment would never be overdue."""
    merged = together(replace(night("a", 1), ended=STARTED + timedelta(days=900)), night("a", 0), day=1)
    assert len(merged.segments[0].runs) == 1
    assert merged.unreadable == ("/runs/0/result.json ended 2028-08-17 02:00, which is yet to come",)


def test_field_without_a_known_line_is_one_cause_whoever_sent_it() -> None:
    """Each segment has a server of its own."""
    [shared] = together(night("a", 0, by("192.0.2.1")), night("b", 0, by("192.0.2.2"))).causes
    assert shared.title == "next_server: expected 192.168.99.40, received 192.168.99.41"


def test_values_that_differ_are_not_told_as_those_of_all() -> None:
    """Each segment may have a boot server of its own, too."""
    merged = together(night("a", 0, by("192.0.2.1")), night("b", 0, by("192.0.2.2", received="192.0.2.9")))
    assert [each.title for each in merged.causes] == ["next_server: on each segment other values"]


def test_silence_is_another_cause_than_a_wrong_answer() -> None:
    """Though the field is the same."""
    silent = failure("a.py::test_answer", renamed(SILENCE, causes=()))
    refused = failure("a.py::test_answer", renamed(SILENCE, causes=(), received=("DHCPNAK",)))
    assert len(together(night("a", 0, silent), night("b", 0, refused)).causes) == 2


def test_most_common_of_equally_bad_causes_is_the_first() -> None:
    """It is mended once for most."""
    merged = together(night("a", 0, UNCAUSED), night("b", 0, BOOT), night("c", 0, BOOT))
    assert [len(each.segments) for each in merged.causes] == [2, 1]


def test_results_without_a_name_are_counted_beside_named_ones() -> None:
    """They may be of any segment; where none has a name, they are of one."""
    merged = together(night("a", 0), night(None, 0), night(None, 1))
    assert (names(merged), merged.unnamed) == (["a"], 2)
    alone = together(night(None, 0), night(None, 1))
    assert (names(alone), alone.unnamed) == ([None], 0)
