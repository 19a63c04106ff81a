"""A site's libvirt DHCP is switched off, live and persistent, and always restored byte for byte.

The tests use a libvirtd of their own, in its own network namespace.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import pytest

from edgeboot.base.errors import LabError
from edgeboot.host.journal import Journal
from edgeboot.host.libvirt.connection import connected
from edgeboot.host.libvirt.dhcp import NetworkState
from edgeboot.host.libvirt.xml import dhcp_of, one_line
from edgeboot.labs.clean import clean
from edgeboot.node.edge_node import EdgeNode
from fixtures.libvirt_daemon import LibvirtDaemon
from fixtures.libvirt_network import ALL_OF_IT, RANGE
from fixtures.site_network import Described, SiteNetwork, defined, site_xml

pytestmark = pytest.mark.kind_harness

CHANGES: Final = 8
"""Two ranges and two hosts, each in the live and the persistent description."""
STEPS: Final = CHANGES + 2
"""The changes, and a journal entry before each description."""
BOOTP: Final = "<bootp file='other.efi'/>"
RAW_RANGE: Final = "<dnsmasq:option value='dhcp-range=192.168.98.50,192.168.98.60'/>"
UNUSUAL: Final = {
    "a boot file": (f"{RANGE}{BOOTP}", "", "bootp>"),
    "a range past libvirt": ("", RAW_RANGE, "dnsmasq:option dhcp-range=192.168.98.50"),
}
"""The contents of <dhcp> and <dnsmasq:options>, and the text by which the refusal names them."""
OTHER_RANGE: Final = "<range start='192.168.98.200' end='192.168.98.210'/>"


def test_dhcp_is_off_live_and_persistent_and_is_restored_byte_for_byte(
    site_network: SiteNetwork, tmp_path: Path
) -> None:
    """Neither the running network nor libvirtd's next start may bring a second server."""
    before = site_network.described()
    with Journal("whole", tmp_path) as journal:
        site_network.owner.switch_off(journal)
        during, serves = site_network.described(), site_network.owner.serves
    assert "<dhcp>" not in f"{during.live} {during.persistent}", f"expected no DHCP, found {during}"
    assert not serves
    assert before.changed_to(site_network.described()) == ""


@pytest.mark.parametrize("steps", range(STEPS + 1))
def test_site_is_restored_after_a_run_killed_at_any_step(
    steps: int, site_network: SiteNetwork, tmp_path: Path
) -> None:
    """edgeboot clean finds what to restore, whether killed before or after any entry or change."""
    before = site_network.described()
    site_network.killed(tmp_path, "switch off", steps)
    something_is_off = site_network.described() != before
    assert something_is_off == (steps > 1), "the kill did not come where it should"
    assert len(clean(tmp_path)) == (steps > 1) + (steps > STEPS - CHANGES // 2)
    assert before.changed_to(site_network.described()) == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("steps", range(CHANGES + 1))
def test_clean_killed_at_any_step_is_completed_by_the_next(
    steps: int, site_network: SiteNetwork, tmp_path: Path
) -> None:
    """What the first clean restored is not restored twice."""
    before = site_network.described()
    site_network.killed(tmp_path, "switch off", STEPS)
    site_network.killed(tmp_path, "clean", steps)
    assert (site_network.described() == before) == (steps == CHANGES), "the kill did not come where it should"
    clean(tmp_path)
    assert before.changed_to(site_network.described()) == ""


def test_each_description_is_restored_to_its_own_state(site_network: SiteNetwork, tmp_path: Path) -> None:
    """Live and persistent descriptions may differ, for example after a change by terraform."""
    site_network.update("DELETE", NetworkState.PERSISTENT, RANGE)
    site_network.update("ADD_FIRST", NetworkState.PERSISTENT, OTHER_RANGE)
    before = site_network.described()
    with Journal("differing", tmp_path) as journal:
        site_network.owner.switch_off(journal)
        assert not site_network.owner.serves
    assert before.changed_to(site_network.described()) == ""


def test_transient_network_has_no_definition_to_change(site_network: SiteNetwork, tmp_path: Path) -> None:
    """For a network made by virsh net-create only the running one is changed."""
    with site_network.open_network() as network:
        network.undefine()
    before = site_network.described()
    with Journal("transient", tmp_path) as journal:
        site_network.owner.switch_off(journal)
        assert not site_network.owner.serves
    assert before.changed_to(site_network.described()) == ""


def test_network_restarted_meanwhile_gets_both_descriptions_back(
    site_network: SiteNetwork, tmp_path: Path
) -> None:
    """The running network follows the definition, which had no DHCP at that time."""
    before = site_network.described()
    site_network.killed(tmp_path, "switch off", STEPS)
    site_network.restart()
    clean(tmp_path)
    assert before.changed_to(site_network.described()) == ""


@pytest.mark.parametrize("steps", range(2, STEPS - CHANGES // 2))
def test_network_restarted_before_its_definition_was_changed_gets_nothing_twice(
    steps: int, site_network: SiteNetwork, tmp_path: Path
) -> None:
    """The restart has already restored everything."""
    before = site_network.described()
    site_network.killed(tmp_path, "switch off", steps)
    site_network.restart()
    assert clean(tmp_path) == []
    assert before.changed_to(site_network.described()) == ""


def test_stopped_network_gets_its_definition_back(site_network: SiteNetwork, tmp_path: Path) -> None:
    """Its next start has DHCP as before."""
    before = site_network.described()
    site_network.killed(tmp_path, "switch off", STEPS)
    with site_network.open_network() as network:
        network.destroy()
        assert len(clean(tmp_path)) == 1
        stopped = site_network.described()
        network.create()
    assert stopped == Described(None, before.persistent)
    assert before.changed_to(site_network.described()) == ""


def test_restarted_libvirtd_changes_nothing(
    site_network: SiteNetwork, libvirt_daemon: LibvirtDaemon, tmp_path: Path
) -> None:
    """A restarted libvirtd reads both descriptions again."""
    before = site_network.described()
    site_network.killed(tmp_path, "switch off", STEPS)
    with libvirt_daemon.down():
        pass
    clean(tmp_path)
    assert before.changed_to(site_network.described()) == ""


def test_libvirtd_that_is_down_keeps_the_journal(
    site_network: SiteNetwork, libvirt_daemon: LibvirtDaemon, tmp_path: Path
) -> None:
    """The failure is one line, and the next clean restores everything."""
    before = site_network.described()
    site_network.killed(tmp_path, "switch off", STEPS)
    with (
        libvirt_daemon.down(),
        pytest.raises(LabError, match=r"^libvirt qemu\S+: does not answer \(.*; start"),
    ):
        clean(tmp_path)
    assert len(clean(tmp_path)) == 2
    assert before.changed_to(site_network.described()) == ""


def test_run_outlives_a_restart_of_libvirtd(
    site_network: SiteNetwork, libvirt_daemon: LibvirtDaemon, tmp_path: Path
) -> None:
    """The end of the run restores DHCP over a new connection."""
    before = site_network.described()
    with Journal("outlives", tmp_path) as journal:
        owner = site_network.owner
        owner.switch_off(journal)
        with libvirt_daemon.down():
            pass
        assert "<dhcp>" not in owner.xml() + owner.definition()
    assert before.changed_to(site_network.described()) == ""


@pytest.mark.parametrize("by_hand", [slice(0, 1), slice(1, 2), slice(2, 4), slice(0, 4)], ids=str)
@pytest.mark.parametrize("state", NetworkState, ids=lambda state: state.value)
def test_what_was_restored_by_hand_is_not_added_twice(
    by_hand: slice, state: NetworkState, site_network: SiteNetwork, tmp_path: Path
) -> None:
    """The remaining elements are restored to their places before or behind it."""
    before = site_network.described()
    site_network.killed(tmp_path, "switch off", STEPS)
    site_network.update("ADD_LAST", state, *elements()[by_hand])
    clean(tmp_path)
    assert before.changed_to(site_network.described()) == ""


def test_another_network_of_the_same_name_is_left_alone(site_network: SiteNetwork, tmp_path: Path) -> None:
    """An owner who recreated the network without DHCP wants it so."""
    site_network.killed(tmp_path, "switch off", STEPS)
    with site_network.open_network() as network:
        network.destroy()
        network.undefine()
    with defined(site_network.uri, site_xml("")):
        before = site_network.described()
        assert clean(tmp_path) == []
        assert before.changed_to(site_network.described()) == ""


def test_entry_of_an_older_journal_is_of_what_runs(site_network: SiteNetwork, tmp_path: Path) -> None:
    """It tells neither description nor UUID; the definition was never changed."""
    before = site_network.described()
    old = f"<network ip='0' name='site' uri='{site_network.uri}'>{ALL_OF_IT}</network>"
    site_network.update("DELETE", NetworkState.PERSISTENT, elements()[3])
    changed_by_its_owner = site_network.described().persistent
    line = json.dumps({"what": "make", "kind": "LIBVIRT_DHCP", "name": old})
    (tmp_path / "older.jsonl").write_text(f"{line}\n", encoding="utf-8")
    site_network.update("DELETE", NetworkState.LIVE, *reversed(elements()))
    clean(tmp_path)
    assert Described(before.live, changed_by_its_owner).changed_to(site_network.described()) == ""


@pytest.mark.parametrize("dhcp, options, named", UNUSUAL.values(), ids=UNUSUAL)
def test_dhcp_that_cannot_be_restored_is_refused_by_name(
    dhcp: str, options: str, named: str, libvirt_daemon: LibvirtDaemon, tmp_path: Path
) -> None:
    """libvirt's update would lose it, so nothing is changed."""
    site_network = SiteNetwork(libvirt_daemon.uri)
    with defined(libvirt_daemon.uri, site_xml(dhcp, options)):
        before, serves = site_network.described(), site_network.owner.serves
        message = site_network.refusal(tmp_path)
        assert before.changed_to(site_network.described()) == ""
    assert serves
    assert message is not None, f"expected {named} to be refused"
    assert message.startswith(
        "libvirt network site: serves DHCP itself on virbr9, beside the server under test"
    )
    assert f"with <{named}" in message
    assert "net-edit site" in message


def test_definition_that_cannot_be_restored_is_refused_before_any_change(
    site_network: SiteNetwork, tmp_path: Path
) -> None:
    """Both descriptions are checked before the first change."""
    with connected(site_network.uri) as connection:
        definition = site_network.owner.definition()
        connection.networkDefineXML(definition.replace("</dhcp>", f"{BOOTP}</dhcp>"))
    before, message = site_network.described(), site_network.refusal(tmp_path)
    assert message is not None
    assert "<bootp>" in message
    assert before.changed_to(site_network.described()) == ""


def test_update_without_effect_is_an_error(
    site_network: SiteNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """libvirt's success is verified: terraform's provider 0.8.3 reports DHCP off that is still on."""
    monkeypatch.setattr("libvirt.virNetwork.update", lambda *_: 0)
    message = site_network.refusal(tmp_path)
    assert message is not None
    assert "after libvirt has switched it off: range 192.168.98.100-192.168.98.150 (live)" in message
    assert "host 02:eb:00:0c:00:02 192.168.98.21 (persistent)" in message


def test_restore_without_effect_keeps_the_journal(
    site_network: SiteNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What libvirt does not contain afterwards has not been restored."""
    before = site_network.described()
    site_network.killed(tmp_path, "switch off", STEPS)
    with monkeypatch.context() as patch:
        patch.setattr("libvirt.virNetwork.update", lambda *_: 0)
        with pytest.raises(
            LabError, match=r"libvirt accepted <range .*, but its description does not contain it"
        ):
            clean(tmp_path)
    assert len(clean(tmp_path)) == 2
    assert before.changed_to(site_network.described()) == ""


def test_client_of_the_dhcp_is_warned_before_it_is_off(
    site_network: SiteNetwork, site_client: EdgeNode
) -> None:
    """The warning names what would not be renewed: lease, default route and name server."""
    address = site_client.boot().address
    [lease] = site_network.owner.leases()
    assert (lease.mac, lease.address) == (site_client.identity.mac, address)
    assert lease.expires is not None
    assert timedelta(hours=1) < lease.expires - datetime.now(UTC) < timedelta(hours=2, minutes=1)
    message = str(site_network.owner.dhcp_dependency(site_client.identity.mac, []))
    assert f": {address}, its default route by 192.168.98.1, its DNS from 192.168.98.1; it cannot" in message


def test_owner_is_found_by_its_bridge_or_address(site_network: SiteNetwork) -> None:
    """The network that owns a bridge or an address is found, with its offers; other bridges have none."""
    from edgeboot.labs.orchestrator.libvirt_network import find_owner  # noqa: PLC0415

    owner = site_network.owner
    assert (owner.name, owner.persistent, str(owner.address)) == ("site", True, "192.168.98.1/24")
    assert owner.offers[0] == "range 192.168.98.100-192.168.98.150 (live and persistent)"
    assert len(owner.offers) == len(elements())
    assert find_owner(site_network.uri, bridge="virbr8") is None
    # From another host, where the bridge is not known: by an address of its network.
    assert find_owner(site_network.uri, address=IPv4Address("192.168.98.77")) == owner
    assert find_owner(site_network.uri, address=IPv4Address("192.168.97.77")) is None


def elements() -> list[str]:
    """The elements of <dhcp>, one line each."""
    return [one_line(each) for _, content in dhcp_of(site_xml(ALL_OF_IT)) for each in content]
