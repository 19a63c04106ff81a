"""Faults of a server with a weak parser: weak_server.py in dnsmasq's place."""

from __future__ import annotations

from typing import Final

from tests.faults.causes import WeakServer
from tests.faults.fault import Fault

_FILE: Final = "test_malformed_messages.py"
_SILENT: Final = f"{_FILE}::test_message_nobody_may_answer_stays_unanswered"

MALFORMED: Final = (
    Fault(
        "any op answered",
        "messages are answered whatever their op field",
        "a reply of another server is answered, and that reply again",
        (WeakServer("answers any op"),),
        {
            f"{_SILENT}[{op}]": r"expected silence, received DHCPOFFER of 192\.168\.99\.\d+ from 192\.168\.99\.10"
            for op in ("op 0", "op 2", "op 3", "op 255")
        },
        files=(_FILE,),
        options=("-k=stays_unanswered or is_answered",),
    ),
    Fault(
        "crash on an unknown option",
        "255 octets of an unknown option overflow a buffer",
        "one odd client on the segment, and no node boots until the Pod is restarted",
        (WeakServer("crashes on an unknown option"),),
        {
            f"{_FILE}::test_odd_message_that_can_be_read_is_answered[unknown option of 255 octets]": r"ServerDied: "
            r"unknown option of 255 octets \(RFC2132-2-unknown-code\): the server has ended; the server logged "
            r"'\*\*\* buffer overflow detected",
        },
        files=(_FILE,),
        options=("-k=is_answered and (unknown or END)",),
        sampled=True,
    ),
    Fault(
        "crash on an odd hlen",
        "a hardware address of five or seven octets overflows a buffer",
        "a scanner on the segment stops every boot",
        (WeakServer("crashes on an odd hlen"),),
        {
            f"{_FILE}::test_server_survives_what_no_rfc_describes[hlen 5]": r"ServerDied: hlen 5 .*the server has ended",
            f"{_FILE}::test_server_survives_what_no_rfc_describes[hlen 7]": r"ServerDied: hlen 7 .*the server has ended",
        },
        files=(_FILE,),
        options=("-k=survives and hlen",),
    ),
    Fault(
        "crash on a generated message",
        "the same, found by messages generated from a seed",
        "a scanner on the segment stops every boot",
        (WeakServer("crashes on an odd hlen"),),
        {
            "test_generated_messages.py::test_server_survives_a_generated_message": r"ServerDied: .*the server has ended"
        },
        files=("test_generated_messages.py",),
        options=("-m=e2e and slow", "--fuzz-seed=7", "--maxfail=1"),
    ),
    Fault(
        "memory leak",
        "every message leaks 4 kB",
        "eventually the kernel kills the server, out of memory",
        (WeakServer("leaks memory"),),
        {
            f"{_FILE}::test_server_holds_no_more_memory_when_the_corpus_is_repeated": r"\d{4} kB more after \d+ "
            r"messages",
        },
        files=(_FILE,),
        options=("-k=holds_no_more_memory",),
    ),
)
