"""HTTP Boot rules: which offers count, and which URL is selected."""

from __future__ import annotations

import pytest

from edgeboot.dhcp.firmware import boots_from
from edgeboot.dhcp.message import UNSPECIFIED, DhcpMessage
from edgeboot.dhcp.options import DhcpOption
from tests.unit.offers import (
    DNS,
    FROM,
    FROM_PROXY,
    HTTP,
    HTTP_CLASS,
    PXE,
    boots,
    file,
)
from tests.unit.samples import OFFER, message


@pytest.mark.covers("EDK2-HTTP-class", "EDK2-HTTP-name")
@pytest.mark.parametrize(
    "offers,url,words",
    [
        ([message(OFFER, FROM, HTTP_CLASS, file(b"http://10.0.0.1/a"))], "http://10.0.0.1/a", "http"),
        ([message(OFFER, FROM, file(b"http://10.0.0.1/a"))], None, "no offer has option 60 HTTPClient"),
        ([message(OFFER, FROM, PXE, file(b"http://10.0.0.1/a"))], None, "no offer has option 60 HTTPClient"),
        ([message(OFFER, FROM, HTTP_CLASS, file(b"a.efi"))], None, "'a.efi' is no URL"),
        ([message(OFFER, FROM, HTTP_CLASS)], None, "None is no URL"),
        ([message(OFFER, FROM, HTTP_CLASS, file=b"http://10.0.0.1/a")], "http://10.0.0.1/a", "http"),
        ([message(OFFER, FROM, HTTP_CLASS, file(b"http://boot/a"))], None, "no offer has a DNS server"),
        ([message(OFFER, FROM, HTTP_CLASS, DNS, file(b"https://boot/a"))], "https://boot/a", "https"),
    ],
    ids=["address", "no class", "PXE", "file", "nothing", "header", "name", "name and DNS"],
)
def test_http_boot_needs_class_url_and_dns(offers: list[DhcpMessage], url: str | None, words: str) -> None:
    """The offer has option 60 HTTPClient and a URL, and a DNS server if the URL has a host name."""
    outcome = boots_from(HTTP, offers)
    assert outcome.url == url
    assert words in str(outcome)


@pytest.mark.covers("EDK2-HTTP-name")
@pytest.mark.parametrize("dns,url", [((DNS,), "http://boot/a"), ((), None)], ids=["resolves", "does not"])
def test_http_boot_takes_the_url_of_a_proxy(dns: tuple[DhcpOption, ...], url: str | None) -> None:
    """Address and DNS server come from one offer, the URL from the proxy's."""
    proxy_offer = message(OFFER, FROM_PROXY, HTTP_CLASS, file(b"http://boot/a"), yiaddr=UNSPECIFIED)
    assert boots(HTTP, message(OFFER, FROM, *dns), proxy_offer) == url
