"""One question to a BMC, by sushy: its errors as one line that names machine, question, answer and mend.

Basic authentication over TLS: a session would stay at the BMC after a killed run, which has few of them.
A refused password is not tried again: BMCs lock an account after some attempts.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from edgeboot.base.errors import UsageError
from edgeboot.machines.credentials import without
from edgeboot.machines.protocol import MachineError
from edgeboot.machines.redfish.entry import RedfishEntry

E = TypeVar("E", bound=BaseException)


class BmcUnavailable(MachineError):
    """A BMC does not answer, or says that it cannot just now; it may a moment later."""


@contextmanager
def asking(entry: RedfishEntry, asked: str) -> Iterator[Any]:
    """The machine's ComputerSystem, read now; within it every error of sushy's is the machine's.

    Args:
        entry: where it is.
        asked: what the machine is asked, as an error says it: "to power on".

    Raises:
        UsageError: the password or a package is missing.
        BmcUnavailable: the BMC does not answer.
        MachineError: it refuses, or answers what is no Redfish.
    """
    sushy = _library()
    try:
        root = sushy.Sushy(
            entry.url,
            auth=sushy.auth.BasicAuth(entry.username, entry.password),
            verify=str(entry.ca_file) if entry.ca_file else not entry.insecure,
            server_side_retries=1,
            server_side_retries_delay=1,
            read_timeout=entry.answer_within.total_seconds(),
            connect_timeout=entry.answer_within.total_seconds(),
        )
        yield root.get_system(_path(root, entry, asked))
    except sushy.exceptions.SushyError as error:
        raise _as_machine_error(entry, asked, error) from None


def _library() -> Any:
    try:
        import sushy  # noqa: PLC0415 - an optional package
        import sushy.auth  # noqa: PLC0415
        import sushy.exceptions  # noqa: PLC0415
    except ModuleNotFoundError as error:
        hint = "install edgeboot[machines] (make machines does)"
        raise UsageError("kind redfish", f"Python package {error.name} is not installed", hint) from None
    return sushy


def _path(root: Any, entry: RedfishEntry, asked: str) -> str:
    paths: tuple[str, ...] = root.get_system_collection().members_identities
    if entry.system is not None and entry.system in paths:
        return entry.system
    if entry.system is None and len(paths) == 1:
        return paths[0]
    has = f"has {len(paths)} systems ({', '.join(paths)})" if paths else "has no system"
    what = f"{has}, and none is {entry.system}" if entry.system else has
    raise machine_error(entry, asked, what, "state its path as system")


def machine_error(
    entry: RedfishEntry, asked: str, problem: str, hint: str, kind: type[MachineError] = MachineError
) -> MachineError:
    """An error about what the BMC answered, without its password."""
    secrets = (f"{entry.username}:{entry.password}", entry.password)
    text = without(f"was asked {asked}; its BMC {entry.url} {problem}", *secrets)
    return kind(entry.name, " ".join(text.split()), hint)


def _as_machine_error(entry: RedfishEntry, asked: str, error: Exception) -> MachineError:
    from sushy import exceptions  # noqa: PLC0415 - it raised the error

    match error:
        case exceptions.ConnectionError():
            return _unanswered(entry, asked, error)
        case exceptions.AccessError(status_code=403):
            problem = f"does not let {entry.username} do that (HTTP 403: {_detail(error)})"
            return machine_error(
                entry, asked, problem, "give this user the role Operator: Login, ConfigureComponents"
            )
        case exceptions.AccessError():
            problem = f"refuses user {entry.username} (HTTP 401)"
            hint = f"correct username, or the password in {entry.password_place}"
            return machine_error(entry, asked, problem, hint)
        case exceptions.ServerSideError():
            problem = f"answers HTTP {error.status_code}: {_detail(error)}"
            hint = "read the BMC's event log; restart the BMC, which leaves the machine as it is"
            return machine_error(entry, asked, problem, hint, BmcUnavailable)
        case exceptions.HTTPError():
            problem = f"answers HTTP {error.status_code}: {_detail(error)}"
            return machine_error(
                entry, asked, problem, "is url that of a BMC with Redfish, system one of it?"
            )
        case exceptions.InvalidParameterValueError():
            return machine_error(
                entry, asked, f"offers no such thing: {error}", "see what its Redfish offers"
            )
        case _:
            problem = f"answers what is no Redfish of this kind: {error}"
            return machine_error(entry, asked, problem, "is url that of a BMC? else update its firmware")


def _detail(error: Any) -> str:
    return str(error.detail or error.code)


def _unanswered(entry: RedfishEntry, asked: str, error: Exception) -> MachineError:
    import requests  # noqa: PLC0415 - sushy's own
    from urllib3.exceptions import NameResolutionError  # noqa: PLC0415

    seconds = f"{entry.answer_within.total_seconds():g} s"
    reach = "check url, and that this machine reaches the BMC's network"
    untrusted = _inner(error, ssl.SSLCertVerificationError)
    if untrusted is not None:
        return machine_error(entry, asked, *_untrusted(untrusted.verify_message))
    if (alert := _inner(error, ssl.SSLError)) is not None:
        problem = f"does not speak TLS as this machine does ({alert.reason or alert})"
        return machine_error(entry, asked, problem, "is it https on this port? update the BMC's firmware")
    if _inner(error, NameResolutionError) is not None:
        return machine_error(entry, asked, "has a name that nobody knows", "correct url, or use an address")
    if _inner(error, ConnectionRefusedError) is not None:
        problem, hint = "refuses the connection", f"{reach}; is Redfish switched on there?"
    elif _inner(error, requests.exceptions.ConnectTimeout) is not None:
        problem, hint = f"takes no connection within {seconds}", reach
    elif _inner(error, requests.exceptions.ReadTimeout) is not None:
        problem = f"has not answered within {seconds}"
        hint = "allow more by answer_within, or restart the BMC, which leaves the machine as it is"
    else:
        problem, hint = f"ends the connection without an answer ({error.__context__})", reach
    return machine_error(entry, asked, problem, hint, BmcUnavailable)


def _untrusted(reason: str) -> tuple[str, str]:
    problem = f"has a certificate that is not trusted: {reason}"
    if "mismatch" in reason:
        return problem, "state url with the name that the certificate has"
    if "expired" in reason:
        return problem, "renew the BMC's certificate; is its clock, and this machine's, right?"
    return problem, "name the certificate of who signed it as ca_file, or say insecure = true"


def _inner(error: BaseException, kind: type[E]) -> E | None:
    """The first error of that kind among those that an error was made of."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        if isinstance(each, kind):
            return each
        seen.add(id(each))
        waiting += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
    return None
