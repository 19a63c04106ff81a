"""Unit tests of room base."""
