"""The contract: durations as people write them, a pool with two ends, terms that agree."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeboot.base.errors import UsageError
from edgeboot.base.paths import CONTRACTS, PROJECT
from edgeboot.base.strict_model import validated
from edgeboot.dhcp.clients import CLIENTS
from edgeboot.spec.contract.address_pool import AddressPool
from edgeboot.spec.contract.advisory_terms import AdvisoryLevel
from edgeboot.spec.contract.client_terms import ProxyOffer
from edgeboot.spec.contract.contract import Contract
from edgeboot.spec.contract.known_defects import KnownDefect
from edgeboot.spec.contract.reading import contract_files, contract_path, load_contract
from edgeboot.spec.contract.server_terms import Ability, Answer, ServerTerms
from edgeboot.spec.manifests.deployment import profiles
from tests.unit.samples import CONTRACT

TEXT: Final = (CONTRACTS / "poc.toml").read_text(encoding="utf-8")
FILE: Final = Path("contract.toml")
SECONDS: Final = st.integers(0, 2**32 - 1).map(lambda seconds: timedelta(seconds=seconds))


def contract(**terms: Any) -> Contract:
    """The proof of concept's contract with other terms, without its storm, which is of its own pool."""
    stated = {name: value for name, value in tomllib.loads(TEXT).items() if name != "storm"}
    return validated(Contract, stated | terms, FILE, "correct it")


@pytest.mark.parametrize("profile", profiles())
def test_contract_of_a_profile_is_valid_where_there_is_one(profile: str) -> None:
    """Every shipped contract loads; only the literal form of a profile has none of its own."""
    path = contract_path(profile)
    assert load_contract(path).summary if path.exists() else profile == "poc-literal"


@pytest.mark.parametrize(
    "text,duration",
    [
        ("90s", timedelta(seconds=90)),
        ("10h30m", timedelta(hours=10, minutes=30)),
        ("1d", timedelta(days=1)),
        ("1d1h1m1s", timedelta(days=1, hours=1, minutes=1, seconds=1)),
        ("0s", timedelta()),
    ],
)
def test_duration_is_read_as_people_write_it(text: str, duration: timedelta) -> None:
    """Days, hours, minutes and seconds, each once and in that order."""
    terms = contract(minimum_lease_time=text, lease_time="2d")
    assert terms.minimum_lease_time == duration


@pytest.mark.parametrize("wrong", ["", "12", "12 h", "30m10h", "1w", "-1h", "1.5h", "twelve hours"])
def test_text_that_is_no_duration_is_refused(wrong: str) -> None:
    """The error shows the text and three valid examples."""
    with pytest.raises(UsageError, match="field lease_time: is no duration such as 12h, 10h30m or 90s"):
        contract(lease_time=wrong)


@pytest.mark.parametrize("wrong", [43200, 1.5, True])
def test_bare_number_is_no_duration(wrong: float) -> None:
    """The unit would have to be guessed."""
    with pytest.raises(UsageError, match=f"field lease_time: a bare number has no unit, found {wrong}"):
        contract(lease_time=wrong)


@pytest.mark.parametrize("wrong", ["4294967296s", "9999999999d", "49711d"])
def test_duration_no_message_can_hold_is_refused(wrong: str) -> None:
    """Option 51 has only 32 bits."""
    with pytest.raises(UsageError, match=f"lease_time: is longer than the 4294967295 s .*found '{wrong}'"):
        contract(lease_time=wrong)


@pytest.mark.parametrize(
    "terms,problem",
    [
        ({"netmask": 24}, r"netmask: is no address such as 192\.168\.99\.1, found 24"),
        ({"routers": [1]}, r"routers\.0: is no address"),
        ({"pool": {"first": 1, "last": 2}}, r"field pool: first is no address"),
        (
            {"options": [-1, 999]},
            r"options\.allowed\.0: input should be greater than or equal to 1, found -1",
        ),
        ({"options": ["1"]}, r"options\.allowed\.0: input should be a valid integer, found '1'"),
        ({"servers": "1"}, "servers: input should be a valid integer, found '1'"),
        ({"servers": True}, "servers: input should be a valid integer, found True"),
        ({"netmask": "255.255.255.1"}, r"netmask: is no netmask such as 255\.255\.255\.0, found"),
        ({"netmask": "0.0.0.255"}, "netmask: is no netmask"),
        ({"netmask": "0.0.0.0"}, "netmask: is no netmask"),  # noqa: S104 - no socket is bound
        ({"answer_time": "0s"}, "answer_time: is no time at all; write one such as 1s"),
    ],
    ids=str,
)
def test_invalid_term_is_refused(terms: dict[str, Any], problem: str) -> None:
    """Values of another type are not converted, and each has a meaning by itself."""
    with pytest.raises(UsageError, match=problem):
        contract(**terms)


@given(st.integers(0, 2**32 - 1), st.integers(0, 300), st.integers(-2, 302))
def test_pool_holds_both_its_ends_and_nothing_beyond(first: int, more: int, at: int) -> None:
    """An address is in the pool if, and only if, it is between first and last."""
    first = min(first, 2**32 - 303)
    pool = AddressPool.of(IPv4Address(first), IPv4Address(first + more))
    address = IPv4Address(max(first + at, 0))
    assert (address in pool) == (pool.first <= address <= pool.last)
    assert len(pool) == more + 1


def test_nothing_but_an_address_is_in_the_pool() -> None:
    """A reply without an address, or an address as text, is outside."""
    assert None not in CONTRACT.pool
    assert "192.168.99.100" not in CONTRACT.pool


def test_pool_that_ends_before_it_begins_is_refused() -> None:
    """The error names the two addresses."""
    with pytest.raises(UsageError, match=r"field pool: first 10\.0\.0\.2 comes after last 10\.0\.0\.1"):
        contract(pool={"first": "10.0.0.2", "last": "10.0.0.1"})


@given(SECONDS)
def test_granted_lease_time_is_within_bounds(asked: timedelta) -> None:
    """Never less than the minimum, never more than the contract's, and else what was asked for."""
    granted = CONTRACT.granted_lease_time(asked)
    assert CONTRACT.minimum_lease_time <= granted <= CONTRACT.lease_time
    assert granted in {asked, CONTRACT.minimum_lease_time, CONTRACT.lease_time}


def test_advisory_only_advises_unless_the_contract_says_error() -> None:
    """Without a table every advisory has the level advise."""
    terms = contract(advisories={"no_domain_name_server": "error"})
    assert terms.advisories.no_domain_name_server is AdvisoryLevel.ERROR
    assert terms.advisories.router_is_the_dhcp_server is AdvisoryLevel.ADVISE


BOOTS: Final = tomllib.loads(TEXT)["boots"]


def test_contract_states_what_a_client_boots() -> None:
    """A URL or nothing, under its name in the table of clients; not every client needs to be stated."""
    assert CONTRACT.boots.keys() < CLIENTS.keys()
    assert CONTRACT.url_for(CLIENTS["edk2-pxe-x86-64"]) == "tftp://192.168.99.40/signed_ipxe.efi"
    assert CONTRACT.url_for(CLIENTS["dhclient"]) is None


@pytest.mark.parametrize("path", ["a.efi", "/a.efi"])
def test_slash_before_a_name_is_the_reply_s_and_no_other_file(path: str) -> None:
    """A server may send either; what its clients fetch is stated once."""
    client = CLIENTS["edk2-pxe-x86-64"]
    contract = CONTRACT.model_copy(update={"boots": {client.name: f"tftp://192.168.99.40/{path}"}})
    assert contract.url_for(client) == "tftp://192.168.99.40/a.efi"
    assert contract.bootfile_for(client) == path


@pytest.mark.parametrize(
    "boots,problem",
    [
        (BOOTS | {"pxelinux": "tftp://a/b"}, "no client is called 'pxelinux'; the clients are edk2-pxe-"),
        (BOOTS | {"windows": ""}, "windows has neither URL nor reason, found ''; write a URL"),
        (BOOTS | {"windows": "a.efi"}, "windows has neither URL nor reason, found 'a.efi'"),
        (BOOTS | {"windows": "tftp://192.168.99.40"}, "windows has neither URL nor reason"),
        (BOOTS | {"windows": 1}, "windows has neither URL nor reason, found 1"),
        (
            BOOTS | {"windows": {"nothing": "no"}},
            "windows has neither URL nor reason, found {'nothing': 'no'}",
        ),
        (BOOTS | {"windows": {"nothing": "a good reason", "url": "x"}}, "windows has neither URL nor reason"),
        ("nothing", "is no table of clients, found 'nothing'"),
    ],
    ids=["unknown", "empty", "file", "no file", "number", "no reason", "both", "no table"],
)
def test_statement_that_is_no_answer_is_refused(boots: Any, problem: str) -> None:
    """Only clients of the table, or of the contract's own, are listed, each with a URL or a reason."""
    with pytest.raises(UsageError, match=f"field boots: {re.escape(problem)}"):
        contract(boots=boots)


def test_known_defect_needs_a_reason() -> None:
    """A reader has to understand why a test may fail."""
    with pytest.raises(UsageError, match=r"field known_defects\.0\.reason: .* at least 10 characters"):
        contract(known_defects=[{"test": "test_something", "reason": "later"}])


def test_missing_contract_is_named_with_its_option(tmp_path: Path) -> None:
    """The error names the option and the file."""
    with pytest.raises(UsageError, match=r"--contract .*none\.toml: no such file; name a contract such as"):
        load_contract(tmp_path / "none.toml")


LEFT: Final = {"no_offer": "left to the site's own server"}
PROXY: Final = {
    "address_server": "192.168.99.2",
    "tftp_ports": [40000, 40049],
    "offers": dict.fromkeys(CLIENTS, "none"),
}


def test_proxy_s_terms_say_who_is_offered_something() -> None:
    """They are listed by client; without a proxy role there is no other server."""
    offers = PROXY["offers"] | {"edk2-pxe-x86-64": "file", "edk2-pxe-arm64": "no file"}  # type: ignore[operator]
    terms = contract(role="proxy", proxy=PROXY | {"offers": offers})
    names = ("edk2-pxe-x86-64", "edk2-pxe-arm64", "pxe-bios")
    assert [terms.proxies_for(CLIENTS[name]) for name in names] == [1, 1, 0]
    assert [CONTRACT.proxies_for(CLIENTS[name]) for name in names] == [0, 0, 0]


def test_proxy_offers_the_file_that_a_client_boots() -> None:
    """A client that is offered something without a word of it need not be named twice."""
    terms = contract(
        role="proxy", proxy=PROXY | {"offers": {}}, boots={"pxe-bios": "tftp://a/b", "ipxe-bios": LEFT}
    )
    names = ("pxe-bios", "ipxe-bios", "dhclient", "edk2-pxe-arm64", "edk2-pxe-x86-64")
    offers = [terms.proxy_offer(CLIENTS[name]) for name in names]
    file, none = ProxyOffer.FILE, ProxyOffer.NONE
    assert offers == [file, none, none, None, file]


def test_proxy_offers_nothing_where_no_offer_is_stated() -> None:
    """The two tables must not contradict each other."""
    offers = {"windows": "file"}
    with pytest.raises(UsageError, match=r"field proxy: offers: windows is offered 'file', and boots"):
        contract(role="proxy", proxy=PROXY | {"offers": offers}, boots={"windows": LEFT})


@pytest.mark.parametrize(
    "field", [*sorted(Contract.model_fields), *(f"server.{name}" for name in ServerTerms.model_fields)]
)
def test_field_of_the_contract_is_explained(field: str) -> None:
    """Authors of a contract only have docs/contract.md."""
    page = (PROJECT / "docs" / "contract.md").read_text(encoding="utf-8")
    assert f"`{field}" in page or f"`.{field.removeprefix('server.')}`" in page


def derived(tmp_path: Path, text: str) -> Path:
    """A contract beside a copy of the proof of concept's, base.toml."""
    (tmp_path / "base.toml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    return tmp_path / "mine.toml"


def test_contract_may_be_based_on_one_of_the_suite_s_by_its_profile(tmp_path: Path) -> None:
    """A ConfigMap knows no path of the image; a file of that name beside it is taken in its place."""
    mine, profile = tmp_path / "mine.toml", contract_path("poc")
    mine.write_text('based_on = "poc"\nservers = 2\n')
    assert load_contract(mine).bootfile == load_contract(profile).bootfile
    assert contract_files(mine) == (mine, profile)
    (tmp_path / "poc").write_text(f'based_on = "{profile}"\nsummary = "a site of its own"\n')
    assert load_contract(mine).summary == "a site of its own"


def test_contract_based_on_another_states_its_differences(tmp_path: Path) -> None:
    """Tables are merged, lists and values are replaced, and all other fields stay."""
    text = """
        based_on = "base.toml"
        lease_time = "13h"
        known_defects = []
        [pool]
        last = "192.168.99.180"
        [server]
        ping_check = false
    """
    base, mine = load_contract(CONTRACTS / "poc.toml"), load_contract(derived(tmp_path, text))
    assert (mine.lease_time, mine.known_defects) == (timedelta(hours=13), ())
    assert (mine.pool.first, mine.pool.last) == (base.pool.first, IPv4Address("192.168.99.180"))
    assert (mine.server.ping_check, mine.boots, mine.options) == (False, base.boots, base.options)


@pytest.mark.parametrize(
    "text,problem",
    [
        ('based_on = "none.toml"', r"mine\.toml: field based_on: no such file as 'none\.toml' from here"),
        ('based_on = "mine.toml"', r"mine\.toml: field based_on: leads back to mine\.toml"),
        ("based_on = 1", r"mine\.toml: field based_on: is no file, found 1"),
        ('based_on = "base.toml"\nlease = "1h"', r"mine\.toml: field lease: is not known"),
    ],
    ids=["missing", "itself", "number", "unknown field"],
)
def test_contract_with_an_invalid_base_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    """The error names the file and the field."""
    with pytest.raises(UsageError, match=problem):
        load_contract(derived(tmp_path, text))


def test_known_defect_names_each_of_its_cases() -> None:
    """Without cases it names the test itself."""
    reason = "a good reason"
    assert KnownDefect(test="test_a", reason=reason).names == {"test_a"}
    assert KnownDefect(test="test_a", cases=("x", "y"), reason=reason).names == {"test_a[x]", "test_a[y]"}


@pytest.mark.parametrize(
    "boots,ignored", [({}, True), ({"systemd-networkd": {"no_offer": "no systems here"}}, False)]
)
def test_one_address_for_a_boot_says_what_identifies_a_client(boots: dict[str, Any], ignored: bool) -> None:
    """Unless its stages send no different client identifiers, as where no system is served."""
    stated = contract(addresses_per_boot=1, boots=boots)
    assert stated.ignores_client_identifiers == ignored


def test_lease_without_an_end_has_no_renewal() -> None:
    """All ones in option 51 (RFC 2131 section 3.3); no other time can be infinite."""
    endless = contract(lease_time="infinite")
    assert endless.granted_lease_time(timedelta(hours=1)) == timedelta(hours=1)
    assert endless.lacking == {Ability.RENEWAL_TIMES}
    assert CONTRACT.lacking == frozenset()
    with pytest.raises(UsageError, match="field answer_time: is no duration"):
        contract(answer_time="infinite")


def test_times_of_their_own_are_told_from_shares() -> None:
    """A server may set T1 alone, for every lease."""
    assert CONTRACT.sets_renewal_times == (False, False)
    assert contract(renewal_time="1h").sets_renewal_times == (True, False)


NOTHING: Final = {"nothing": "other machines are served"}


@pytest.mark.parametrize(
    "boots,client",
    [
        ({}, "edk2-pxe-x86-64"),
        ({"edk2-pxe-arm64": "tftp://10.0.0.1/a.efi"}, "edk2-pxe-x86-64"),
        ({"edk2-pxe-x86-64": NOTHING, "edk2-pxe-arm64": "tftp://10.0.0.1/a.efi"}, "edk2-pxe-arm64"),
        ({"edk2-pxe-x86-64": {"no_offer": "others' machines"}, "pxe-bios": "tftp://10.0.0.1/a"}, "pxe-bios"),
        ({"edk2-pxe-x86-64": NOTHING, "edk2-http-x86-64": "http://10.0.0.1/a.efi"}, "edk2-http-x86-64"),
        ({"edk2-pxe-x86-64": NOTHING, "raspberry-pi": "tftp://10.0.0.1/bootcode.bin"}, "edk2-pxe-x86-64"),
    ],
)
def test_nodes_boot_as_firmware_that_boots(boots: dict[str, Any], client: str) -> None:
    """X86-64 UEFI, unless the contract says that it boots nothing and another one does."""
    assert contract(boots=boots).default_client.name == client


@pytest.mark.parametrize(
    "bootfile,by_tftp,path",
    [("a/b.efi", True, "a/b.efi"), ("http://10.0.0.1:8080/a/b.efi?x=1", False, "a/b.efi"), ("", False, "")],
)
def test_boot_file_may_be_a_url(bootfile: str, by_tftp: bool, path: str) -> None:
    """HTTP Boot's; its path is where a web server has it."""
    terms = contract(bootfile=bootfile)
    assert (terms.boots_by_tftp, terms.boot_path) == (by_tftp, path)


def test_unknown_leases_are_answered_by_authority_unless_stated() -> None:
    """RFC 2131 section 4.3.2 requires silence; other behaviour is stated in the contract."""
    assert (CONTRACT.unknown_renewal, CONTRACT.unknown_rebinding) == (Answer.REFUSED, Answer.IGNORED)
    assert contract(authoritative=True).unknown_rebinding is Answer.GRANTED
    assert contract(server={"unknown_renewal": "ignored"}).unknown_renewal.messages == []


def test_server_lacks_what_its_contract_denies() -> None:
    """By default, as dnsmasq, it has every ability."""
    assert CONTRACT.server.lacking == frozenset()
    terms = contract(server={"log": "other", "reserves_offers": True})
    assert terms.server.lacking == {Ability.LOG, Ability.OFFERS_TWICE}
