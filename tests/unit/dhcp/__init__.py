"""Unit tests of room dhcp."""
