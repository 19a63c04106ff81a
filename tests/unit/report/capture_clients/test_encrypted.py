"""A boot by HTTPS: what passes is encrypted, and nobody is told that it failed."""

from __future__ import annotations

from typing import Final

from edgeboot.host.wire.frame import Frame
from edgeboot.report.capture_clients.reading import explained
from edgeboot.report.capture_clients.story import ClientStory, Outcome
from tests.unit.report.capture_clients.captured import clients_of
from tests.unit.report.captured import BEGAN
from tests.unit.report.machine_boot.frames import leased, tcp

RECORD: Final = bytes.fromhex("160303002d") + bytes(45)
ALERT: Final = bytes.fromhex("15030300020228")
ENCRYPTED_ALERT: Final = bytes.fromhex("150303001a") + bytes(range(26))
OPENED: Final = (
    tcp(2.0, b"", 99, flags=0x02),
    tcp(2.1, b"", 499, flags=0x12, answer=True),
    tcp(2.2, RECORD, 100),
)
LATER: Final = Frame(bytes(60), BEGAN + 600)


def ended(*answers: bytes, own: bytes = b"") -> ClientStory:
    """The story of a client whose server answers its ClientHello so, and what it says then."""
    said = (tcp(2.3 + at / 10, each, 500 + 100 * at, answer=True) for at, each in enumerate(answers))
    frames = (*leased(1.0), *OPENED, *said, tcp(2.9, own, 150), LATER)
    (found,) = explained(clients_of(frames))
    return found


def test_boot_by_tls_is_not_known() -> None:
    """Neither that it booted, nor that it did not."""
    found = ended(RECORD)
    assert (found.outcome, found.diagnoses) == (Outcome.UNKNOWN, ())
    assert any("TLS from port 80 of 192.168.99.40 is encrypted" in each for each in found.blind)


def test_refused_tls_is_the_reason() -> None:
    """The alert is not encrypted."""
    found = ended(ALERT)
    assert (found.outcome, found.diagnoses[0].kind.value) == (Outcome.STOPPED, "tls-refused")


def test_refusal_of_a_certificate_is_the_reason() -> None:
    """The client's own alert comes behind the server's answer, as its second message."""
    found = ended(RECORD, own=ALERT)
    assert found.diagnoses[0].sentence.endswith("it refused the server by the alert handshake_failure")


def test_encrypted_alert_is_no_refusal() -> None:
    """By TLS 1.2 a connection that went well ends with one, of which no octet is a code."""
    found = ended(RECORD, ENCRYPTED_ALERT)
    assert (found.outcome, found.diagnoses) == (Outcome.UNKNOWN, ())
