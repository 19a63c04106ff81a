"""``--push URL``: the verdict as metrics to a Pushgateway, for a run that no node_exporter is beside.

A group of the gateway is what one segment's last run has said: each run replaces it as a whole (PUT), so
that neither the figure of an earlier run nor an earlier profile stays beside those of the last.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from http.client import HTTPException, HTTPResponse
from typing import Any, Final, Self
from urllib.error import HTTPError, URLError
from urllib.parse import unquote

from prometheus_client import CollectorRegistry, push_to_gateway
from prometheus_client.exposition import basic_auth_handler, default_handler
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_exponential

from edgeboot.base.errors import EdgebootError, UsageError
from edgeboot.base.gateway_url import gateway_url
from edgeboot.base.in_time import in_time
from edgeboot.report.values import visible

JOB: Final = "edgeboot"
_ALIKE: Final = "profile"
"""The label that tells no group apart: a segment's next profile replaces the last one."""
_ANSWER: Final = 5.0
"""Seconds for the connection, and for each part of the answer."""
_ATTEMPTS: Final = 10.0
"""Seconds after which no further attempt is made: a gateway that restarts is back by then."""
_LIMIT: Final = timedelta(seconds=20)
"""For all of it: ``_ANSWER`` begins anew with each octet, and a name may be looked up for long."""
_REFUSALS: Final = range(300, 500)
_SHOWN: Final = 300
"""Octets of an answer's body."""
_UNCHANGED: Final = "the verdict and the exit status are not changed; Prometheus keeps the last run's metrics"


class NotPushed(EdgebootError):
    """The gateway has not taken the metrics; the run's status is not changed by that."""


@dataclass(frozen=True, slots=True)
class Pushgateway:
    """Where metrics are pushed."""

    url: str
    """Without a user: it is told in errors."""
    user: str | None = None
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, text: str, *, in_environment: bool) -> Self:
        """The gateway at a URL, which may have ``USER:PASSWORD@`` if it is from a variable.

        Raises:
            UsageError: it is no such URL; a password is not repeated.
        """
        url = gateway_url(text)
        _, _, machine = url.netloc.rpartition("@")
        shown = f"{url.scheme}://{machine}{url.path}"
        if url.username is None:
            return cls(shown)
        if not in_environment:
            problem = "has a user, and a command line is shown to everybody on this machine"
            raise UsageError(f"--push {shown}", problem, "put the URL into EDGEBOOT_PUSH")
        return cls(shown, unquote(url.username), unquote(url.password or ""))

    def push(self, metrics: CollectorRegistry, labels: dict[str, str], limit: timedelta = _LIMIT) -> None:
        """Replace the group of these labels by the metrics; no attempt begins after 10 s.

        Raises:
            NotPushed: it cannot be reached, refuses them, or has not answered within the limit.
        """
        group = {name: value for name, value in labels.items() if name != _ALIKE}
        try:
            in_time(lambda: self._replace(group, metrics), limit)
        except TimeoutError:
            raise self._error(f"has not answered to its end within {limit.total_seconds():g} s") from None

    def _replace(self, group: dict[str, str], metrics: CollectorRegistry) -> None:
        handler = default_handler
        if self.user is not None:
            handler = partial(basic_auth_handler, username=self.user, password=self.password)
        retrying = Retrying(
            retry=retry_if_exception(_may_pass),
            wait=wait_exponential(multiplier=0.1, max=2),
            stop=stop_after_delay(_ATTEMPTS),
            reraise=True,
        )
        try:
            retrying(_push, self.url, metrics, group, handler)
        except (OSError, HTTPException, ValueError) as error:
            raise self._error(_problem(error)) from None

    def _error(self, problem: str) -> NotPushed:
        """In one line that can be seen, whatever the gateway has sent."""
        return NotPushed(f"--push {self.url}", " ".join(visible(problem).split()), _UNCHANGED)


class _Refused(OSError):
    """An answer that is none of success, as it is told."""

    def __init__(self, answer: HTTPError) -> None:
        self.code = answer.code
        said = ""
        with suppress(OSError, HTTPException, ValueError):  # It may never come.
            if isinstance(answer.fp, HTTPResponse):
                said = answer.fp.read1(_SHOWN).decode(errors="replace").strip().partition("\n")[0]
        told = f", saying {said!r}" if said not in {"", answer.reason} else ""
        super().__init__(f"answered {self.code} {answer.reason}{_leading(answer)}{told}")


def _push(url: str, metrics: CollectorRegistry, group: dict[str, str], handler: Any) -> None:
    try:
        push_to_gateway(url, JOB, metrics, group, timeout=_ANSWER, handler=handler)
    except HTTPError as answer:
        with answer:
            raise _Refused(answer) from None


def _leading(redirection: HTTPError) -> str:
    """Where it leads, without a user: metrics are not sent elsewhere than was asked."""
    leads = redirection.headers.get("Location")
    if not leads:
        return ""
    scheme, mark, place = leads.partition("://")
    return f", leading to {scheme + mark + place.rpartition('@')[2]!r}"


def _may_pass(error: BaseException) -> bool:
    """Whether another attempt may succeed: the gateway is away, not against it."""
    return isinstance(error, OSError) and not (isinstance(error, _Refused) and error.code in _REFUSALS)


def _problem(error: Exception) -> str:
    if isinstance(error, _Refused):
        return str(error)
    reason = error.reason if isinstance(error, URLError) else error
    words = (isinstance(reason, OSError) and reason.strerror) or str(reason) or type(reason).__name__
    return f"{'cannot be reached' if isinstance(error, OSError) else 'answers no HTTP'} ({words})"
