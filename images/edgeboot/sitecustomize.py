"""Makes the capabilities that this process may have those that it has.

Kubernetes gives a user other than root none of ``capabilities.add``: it bounds them, and the file of the
program must have them (capabilities(7)). The file of this image's Python permits them, and does not
switch them on: a program with the effective bit could not be started at all where the Pod does not add
them, and nobody would say why.
"""

import ctypes
import struct

_VERSION_3 = 0x20080522
"""_LINUX_CAPABILITY_VERSION_3: two words of 32 bits for each of effective, permitted, inheritable."""


def _switch_on() -> None:
    libc = ctypes.CDLL(None)
    header = struct.pack("Ii", _VERSION_3, 0)
    sets = ctypes.create_string_buffer(24)
    if libc.capget(header, sets) != 0:
        return
    words = struct.unpack("6I", sets)
    permitted = words[1], words[4]
    if (words[0], words[3]) != permitted:
        wanted = (permitted[0], *words[1:3], permitted[1], *words[4:])
        libc.capset(header, struct.pack("6I", *wanted))


_switch_on()
