"""The screen of a running virtual machine of libvirt's, by a stream."""

from __future__ import annotations

from typing import Any


def picture_of(domain: Any) -> bytes | None:
    """Its screen as PNG; None where libvirt makes another format. Raises libvirtError."""
    stream = domain.connect().newStream()
    kind = domain.screenshot(stream, 0)
    picture = bytearray()
    stream.recvAll(lambda _, octets, __: picture.extend(octets), None)
    stream.finish()
    return bytes(picture) if kind == "image/png" else None
