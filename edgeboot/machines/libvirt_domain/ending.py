"""The end of a virtual machine of libvirt's, which may come by itself at the same time."""

from __future__ import annotations

from typing import Any


def end_at_once(domain: Any) -> None:
    """End it, if it runs; raises libvirtError where libvirt refuses."""
    import libvirt  # noqa: PLC0415 - of the kind extras

    if not domain.isActive():
        return
    try:
        domain.destroy()
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_OPERATION_INVALID or domain.isActive():
            raise
