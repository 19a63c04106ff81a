"""Why a server by HTTP or HTTPS brought no file: no connection to it, or no TLS in it."""

from __future__ import annotations

from collections.abc import Iterator

from edgeboot.report.machine_boot.diagnoses.attempt import Attempt
from edgeboot.report.machine_boot.diagnoses.diagnosis import Certainty, Diagnosis, Evidence
from edgeboot.report.machine_boot.diagnoses.kind import DiagnosisKind as Kind
from edgeboot.report.machine_boot.dialled import Dialled


def about_connections(attempt: Attempt) -> Iterator[Diagnosis]:
    """Of each server and port the last connection, where that led to nothing."""
    every = {(each.server, each.port): each for each in attempt.traffic.dialled}
    for each in every.values():
        if each.syns[-1].at < attempt.fetched_until:
            continue
        if each.opened is None and each.refused is not None:
            yield _refused(each)
        elif each.opened is None and attempt.is_over(each.syns[0].at):
            yield _silent(attempt, each)
        elif each.alert is not None and each.alert_code:
            yield _alert(each)
        elif each.hello is not None and each.answer is None and _was_left(attempt, each):
            yield _no_tls(each)


def _was_left(attempt: Attempt, each: Dialled) -> bool:
    return each.refused is not None or (each.hello is not None and attempt.is_over(each.hello.at))


def _refused(each: Dialled) -> Diagnosis:
    told = f"{each.server} refuses connections to its TCP port {each.port} (RST)"
    needed = f"a web server on TCP port {each.port} of {each.server}"
    return _diagnosis(Kind.CONNECTION_REFUSED, each, told, needed, Certainty.CERTAIN)


def _silent(attempt: Attempt, each: Dialled) -> Diagnosis:
    """For certain where its last SYN had no answer either: a server that starts late answers that."""
    told = f"{each.server} did not answer {len(each.syns)} SYNs to its TCP port {each.port}"
    needed = f"a web server on TCP port {each.port} of {each.server}, and no firewall before it"
    certainty = Certainty.CERTAIN if attempt.is_over(each.syns[-1].at) else Certainty.LIKELY
    return _diagnosis(Kind.CONNECTION_SILENT, each, told, needed, certainty)


def _alert(each: Dialled) -> Diagnosis:
    who = "it refused the server" if each.own_alert else f"{each.server} refused it"
    told = f"TLS with port {each.port} of {each.server}: {who} by the alert {each.alert_name}"
    by_certificate = "a certificate that this client trusts, by its embedded CA and its clock"
    by_cipher = "a version and a cipher that this client has"
    needed = by_certificate if each.own_alert else by_cipher
    return _diagnosis(Kind.TLS_REFUSED, each, told, needed, Certainty.CERTAIN)


def _no_tls(each: Dialled) -> Diagnosis:
    ended = ": the connection was reset" if each.refused is not None else ""
    told = f"port {each.port} of {each.server} did not answer its TLS ClientHello{ended}"
    needed = f"a server that speaks TLS on port {each.port}"
    return _diagnosis(Kind.TLS_SILENT, each, told, needed, Certainty.CERTAIN)


def _diagnosis(kind: Kind, each: Dialled, told: str, needed: str, certainty: Certainty) -> Diagnosis:
    packets = [(one, "SYN") for one in each.syns]
    marks = ((each.opened, "SYN, ACK"), (each.hello, "ClientHello"), (each.answer, "the first answer"))
    packets += [(one, what) for one, what in (*marks, (each.alert, "alert"), (each.refused, "RST")) if one]
    shown = tuple(Evidence(one.number, one.at, what) for one, what in packets)
    return Diagnosis(kind, told, needed, certainty, shown, "boot_file", None)
