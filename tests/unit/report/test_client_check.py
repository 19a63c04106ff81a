"""Whether a client is answered, and by what: stated, left alone, or judged by its family."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

import pytest

from edgeboot.base.paths import CONTRACTS
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.dhcp.message import option
from edgeboot.dhcp.options import DhcpOption
from edgeboot.dhcp.vocabulary import MessageType
from edgeboot.dhcp.vocabulary import OptionCode as Code
from edgeboot.report.client_check import wrong_answer, wrong_commit
from edgeboot.spec.contract.contract import Contract

from ..samples import CONTRACT, config, exchange, message, promised, reply

TERMS: Final = tomllib.loads((CONTRACTS / "poc-fixed.toml").read_text(encoding="utf-8"))
LEFT: Final = {"no_offer": "left to the site's own server"}
STATED: Final = {"windows": {"nothing": "it wants an address"}}
ANSWERED: Final = reply(promised(CONTRACT))
CONFIG: Final = config("dhcp-rapid-commit\n")
OPTION_80: Final = option(Code.RAPID_COMMIT, b"")


def contract(**terms: object) -> Contract:
    """The terms of poc-fixed, with these."""
    return Contract.model_validate(TERMS | terms)


@pytest.mark.parametrize(
    "client,boots,answered,words",
    [
        ("windows", {"windows": LEFT}, True, "windows is answered by .*left alone: left to"),
        ("windows", {"windows": LEFT}, False, None),
        (
            "windows",
            {"windows": {"nothing": "it wants an address"}},
            False,
            "does not answer windows, received",
        ),
        ("windows", {}, True, None),
        ("windows", {}, False, r"does not answer windows, .* not name it: boots\.windows = \{ no_offer"),
        ("windows-pe", {"windows": LEFT}, False, None),
        ("ipxe-bios", {"pxe-bios": LEFT}, False, None),
        (
            "ipxe-arm64",
            {"pxe-bios": LEFT},
            False,
            "does not answer ipxe-arm64, .* not name it",
        ),
    ],
)
def test_client_is_answered_unless_it_is_left_alone(
    client: str, boots: dict[str, Any], answered: bool, words: str | None
) -> None:
    """A client that is not named may be left alone with its family, or with its architecture."""
    own = [ANSWERED] if answered else []
    finding = wrong_answer(CLIENTS[client], own, exchange(*own), contract(boots=boots))
    assert (finding is None) == (words is None)
    assert re.search(words or "None", str(finding))


@pytest.mark.parametrize(
    "terms,options,words",
    [
        ({}, (OPTION_80,), r"99\.10 \S+ commits at once \(option 80\): .* = false \(by default\)"),
        (
            {"rapid_commit": False},
            (OPTION_80,),
            r"the contract states rapid_commit = false; .*:1 dhcp-rapid-c",
        ),
        ({"rapid_commit": True}, (OPTION_80,), None),
        ({"rapid_commit": True}, (), r"its DHCPACK has no option 80: the client discards it"),
    ],
)
def test_server_commits_at_once_only_where_that_is_stated(
    terms: dict[str, object], options: tuple[DhcpOption, ...], words: str | None
) -> None:
    """And then with option 80, without which the client takes no notice."""
    ack = reply(message(option(Code.DHCP_MESSAGE_TYPE, MessageType.DHCPACK), *options))
    finding = wrong_commit(CLIENTS["dhcpcd"], ack, contract(**terms), CONFIG)
    assert (finding is None) == (words is None)
    assert re.search(words or "None", str(finding))
