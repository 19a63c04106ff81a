"""Reads the packet filter of the caller's network namespace."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Final

from edgeboot.host.command import find_program, output
from edgeboot.host.packet_filter import iptables, nft
from edgeboot.host.packet_filter.ruleset import Chain

_LIBRARY: Final = "libnftables.so.1"
"""What nft(8) is made of; a machine may have it without the program."""
_LIST: Final = "list ruleset"


def read_packet_filter() -> tuple[Chain, ...] | None:
    """The chains of nftables and of iptables' older form; None where nothing can list them."""
    listed = _nftables()
    chains = [] if listed is None else list(nft.parse(listed))
    for program in ("iptables-legacy-save", *(["iptables-save"] if listed is None else [])):
        with suppress(OSError):
            chains += iptables.parse(output(program, "-c"))
            listed = listed or ""
    return None if listed is None else tuple(chains)


def _nftables() -> str | None:
    program = find_program("nft")
    if program is not None:
        with suppress(OSError):
            return output(program, *_LIST.split())
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError:
        return None
    library.nft_ctx_new.restype = ctypes.c_void_p
    library.nft_ctx_get_output_buffer.restype = ctypes.c_char_p
    context = ctypes.c_void_p(library.nft_ctx_new(ctypes.c_uint32(0)))
    try:
        library.nft_ctx_buffer_output(context)
        library.nft_ctx_buffer_error(context)
        if library.nft_run_cmd_from_buffer(context, _LIST.encode()) != 0:
            return None
        return bytes(library.nft_ctx_get_output_buffer(context)).decode(errors="replace")
    finally:
        library.nft_ctx_free(context)
