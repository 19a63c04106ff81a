"""Unit tests of room host."""
