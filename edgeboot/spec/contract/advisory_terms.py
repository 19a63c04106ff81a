"""Contract terms about advisories: how the run reports a finding that breaks no term."""

from __future__ import annotations

from enum import Enum

from edgeboot.base.strict_model import StrictModel


class AdvisoryLevel(Enum):
    """The effect of an advisory, a finding that violates no contract field, on the run."""

    ADVISE = "advise"
    ERROR = "error"


class Advisories(StrictModel):
    """The level of each advisory (``edgeboot.report.advisories``, ``lease_advisory``)."""

    no_domain_name_server: AdvisoryLevel = AdvisoryLevel.ADVISE
    router_is_the_dhcp_server: AdvisoryLevel = AdvisoryLevel.ADVISE
    ipxe_reloads_itself: AdvisoryLevel = AdvisoryLevel.ADVISE
    unreachable_host: AdvisoryLevel = AdvisoryLevel.ERROR
    one_file_for_all_architectures: AdvisoryLevel = AdvisoryLevel.ADVISE
    leases_end_with_the_container: AdvisoryLevel = AdvisoryLevel.ADVISE
