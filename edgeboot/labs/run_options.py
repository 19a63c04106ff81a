"""The options of a run, as data: those that do not depend on the lab, and each lab's."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from edgeboot.labs.kind.options import NAME as KIND
from edgeboot.labs.kind.options import OPTIONS as KIND_OPTIONS
from edgeboot.labs.netns.options import NAME as NETNS
from edgeboot.labs.netns.options import OPTIONS as NETNS_OPTIONS
from edgeboot.labs.options import LabOption
from edgeboot.labs.orchestrator.options import NAME as ORCHESTRATOR
from edgeboot.labs.orchestrator.options import OPTIONS as ORCHESTRATOR_OPTIONS

AUTO: Final = "auto"
LAB_OPTIONS: Final = MappingProxyType(
    {NETNS: NETNS_OPTIONS, KIND: KIND_OPTIONS, ORCHESTRATOR: ORCHESTRATOR_OPTIONS}
)
"""Each lab's own options by its name, as the registry has them: ``--help`` needs no lab."""
RUN_OPTIONS: Final = (
    LabOption("lab", f"where the tests run: {AUTO}, {', '.join(LAB_OPTIONS)}", default=AUTO),
    LabOption("profile", "what is deployed: a directory of manifests/dhcp-server/overlays", default="poc"),
    LabOption("segment", "name of the segment that is verified, for result, metrics and report --history"),
    LabOption("contract", "what an edge node must get: a TOML file in place of contracts/PROFILE.toml"),
    LabOption("dhcp-config", "a candidate dnsmasq.conf in place of the profile's"),
    LabOption("boot-file", "your own boot file, for the lab's boot server (default: Debian's iPXE)"),
    LabOption("machines", "file with a site's machines that may be powered on (docs/machines.md)"),
    LabOption("machine", "only this machine of --machines; may be given several times", repeated=True),
    LabOption("fuzz-seed", "the number the generated malformed messages are made from (default: a new one)"),
    LabOption(
        "evidence", "directory for the report, and pcaps and logs of failed tests (default: evidence/)"
    ),
    LabOption("evidence-all", "keep the evidence of tests that pass, too", switch=True),
    LabOption("whole-addresses", "tell the MAC addresses of a site's other machines whole", switch=True),
    LabOption("show-packets", "print what tests that pass have sent and received, too", switch=True),
    LabOption(
        "keep-lab",
        "leave the lab standing at the end, and say how to look into it (netns, kind)",
        switch=True,
    ),
    LabOption("metrics", "file for the verdict in Prometheus' text format, for node_exporter"),
    LabOption("push", "URL of a Pushgateway that gets the same; a user and password only by the variable"),
    LabOption(
        "github",
        "annotations for GitHub Actions; by themselves, and with a summary, where GITHUB_STEP_SUMMARY is set",
        switch=True,
    ),
    LabOption("report", "file for a copy of the run's report.html"),
    LabOption("no-triage", "run every test, whatever the first ones have shown", switch=True),
    LabOption("budget", "time for the run, such as 90s or 10m; what is left then is not run (netns: 5m)"),
    LabOption("result", "file for what came of the run, as JSON for a machine to read"),
    LabOption("termination-message", "file for the verdict in 4 KB of JSON, such as /dev/termination-log"),
)


def every_option() -> Iterator[LabOption]:
    """The run's options, then each lab's; an option of several labs comes once, as the last lab's."""
    named: dict[str, LabOption] = {option.name: option for option in RUN_OPTIONS}
    for options in LAB_OPTIONS.values():
        named |= {option.name: option for option in options}
    yield from named.values()
