"""Probes and lifecycle hooks of a container, with the defaults of the API server.

Source: Kubernetes API reference, core/v1 Probe and Lifecycle; "Configure Liveness, Readiness
and Startup Probes"; "Container Lifecycle Hooks".
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

from pydantic import Field

from edgeboot.spec.manifests.kubernetes_object import KubernetesObject


class ProbeKind(Enum):
    """What a probe decides, by the name of its field."""

    STARTUP = "startupProbe"
    """Until it has succeeded, the others are not made; when it has failed, the container is killed."""
    LIVENESS = "livenessProbe"
    """When it has failed, the container is killed."""
    READINESS = "readinessProbe"
    """When it has failed, the Pod is not ready: a rollout waits, and a Service leaves it out."""


class ExecAction(KubernetesObject):
    """A command inside the container; status 0 is success."""

    command: tuple[str, ...] = Field(min_length=1)

    def __str__(self) -> str:
        return f"exec {' '.join(self.command)}"


class TcpSocketAction(KubernetesObject):
    """A TCP connection; success once it is open."""

    port: int | str
    host: str | None = None

    def __str__(self) -> str:
        return f"tcpSocket {self.host}:{self.port}" if self.host else f"tcpSocket port {self.port}"


class HttpHeader(KubernetesObject):
    """One header of the request."""

    name: str
    value: str


class HttpGetAction(KubernetesObject):
    """A GET; a status from 200 to 399 is success."""

    port: int | str
    path: str = "/"
    host: str | None = None
    scheme: Literal["HTTP", "HTTPS"] = "HTTP"
    http_headers: tuple[HttpHeader, ...] = ()

    def __str__(self) -> str:
        where = f"{self.host}:{self.port}" if self.host else f"port {self.port}"
        return f"httpGet {self.scheme} {where} {self.path}"


class SleepAction(KubernetesObject):
    """A pause; of a lifecycle hook only."""

    seconds: int = Field(ge=0)

    def __str__(self) -> str:
        return f"sleep {self.seconds} s"


class Handler(KubernetesObject):
    """What is done: one of its fields is set; none of them where the lab knows no such action."""

    exec: ExecAction | None = None
    tcp_socket: TcpSocketAction | None = None
    http_get: HttpGetAction | None = None

    @property
    def action(self) -> ExecAction | TcpSocketAction | HttpGetAction | None:
        """The action that is set; None for another than these three, such as grpc."""
        return self.exec or self.tcp_socket or self.http_get


class Hook(Handler):
    """A lifecycle hook."""

    sleep: SleepAction | None = None


class Probe(Handler):
    """One probe; times are in seconds."""

    initial_delay_seconds: int = Field(default=0, ge=0)
    timeout_seconds: int = Field(default=1, ge=1)
    period_seconds: int = Field(default=10, ge=1)
    success_threshold: int = Field(default=1, ge=1)
    failure_threshold: int = Field(default=3, ge=1)
    termination_grace_period_seconds: int | None = None


class Lifecycle(KubernetesObject):
    """The hooks of a container."""

    post_start: Hook | None = None
    """When it fails, the container is killed."""
    pre_stop: Hook | None = None
    """Before SIGTERM; within the grace period."""
