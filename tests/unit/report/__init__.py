"""Unit tests of room report."""
