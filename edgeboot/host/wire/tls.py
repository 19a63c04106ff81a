"""The beginning of TLS (RFC 8446), as far as packets show it: what kind of record, and which alert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ALERT: Final = b"\x15\x03"
"""What a record with an alert begins with."""
_HEADER: Final = 5
_MAJOR: Final = 3
"""The major version that every record has (section 5.1)."""
_LEVEL_AND_CODE: Final = 2
"""Octets of an alert."""
_HANDSHAKE: Final = 22
_ALERT: Final = 21
_HANDSHAKES: Final = {1: "ClientHello", 2: "ServerHello", 11: "Certificate"}
"""Section 4; those that pass in the clear."""
_ALERTS: Final = {
    40: "handshake_failure",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    48: "unknown_ca",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    112: "unrecognized_name",
}
"""Section 6."""


@dataclass(frozen=True, slots=True)
class TlsRecord:
    """One record, by its first octets."""

    kind: int
    """Its content type."""
    first: int
    """The first octet of a handshake message, the second one of an alert; 0 where neither is known."""

    @property
    def is_handshake(self) -> bool:
        """Whether it belongs to the beginning of a connection."""
        return self.kind == _HANDSHAKE

    @property
    def alert(self) -> int:
        """The alert's code; 0 where it is none."""
        return self.first if self.kind == _ALERT else 0

    @property
    def name(self) -> str:
        """What it is, in the RFC's words."""
        if self.alert:
            return f"alert {alert_name(self.alert)}"
        return _HANDSHAKES.get(self.first, "handshake") if self.is_handshake else "record"


def tls_record(payload: bytes) -> TlsRecord | None:
    """The record that a TCP segment begins with; None where it is of another protocol, or cut before it."""
    if len(payload) <= _HEADER or payload[1] != _MAJOR or payload[0] not in range(20, 24):
        return None
    if payload[0] == _ALERT:  # A longer one is encrypted.
        is_clear = int.from_bytes(payload[3:_HEADER]) == _LEVEL_AND_CODE and len(payload) > _HEADER + 1
        return TlsRecord(_ALERT, payload[_HEADER + 1] if is_clear else 0)
    return TlsRecord(payload[0], payload[_HEADER] if payload[0] == _HANDSHAKE else 0)


def alert_name(code: int) -> str:
    """The name of an alert; its number where it has none here."""
    return _ALERTS.get(code, f"alert {code}")
