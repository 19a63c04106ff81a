"""Access to an existing cluster: by a kubeconfig or from a Pod, with exactly the rights a run needs there."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar

import urllib3
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException

from edgeboot.base.errors import LabError, UsageError
from edgeboot.server.pod.api import none_if_absent, refusal_reason
from edgeboot.server.pod.rights import Right

T = TypeVar("T")

_ROLES: Final = "kubectl apply -f manifests/rbac"
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403


_PATIENCE: Final = urllib3.Retry(
    total=11,
    backoff_factor=0.5,
    backoff_max=5,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods={"GET"},
    raise_on_status=False,
)
"""Some 40 s, for which a Lease is held without the API server, too."""


@dataclass(frozen=True)
class Access:
    """One namespace of one cluster, as one user."""

    kubeconfig: str | None
    """The files, in the form of ``$KUBECONFIG``; None for the service account of the Pod that this is in."""
    context: str | None
    namespace: str

    def to_json(self) -> dict[str, Any]:
        """For a journal: no credentials, but where they are."""
        return {"namespace": self.namespace, "kubeconfig": self.kubeconfig, "context": self.context}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """Of ``to_json``; raises KeyError without its fields."""
        return cls(fields["kubeconfig"], fields["context"], str(fields["namespace"]))

    @property
    def place(self) -> str:
        """For messages."""
        if self.kubeconfig is None:
            return "cluster that this Pod is in"
        return f"cluster of {self.kubeconfig}" + (f", context {self.context}" if self.context else "")

    def api(self) -> client.ApiClient:
        """A client of the API server; its own connection pool, so one per thread.

        Raises:
            UsageError: the kubeconfig or the context does not exist, or cannot be read; or this is in no Pod.
        """
        settings = client.Configuration()
        if self.kubeconfig is None:
            _of_the_pod(settings)
        else:
            _of_kubeconfig(self.kubeconfig, self.context, settings)
        settings.retries = urllib3.Retry(0)
        return client.ApiClient(settings)

    def core(self) -> client.CoreV1Api:
        """The core API."""
        return client.CoreV1Api(self.api())

    def patient_core(self) -> client.CoreV1Api:
        """The core API for questions in the middle of a run: they outlast an API server's restart."""
        api = self.api()
        api.configuration.retries = _PATIENCE
        return client.CoreV1Api(client.ApiClient(api.configuration))

    def do(self, right: Right, act: Callable[[], T]) -> T:
        """Call the API for something that needs this right; returns what it returns.

        Raises:
            LabError: it is refused, or the API server does not answer.
        """
        try:
            return act()
        except (ApiException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._refused(right, error) from error

    def find(self, right: Right, act: Callable[[], T]) -> T | None:
        """As ``do``; None where the object does not exist."""
        return self.do(right, lambda: none_if_absent(act))

    def check(self, rights: tuple[Right, ...], named: Mapping[Right, str] | None = None) -> None:
        """Check that the user has these rights and the namespace exists; nothing is changed.

        Args:
            rights: what is needed.
            named: those needed for one object only, by its name: a Role may grant them for that alone.

        Raises:
            LabError: the API server does not answer or does not know the user, the namespace is
                missing, or a right is.
        """
        reviews, of = client.AuthorizationV1Api(self.api()), named or {}
        lacking = [right for right in rights if not self._allowed(reviews, right, of.get(right))]
        if Right.GET_NAMESPACE not in lacking:
            core = self.core()
            there = self.find(Right.GET_NAMESPACE, lambda: core.read_namespace(self.namespace))
            if there is None:
                raise LabError(
                    f"namespace {self.namespace}",
                    f"is not in the {self.place}",
                    f"kubectl create namespace {self.namespace}, or name another with --namespace",
                )
        if lacking:
            refused = ", ".join(f"{right} {of.get(right, '')}".rstrip() for right in lacking)
            problem = f"its user may not {refused} in namespace {self.namespace}"
            if Right.GET_NAMESPACE in lacking:
                problem += " (or there is no such namespace)"
            raise LabError(self.place, problem, f"{_ROLES}, or name another with --namespace")

    def _allowed(self, reviews: Any, right: Right, name: str | None) -> bool:
        asked = client.V1ResourceAttributes(
            namespace=self.namespace,
            verb=right.verb,
            group=right.group or None,
            resource=right.resource,
            subresource=right.subresource or None,
            name=name,
        )
        body = client.V1SelfSubjectAccessReview(
            spec=client.V1SelfSubjectAccessReviewSpec(resource_attributes=asked)
        )
        review = self.do(right, lambda: reviews.create_self_subject_access_review(body))
        return bool(review.status.allowed)

    def _refused(self, right: Right, error: Exception) -> LabError:
        if isinstance(error, ApiException):
            if error.status == _UNAUTHORIZED:
                problem = (
                    "does not accept its user: the token or certificate has expired or was revoked (401)"
                )
                return LabError(self.place, problem, self._renew)
            if error.status == _FORBIDDEN:
                problem = f"its user may not {right} in namespace {self.namespace} ({refusal_reason(error)})"
                return LabError(self.place, problem, _ROLES)
            hint = "see kubectl describe"
            return LabError(
                f"{right} in namespace {self.namespace}", f"is refused ({refusal_reason(error)})", hint
            )
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLError):
            return LabError(self.place, f"its certificate is not accepted ({reason})", self._renew)
        problem = f"its API server does not answer ({reason})"
        in_a_pod = self.kubeconfig is None
        return LabError(
            self.place, problem, f"is it up{'' if in_a_pod else ', and this the right kubeconfig'}?"
        )

    @property
    def _renew(self) -> str:
        """What mends credentials that are accepted no more."""
        return "get a new kubeconfig" if self.kubeconfig is not None else "start the Pod anew"


def _of_kubeconfig(kubeconfig: str, context: str | None, settings: Any) -> None:
    try:
        config.load_kube_config(kubeconfig, context, client_configuration=settings)
    except config.ConfigException as error:
        raise UsageError(
            f"--kubeconfig {kubeconfig}",
            f"cannot be used ({error})",
            "name a kubeconfig, and one of its contexts with --context",
        ) from error


def _of_the_pod(settings: Any) -> None:
    """The token is read again every minute: the kubelet replaces it before it expires."""
    try:
        config.load_incluster_config(client_configuration=settings)
    except config.ConfigException as error:
        problem = f"was not named, and this is in no Pod with a service account ({error})"
        raise UsageError(
            "--kubeconfig", problem, "name a kubeconfig, or run it in that Pod's cluster"
        ) from error
