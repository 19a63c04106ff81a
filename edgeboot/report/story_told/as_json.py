"""A capture explained for programs; ``docs/explain.md`` describes the object."""

from __future__ import annotations

from typing import Any, Final

from edgeboot.report.capture_clients.capture_read import CaptureRead
from edgeboot.report.capture_clients.end import end_of
from edgeboot.report.capture_clients.story import ClientStory, Identity
from edgeboot.report.machine_boot.download import Download, Ending
from edgeboot.report.machine_boot.rounds import Round
from edgeboot.report.story_told.offer_seen import OfferSeen, offers_seen
from edgeboot.report.story_told.who import ended

VERSION: Final = 2
"""Of the object; another number where a field that is here is gone or means something else."""


def as_object(capture: CaptureRead) -> dict[str, Any]:
    """One capture; times are in seconds since the epoch."""
    return {
        "v": VERSION,
        "capture": capture.name,
        "packets": capture.packets,
        "began": capture.began,
        "ended": capture.ended,
        "notes": list(capture.notes),
        "clients": [
            client(each) | {"findings": [one.to_json() for one in capture.differs(each)]}
            for each in capture.stories
        ],
    }


def client(story: ClientStory) -> dict[str, Any]:
    """One client."""
    return {
        "mac": str(story.mac),
        "outcome": end_of(story).label,
        "headline": ended(story),
        "reached": story.reached and story.reached.name,
        "stages": [each.to_json() for each in story.stages],
        "rounds": [_round(each, identity) for each, identity in story.identified_rounds],
        "diagnoses": [each.to_json() for each in story.diagnoses],
        "blind": list(story.blind),
    }


def _round(each: Round, identity: Identity) -> dict[str, Any]:
    return {
        "began": each.began,
        "software": identity.software.value,
        "client": identity.client,
        "architecture": each.architecture,
        "known_by": list(identity.by),
        "offers": [offer(one) for one in offers_seen(each, identity)],
        "address": each.traffic.address and str(each.traffic.address),
        "downloads": [_download(one) for one in each.traffic.downloads],
    }


def offer(each: OfferSeen) -> dict[str, Any]:
    """One DHCPOFFER, or the reply of a BOOTP server."""
    message = each.passed.message
    return {
        "at": each.passed.at,
        "message": message.name,
        "xid": message.shown_xid,
        "address": str(message.yiaddr),
        "server_identifier": each.passed.server_identifier and str(each.passed.server_identifier),
        "sender": each.sender.to_json(),
        "taken": each.taken,
        "boots": each.boots and each.boots.url,
    }


def _download(each: Download) -> dict[str, Any]:
    return {
        "at": each.at,
        "ended": each.ended,
        "url": each.url,
        "server": str(each.server),
        "ending": each.ending.value,
        "size": len(each.content),
        "sha256": each.sha256 if each.ending is Ending.WHOLE else None,
    }
