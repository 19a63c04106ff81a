"""Tests of the room machines, its virtual machines by QEMU."""
