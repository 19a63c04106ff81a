"""The URL of a Pushgateway."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urlsplit

from edgeboot.base.errors import UsageError

_EXAMPLE: Final = "name the gateway alone, such as http://pushgateway:9091"


def gateway_url(text: str) -> SplitResult:
    """The parts of it; a user of it is shown to nobody.

    Raises:
        UsageError: it is no gateway's address.
    """
    shown = f"--push {text.rpartition('@')[2]}"
    try:
        url = urlsplit(text)
        port = url.port
        (url.hostname or "").encode("idna")  # As it is looked up.
    except ValueError:
        raise UsageError(shown, "is no URL", _EXAMPLE) from None
    if url.scheme not in {"http", "https"} or not url.hostname or port == 0:
        raise UsageError(shown, "is no http or https URL with a host", _EXAMPLE)
    if not text.isascii() or any(each.isspace() for each in text):
        raise UsageError(shown, "has a space or a letter that a URL writes with %", _EXAMPLE)
    if url.query or url.fragment or "@" in url.path or "metrics" in url.path.split("/"):
        raise UsageError(shown, "has more than a gateway's address: the suite names the group", _EXAMPLE)
    return url
