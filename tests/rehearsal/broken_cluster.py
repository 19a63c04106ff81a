"""Defects of a cluster, or of an operator's access to it; a context manager each."""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from edgeboot.host.docker import docker
from tests.rehearsal.operator import RunOptions
from tests.rehearsal.site import Site, bind_role, site_server

Breakage = Callable[[Site, Path], AbstractContextManager[RunOptions]]
_PKI: Final = "/etc/kubernetes/pki"
_HOUR: Final = 3600
_LEASE: Final = "dhcp-range=192.168.99.100,192.168.99.200,255.255.255.0,12h"


@contextmanager
def pod_deployed(site: Site, directory: Path) -> Iterator[RunOptions]:
    """The site's owner has deployed the Pod already, with a lease time of one hour."""
    config = directory / "owner.conf"
    config.write_text(f"port=0\ninterface=ens3\nbind-interfaces\n{_LEASE.replace('12h', '1h')}\n")
    with site_server(site, config=config.read_text()):
        yield RunOptions()


def without_permission(verb: str, resource: str) -> Breakage:
    """The operator's Role lacks one verb of one resource."""

    @contextmanager
    def broken(site: Site, _: Path) -> Iterator[RunOptions]:
        bind_role(site.cluster, "deploy", without=(verb, resource))
        try:
            yield RunOptions()
        finally:
            bind_role(site.cluster, "deploy")

    return broken


@contextmanager
def expired_token(site: Site, directory: Path) -> Iterator[RunOptions]:
    """The account's token, expired an hour ago: signed again with the cluster's key."""
    config = _kubeconfig(site.kubeconfig)
    header, payload, _ = config["users"][0]["user"]["token"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    now = int(time.time())
    claims |= {"iat": now - 2 * _HOUR, "nbf": now - 2 * _HOUR, "exp": now - _HOUR}
    signed = f"{header}.{_base64url(json.dumps(claims).encode())}"
    key = _from_node(site, "sa.key", directory)
    signature = _openssl("dgst", "-sha256", "-sign", key, text=signed)
    config["users"] = [_user({"token": f"{signed}.{_base64url(signature)}"})]
    yield _options_with(config, directory)


@contextmanager
def expired_certificate(site: Site, directory: Path) -> Iterator[RunOptions]:
    """A client certificate of the cluster's CA with a validity of zero days."""
    key, request, certificate = (str(directory / name) for name in ("key", "csr", "crt"))
    authority = [
        "-CA",
        _from_node(site, "ca.crt", directory),
        "-CAkey",
        _from_node(site, "ca.key", directory),
    ]
    _openssl(
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=nightly",
        "-keyout",
        key,
        "-out",
        request,
    )
    _openssl(
        "x509", "-req", "-in", request, *authority, "-set_serial", "1", "-days", "0", "-out", certificate
    )
    config = _kubeconfig(site.kubeconfig)
    config["users"] = [_user({"client-certificate": certificate, "client-key": key})]
    yield _options_with(config, directory)


@contextmanager
def api_server_unreachable(site: Site, directory: Path) -> Iterator[RunOptions]:
    """The kubeconfig names a port on which nothing listens."""
    config = _kubeconfig(site.kubeconfig)
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    yield _options_with(config, directory)


@contextmanager
def admin_kubeconfig(site: Site, _: Path) -> Iterator[RunOptions]:
    """A kubeconfig that may see all namespaces, with the name of a missing one."""
    yield RunOptions((f"--kubeconfig={site.cluster.kubeconfig}", "--namespace=absent"))


def _kubeconfig(path: Path) -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return config


def _user(credentials: dict[str, str]) -> dict[str, Any]:
    return {"name": "edgeboot", "user": credentials}


def _options_with(config: dict[str, Any], directory: Path) -> RunOptions:
    path = directory / "broken-kubeconfig"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return RunOptions((f"--kubeconfig={path}",))


def _from_node(site: Site, name: str, directory: Path) -> str:
    path = directory / name
    path.write_text(docker("exec", site.cluster.node, "cat", f"{_PKI}/{name}"), encoding="ascii")
    return str(path)


def _openssl(*arguments: str, text: str = "") -> bytes:
    return subprocess.run(
        ["openssl", *arguments], input=text.encode(), capture_output=True, check=True
    ).stdout


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
