"""Virtual machines of this machine by QEMU, with real firmware, each with one network card."""
