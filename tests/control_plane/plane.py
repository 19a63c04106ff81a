"""etcd, kube-apiserver, kube-controller-manager and kube-scheduler as processes on loopback.

The programs are those of the kind node's image (``make kind-image`` builds them: one binary that behaves as
the program whose name it is called by). There is no kubelet: whoever uses it makes nodes and says what
became of their Pods (``tests.control_plane.kubelet``).
"""

from __future__ import annotations

import secrets
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from edgeboot.base.deadline import Wait, eventually
from edgeboot.base.errors import LabError
from edgeboot.base.paths import cache_directory

_LOOPBACK: Final = "127.0.0.1"
_PROGRAMS: Final = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
_CONTROLLERS: Final = (
    "job-controller",
    "cronjob-controller",
    "ttl-after-finished-controller",
    "garbage-collector-controller",
    "namespace-controller",
    "pod-garbage-collector-controller",
    "persistentvolume-binder-controller",
    "serviceaccount-controller",
    "serviceaccount-token-controller",
    "root-ca-certificate-publisher-controller",
)
"""Those that Jobs need. None looks after nodes: without a kubelet they would soon be unreachable."""


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """A control plane that answers."""

    directory: Path
    """With ``kubeconfig`` (of an administrator), each program's log, etcd's data and ``bin``."""
    etcd: str
    """The URL of etcd, which asks for no certificate."""
    pids: dict[str, int]
    """Of each program, by its name."""

    @property
    def kubeconfig(self) -> Path:
        """An administrator's."""
        return self.directory / "kubeconfig"

    def kubectl(self, *arguments: str, content: str | None = None) -> str:
        """What kubectl prints; ``content`` is its standard input.

        Raises:
            ChildProcessError: it is refused; the text is its standard error.
        """
        command = [str(self.directory / "bin" / "kubectl"), f"--kubeconfig={self.kubeconfig}", *arguments]
        finished = subprocess.run(command, input=content, capture_output=True, text=True, check=False)
        if finished.returncode:
            raise ChildProcessError(finished.stderr.strip())
        return finished.stdout


def kubectl_program() -> Path:
    """kubectl, which is the binary of all programs by that name, as ``make kind-image`` has left it.

    Raises:
        LabError: it is not there.
    """
    program = cache_directory() / "kind-node" / "bin" / "kubectl"
    if not program.exists():
        raise LabError("the control plane's programs", "are not in the cache", "run make kind-image")
    return program


@contextmanager
def control_plane(directory: Path, *, manager: tuple[str, ...] = ()) -> Iterator[ControlPlane]:
    """A control plane that is ready on return and has ended afterwards, whatever ends this process.

    Args:
        directory: for its files; whoever made it removes it.
        manager: further options of kube-controller-manager, such as ``--kube-api-qps=200``.

    Raises:
        LabError: the programs are not there, or a program does not come up.
    """
    binary = kubectl_program().resolve()
    directory.mkdir(mode=0o700, parents=True)  # It has an administrator's token; etcd asks for none at all.
    (directory / "bin").mkdir()
    for name in _PROGRAMS:
        (directory / "bin" / name).symlink_to(binary)
    client, peer, server = _free_ports(3)
    etcd = f"http://{_LOOPBACK}:{client}"
    token = secrets.token_hex(16)
    _write_credentials(directory, token, server)
    pids: dict[str, int] = {}
    with ExitStack() as running:
        for name, arguments in {
            "etcd": _etcd(directory, etcd, f"http://{_LOOPBACK}:{peer}"),
            "kube-apiserver": _api_server(directory, etcd, server),
            "kube-controller-manager": (*_manager(directory), *manager),
            "kube-scheduler": (f"--kubeconfig={directory / 'kubeconfig'}", *_ALONE),
        }.items():
            pids[name] = running.enter_context(_process(directory, name, *arguments))
            if name == "kube-apiserver":
                url = f"https://{_LOOPBACK}:{server}/readyz"
                hint = f"read {directory}/kube-apiserver.log"
                eventually("the API server's readiness", partial(_answers, url, token), Wait.CLUSTER, hint)
        yield ControlPlane(directory, etcd, pids)


_ALONE: Final = ("--leader-elect=false", "--secure-port=0")


def _etcd(directory: Path, client: str, peer: str) -> tuple[str, ...]:
    return (
        f"--data-dir={directory / 'etcd'}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
        "--unsafe-no-fsync",
        "--quota-backend-bytes=8589934592",
    )


def _api_server(directory: Path, etcd: str, port: int) -> tuple[str, ...]:
    key = directory / "service-account.key"
    return (
        f"--etcd-servers={etcd}",
        f"--bind-address={_LOOPBACK}",
        f"--advertise-address={_LOOPBACK}",
        f"--secure-port={port}",
        f"--cert-dir={directory / 'certificates'}",
        f"--token-auth-file={directory / 'tokens.csv'}",
        f"--service-account-key-file={key}",
        f"--service-account-signing-key-file={key}",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--endpoint-reconciler-type=none",  # It refuses an address of loopback.
        "--allow-privileged",
    )


def _manager(directory: Path) -> tuple[str, ...]:
    return (
        f"--kubeconfig={directory / 'kubeconfig'}",
        f"--service-account-private-key-file={directory / 'service-account.key'}",
        f"--root-ca-file={directory / 'certificates' / 'apiserver.crt'}",
        f"--controllers={','.join(_CONTROLLERS)}",
        *_ALONE,
    )


def _write_credentials(directory: Path, token: str, port: int) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / "service-account.key").write_bytes(key)
    (directory / "tokens.csv").write_text(f"{token},admin,admin,system:masters\n", encoding="utf-8")
    certificate = str(directory / "certificates" / "apiserver.crt")
    cluster = {"server": f"https://{_LOOPBACK}:{port}", "certificate-authority": certificate}
    kubeconfig = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "loopback", "cluster": cluster}],
        "users": [{"name": "admin", "user": {"token": token}}],
        "contexts": [{"name": "loopback", "context": {"cluster": "loopback", "user": "admin"}}],
        "current-context": "loopback",
    }
    (directory / "kubeconfig").write_text(yaml.safe_dump(kubeconfig), encoding="utf-8")


@contextmanager
def _process(directory: Path, name: str, *arguments: str) -> Iterator[int]:
    """The program's process id; it ends with this process, also where that is killed."""
    command = ["setpriv", "--pdeathsig=KILL", str(directory / "bin" / name), *arguments]
    with (directory / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=directory)
    try:
        yield process.pid
    finally:
        process.kill()  # Its data go with the directory: there is nothing to end in order.
        process.wait()


def _answers(url: str, token: str) -> bool | None:
    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    try:
        urllib.request.urlopen(request, context=unverified).close()  # noqa: S310 - a URL of our own
    except (urllib.error.URLError, OSError):
        return None
    return True


def _free_ports(number: int) -> list[int]:
    """Ports of loopback that nobody listened on a moment ago."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind((_LOOPBACK, 0))
        return [int(each.getsockname()[1]) for each in sockets]
