"""Unit tests of host.wire.capture."""
