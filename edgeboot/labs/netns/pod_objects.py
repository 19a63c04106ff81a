"""What a Pod takes from other objects and from itself: ConfigMaps, Secrets, fields; and its environment."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from edgeboot.base.errors import UsageError
from edgeboot.host.container import DEFAULT_PATH
from edgeboot.spec.manifests.deployment import Deployment
from edgeboot.spec.manifests.network import load_node_interfaces
from edgeboot.spec.manifests.pod import ContainerManifest, EnvVar, EnvVarSource

_FIELD_KEY: Final = re.compile(r"metadata\.(labels|annotations)\['([^']+)'\]")
_REFERENCE: Final = re.compile(r"\$(\$)|\$\(([-._a-zA-Z0-9]+)\)")


class Reference(Protocol):
    """A reference to a ConfigMap or Secret."""

    @property
    def name(self) -> str:
        """The object's name."""

    @property
    def optional(self) -> bool:
        """Whether the Pod also starts without it."""


@dataclass(frozen=True, slots=True)
class PodObjects:
    """The objects of a deployment's manifests."""

    deployment: Deployment

    def config_map(self, reference: Reference) -> Mapping[str, str]:
        """Its keys and texts; the candidate's text where that replaces one.

        Raises:
            UsageError: the manifests have none of this name, and it is not optional.
        """
        data = self._data("ConfigMap", reference)
        config = self.deployment.config
        return {
            key: config.text if (reference.name, key) == (config.config_map, config.key) else text
            for key, text in data.items()
        }

    def secret(self, reference: Reference) -> Mapping[str, str]:
        """Its keys and texts, decoded; raises as ``config_map`` does."""
        return self._data("Secret", reference)

    def field(self, path: str) -> str | None:
        """A field of the Pod as the downward API gives it; None for one that only a cluster knows."""
        pod, address = self.deployment.pod, str(load_node_interfaces()[0].address.ip)
        keyed = _FIELD_KEY.fullmatch(path)
        if keyed is not None:
            values: dict[str, str] = getattr(pod.metadata, keyed[1])
            return values.get(keyed[2], "")
        if path in {"metadata.labels", "metadata.annotations"}:
            pairs: dict[str, str] = getattr(pod.metadata, path.partition(".")[2])
            return "\n".join(f'{key}="{value}"' for key, value in sorted(pairs.items()))
        known = {"metadata.name": pod.metadata.name, "metadata.namespace": pod.metadata.namespace}
        return (known | dict.fromkeys(("status.podIP", "status.podIPs", "status.hostIP"), address)).get(path)

    def environment(self, container: ContainerManifest) -> dict[str, str]:
        """The container's variables in the order of the kubelet: envFrom, then env, which may refer back."""
        variables = {"PATH": DEFAULT_PATH}
        for source in container.env_from:
            for reference, read in (
                (source.config_map_ref, self.config_map),
                (source.secret_ref, self.secret),
            ):
                if reference is not None:
                    variables |= {f"{source.prefix}{key}": text for key, text in read(reference).items()}
        for variable in container.env:
            value = self._value(variable, variables)
            if value is not None:
                variables[variable.name] = value
        return variables

    def _value(self, variable: EnvVar, before: Mapping[str, str]) -> str | None:
        source = variable.value_from
        if source is None:
            return expanded(variable.value, before)
        if source.field_ref is not None:
            return self.field(source.field_ref.field_path)
        return next(self._keys(source), None)

    def _keys(self, source: EnvVarSource) -> Iterator[str]:
        for reference, read in (
            (source.config_map_key_ref, self.config_map),
            (source.secret_key_ref, self.secret),
        ):
            if reference is None:
                continue
            data = read(reference)
            if reference.key in data:
                yield data[reference.key]
            elif not reference.optional:
                problem = f"has no key {reference.key}"
                raise UsageError(f"manifests: {reference.name}", problem, f"it has {', '.join(data)}")

    def _data(self, kind: str, reference: Reference) -> dict[str, str]:
        try:
            document = self.deployment.rendered.one(kind, reference.name)
        except KeyError:
            if reference.optional:
                return {}
            raise UsageError(
                f"manifests: {kind} {reference.name}",
                "is in none of them, so the kubelet would not start the container",
                "add it to the overlay, or say optional: true",
            ) from None
        encoded = document.get("data") or {}
        if kind == "ConfigMap":
            return {key: str(text) for key, text in encoded.items()}
        decoded = {key: _decoded(text, reference.name) for key, text in encoded.items()}
        return decoded | {key: str(text) for key, text in (document.get("stringData") or {}).items()}


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """``$(NAME)`` replaced by the variable's value, and ``$$`` by ``$``; an unknown name stays as it is."""
    return _REFERENCE.sub(
        lambda match: "$" if match[1] else variables.get(match[2], match[0]),
        text,
    )


def _decoded(text: object, name: str) -> str:
    try:
        return base64.b64decode(str(text), validate=True).decode("utf-8", errors="surrogateescape")
    except ValueError as error:
        raise UsageError(f"manifests: Secret {name}", f"is not base64 ({error})", "use stringData") from error
