"""Unit tests of room spec."""
