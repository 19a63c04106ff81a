"""One table of fields serves contract, replies, causes, probe and documentation: none lacks a field."""

from __future__ import annotations

import re
from typing import Final

import pytest

from edgeboot.base.paths import PROJECT
from edgeboot.dhcp.vocabulary import option_name
from edgeboot.node.exchange import Reply
from edgeboot.server.dnsmasq.origins import ORIGINS
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.fields import FIELDS, ReplyField

NOT_IN_A_REPLY: Final = {
    "summary",
    "role",
    "proxy",
    "servers",
    "answer_time",
    "first_answer_time",
    "minimum_lease_time",
    "authoritative",
    "addresses_per_boot",
    "relay_networks",
    "relayed",
    "boots",
    "clients",
    "rapid_commit",
    "reservations",
    "known_clients_only",
    "deployment",
    "server",
    "advisories",
    "known_defects",
    "storm",
}
"""Terms about the server, its Pod or a client, not about one field of a reply."""
NO_VALUES: Final = {"text", "sender", "is_proxy_offer"}
"""Properties of a reply that are no field of its message."""
PAGE: Final = (PROJECT / "docs" / "contract.md").read_text(encoding="utf-8")
each_field: Final = pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: field.name)


def test_every_term_about_a_reply_is_in_the_table() -> None:
    """A new term is compared, or stands in the list of those that are no field of a reply."""
    assert {field.contract_term for field in FIELDS.values()} - {None} == (
        Contract.model_fields.keys() - NOT_IN_A_REPLY
    )


def test_every_value_of_a_reply_is_in_the_table() -> None:
    """A property without a row would be missing from comparison and probe."""
    properties = {name for name, value in vars(Reply).items() if isinstance(value, property)}
    assert properties - NO_VALUES == FIELDS.keys() - {"options"}


def test_every_field_has_the_directives_that_decide_it() -> None:
    """Else its findings have no likely cause; four more origins are of what is no field."""
    assert ORIGINS.keys() == FIELDS.keys() | {"boots", "rapid_commit", "refused", "ignored"}


@each_field
def test_every_term_is_documented_with_its_option(field: ReplyField) -> None:
    """In the table of docs/contract.md."""
    if field.contract_term is None:
        return
    [row] = re.findall(rf"^\| .*`{field.contract_term}(?:\.first)?`.*$", PAGE, re.MULTILINE)
    assert field.option is None or re.search(rf"\b{field.option.value}\b", row), option_name(field.option)
    assert field.header in {None, "yiaddr"} or f"`{field.header}`" in row


def test_labels_are_distinct() -> None:
    """They are the rows of the probe's table."""
    assert len({field.label for field in FIELDS.values()}) == len(FIELDS)
