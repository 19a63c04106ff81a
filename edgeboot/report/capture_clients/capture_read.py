"""A capture that was read: how much it holds, and the story of each client in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from edgeboot.base.mac import MacAddress
from edgeboot.report.capture_clients.end import End, end_of
from edgeboot.report.capture_clients.story import ClientStory
from edgeboot.report.findings import Finding


@dataclass(frozen=True)
class CaptureRead:
    """One capture file, or what a segment was heard to say; times are in seconds since the epoch."""

    name: str
    """As it was given; the file, or the interface."""
    stories: tuple[ClientStory, ...]
    packets: int
    began: float = 0.0
    ended: float = 0.0
    notes: tuple[str, ...] = ()
    """About the capture as a whole, such as that it was cut off."""
    findings: Mapping[MacAddress, tuple[Finding, ...]] = field(default_factory=dict)
    """Of each client, in what the replies to it differ from a contract; empty where none was given."""

    @property
    def ends(self) -> frozenset[End]:
        """How its clients' boots ended."""
        return frozenset(map(end_of, self.stories))

    @property
    def wanting(self) -> bool:
        """Whether a client did not boot, what it asked for was refused to it, or replies differ."""
        return any(each.is_wanting for each in self.ends) or any(self.findings.values())

    def differs(self, story: ClientStory) -> tuple[Finding, ...]:
        """In what the replies to a client differ from the contract."""
        return self.findings.get(story.mac, ())

    def of_client(self, mac: MacAddress) -> CaptureRead:
        """With this client alone; a note says where the capture has it not."""
        stories = tuple(each for each in self.stories if each.mac == mac)
        notes = self.notes if stories else (*self.notes, f"{mac} does not ask by DHCP in it")
        findings = {each.mac: self.differs(each) for each in stories}
        return replace(self, stories=stories, notes=notes, findings=findings)
